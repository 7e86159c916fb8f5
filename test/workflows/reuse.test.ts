import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { preprocessedPrefix, rawKey, rawPrefix, versionKey } from '../../src/dataset/model/layout.js';
import type { DatasetSettings } from '../../src/dataset/model/settings.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { picture, zipOf } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import { withCrcOf } from '../support/crc-twin.js';
import { versionImagesOf } from '../support/json-lines.js';
import { SMALL_DATASET, startTestPipeline, type TestPipeline } from '../support/pipeline.js';
import { type Recorded, startRecordingProxy } from '../support/recording-proxy.js';
import { makeVersion } from '../support/versions.js';

const IMAGES = 12;
const CAPPED: DatasetSettings = { ...SMALL_DATASET, perClassCap: 5 };

type Pictures = readonly { readonly name: string; readonly bytes: Buffer }[];

/** The archive of these pictures, each with a box of one of two classes. */
async function archiveOf(pictures: Pictures): Promise<Buffer> {
  const coco = {
    images: pictures.map(({ name }, id) => ({ id, file_name: name, width: 96, height: 80 })),
    annotations: pictures.map((_, id) => ({ id, image_id: id, category_id: id % 2, bbox: [4, 5, 24, 30] })),
    categories: [0, 1].map((id) => ({ id, name: `class-${id}` })),
  };
  const files = Object.fromEntries(pictures.map(({ name, bytes }) => [name, bytes]));
  return await zipOf({ 'annotations.json': JSON.stringify(coco), ...files });
}

describe('a dataset that is ingested again', () => {
  let pipeline: TestPipeline;
  let proxy: Awaited<ReturnType<typeof startRecordingProxy>>;
  let pictures: Pictures;
  let archive: Buffer;
  beforeAll(async () => {
    const started = await startTestPipeline();
    proxy = await startRecordingProxy(started.s3.endpoint);
    const env = { ...started.s3.env, AWS_ENDPOINT_URL_S3: proxy.endpoint };
    const store = new ObjectStore(createS3Client(awsOf(env)));
    pipeline = { ...started, deps: { ...started.deps, store } };
    pictures = await Promise.all(
      Array.from({ length: IMAGES }, async (_, n) => ({ name: `photo${n}.jpg`, bytes: await picture(n) })),
    );
    archive = await archiveOf(pictures);
  });
  afterAll(async () => {
    await proxy?.stop();
    await pipeline?.stop();
  });

  /** Makes a version; returns it with the requests that were sent after the inspection. */
  async function ingest(dataset: string, zip: Buffer, settings = SMALL_DATASET) {
    const before = proxy.requests.length;
    const { version } = await makeVersion(pipeline, dataset, zip, settings);
    const requests = proxy.requests.slice(before);
    const planned = requests.findIndex(({ method, path }) => method === 'PUT' && path.endsWith('/plan.json'));
    return { version, requests: requests.slice(planned + 1) };
  }

  const reads = (requests: readonly Recorded[]) =>
    requests.filter(({ method, path }) => method === 'GET' && path.endsWith('.zip'));
  /** The requests that write below a prefix: uploads and copies. */
  const writes = (requests: readonly Recorded[], prefix: string) => {
    const all = requests.filter(
      ({ method, path }) => method === 'PUT' && path.includes(`/${prefix}`) && !path.endsWith('_READY'),
    );
    const copies = all.filter(({ headers }) => headers['x-amz-copy-source'] !== undefined);
    return { uploads: all.length - copies.length, copies: copies.length };
  };
  const imageWrites = (dataset: string, requests: readonly Recorded[]) => ({
    raw: writes(requests, rawPrefix(dataset)),
    preprocessed: writes(requests, preprocessedPrefix(dataset)),
  });
  const NONE = { uploads: 0, copies: 0 };

  const read = (key: string) => pipeline.store.getBytes(pipeline.s3.bucket, key);
  /** All that a version consists of: its files, and the images that they name. */
  async function contentOf(dataset: string, version: string): Promise<Map<string, string>> {
    const files = ['train.manifest', 'val.manifest', 'images.jsonl', 'validation_report.json', 'report.html'];
    const keys = files.map((file) => versionKey(dataset, version, file as 'train.manifest'));
    const images = versionImagesOf((await read(versionKey(dataset, version, 'images.jsonl'))).toString());
    keys.push(...images.flatMap(({ key, path }) => [key, rawKey(dataset, path)]));
    return new Map(
      await Promise.all(keys.map(async (key) => [key, (await read(key)).toString('latin1')] as const)),
    );
  }
  /** Deletes all results of a dataset and makes the version again. */
  async function contentWithoutReuse(dataset: string, zip: Buffer, settings = SMALL_DATASET) {
    const { bucket } = pipeline.s3;
    for await (const { key } of pipeline.store.list(bucket, `datasets/${dataset}/`)) {
      await pipeline.store.remove(bucket, key);
    }
    const { version } = await ingest(dataset, zip, settings);
    return await contentOf(dataset, version);
  }

  it('the same archive again reads and stores no image', async () => {
    await ingest('same', archive);
    const { version, requests } = await ingest('same', archive);
    expect(reads(requests)).toEqual([]);
    expect(imageWrites('same', requests)).toEqual({ raw: NONE, preprocessed: NONE });
    const content = await contentOf('same', version);
    expect(content).toEqual(await contentWithoutReuse('same', archive));
  });

  it('another setting of curating reads and stores no image, and gives the bytes of a first run', async () => {
    const first = await ingest('capped', archive);
    const { version, requests } = await ingest('capped', archive, CAPPED);
    expect(version).not.toBe(first.version);
    expect(reads(requests)).toEqual([]);
    expect(imageWrites('capped', requests)).toEqual({ raw: NONE, preprocessed: NONE });
    const content = await contentOf('capped', version);
    expect(content).toEqual(await contentWithoutReuse('capped', archive, CAPPED));
  });

  it('another size of images preprocesses all of them', async () => {
    await ingest('smaller', archive);
    const settings = { ...SMALL_DATASET, imageMaxSide: 90 };
    const { version, requests } = await ingest('smaller', archive, settings);
    expect(imageWrites('smaller', requests).preprocessed).toEqual({ uploads: IMAGES, copies: 0 });
    const content = await contentOf('smaller', version);
    expect(content).toEqual(await contentWithoutReuse('smaller', archive, settings));
  });

  it('an export with one changed image stores only that image', async () => {
    await ingest('changed', archive);
    const bytes = await picture(100);
    const zip = await archiveOf(pictures.map((one, n) => (n === 5 ? { ...one, bytes } : one)));
    const { version, requests } = await ingest('changed', zip);
    const once = { uploads: 1, copies: 0 };
    expect(imageWrites('changed', requests)).toEqual({ raw: once, preprocessed: once });
    expect(await read(rawKey('changed', 'photo5.jpg'))).toEqual(bytes);
    const content = await contentOf('changed', version);
    expect(content).toEqual(await contentWithoutReuse('changed', zip));
  });

  it('an export with new names in another order encodes no image again', async () => {
    await ingest('renamed', archive);
    const zip = await archiveOf(
      pictures.map(({ bytes }, n) => ({ name: `export-${n}.jpg`, bytes })).reverse(),
    );
    const { version, requests } = await ingest('renamed', zip);
    expect(imageWrites('renamed', requests)).toEqual({
      raw: { uploads: IMAGES, copies: 0 },
      preprocessed: { uploads: 0, copies: IMAGES },
    });
    const content = await contentOf('renamed', version);
    expect(content).toEqual(await contentWithoutReuse('renamed', zip));
  });

  it('an image with the checksum and size of an earlier one is not taken for it', async () => {
    const padded = Buffer.concat([await picture(3), Buffer.alloc(2000)]);
    const twin = withCrcOf(padded, await picture(101));
    const archiveWith = (bytes: Buffer) =>
      archiveOf(pictures.map((one, n) => (n === 3 ? { ...one, bytes } : one)));
    // Another COCO file, since an archive is identified by its COCO files and the checksums of the others.
    const zip = await archiveOf([
      ...pictures.map((one, n) => (n === 3 ? { ...one, bytes: twin } : one)).slice(0, -1),
    ]);
    await ingest('twin', await archiveWith(padded));
    const { version } = await ingest('twin', zip);
    expect(await read(rawKey('twin', 'photo3.jpg'))).toEqual(twin);
    const content = await contentOf('twin', version);
    expect(content).toEqual(await contentWithoutReuse('twin', zip));
  });

  const damages = ['deleted', 'truncated'] as const;
  const kinds = ['a preprocessed', 'an original'] as const;
  const cases = damages.flatMap((damage) => kinds.map((kind) => [kind, damage] as const));
  const settingsOf = { 'the same settings': SMALL_DATASET, 'another setting of curating': CAPPED } as const;
  describe.each(Object.entries(settingsOf))('with %s', (_, settings) => {
    it.each(cases)(
      `with ${_}: %s image that was %s is made again, and no other image is read`,
      async (kind, damage) => {
        const dataset = `${kind.replace(' ', '-')}-${damage}-${settings.perClassCap}`;
        const { bucket } = pipeline.s3;
        const first = await ingest(dataset, archive);
        const images = versionImagesOf(
          (await read(versionKey(dataset, first.version, 'images.jsonl'))).toString(),
        );
        const [image] = images;
        const key = kind === 'an original' ? rawKey(dataset, image?.path ?? '') : (image?.key ?? '');
        const bytes = await read(key);
        if (damage === 'deleted') await pipeline.store.remove(bucket, key);
        else await pipeline.store.put(bucket, key, bytes.subarray(0, 100));

        const { requests } = await ingest(dataset, archive, settings);
        expect(await read(key)).toEqual(bytes);
        const ranges = reads(requests).map(({ headers }) => /bytes=(\d+)-(\d+)/.exec(headers.range ?? ''));
        const bytesRead = ranges.reduce((sum, range) => sum + Number(range?.[2]) + 1 - Number(range?.[1]), 0);
        expect(bytesRead).toBeGreaterThan(0);
        expect(bytesRead).toBeLessThan(archive.length / 4);
        expect(imageWrites(dataset, requests).raw).toEqual({ uploads: 1, copies: 0 });
      },
    );
  });

  it('an original file that an interrupted run has replaced is stored again', async () => {
    const first = await ingest('replaced', archive);
    const { bucket } = pipeline.s3;
    const key = rawKey('replaced', 'photo1.jpg');
    const bytes = await read(key);
    const written = await pipeline.store.head(
      bucket,
      versionKey('replaced', first.version, 'train.manifest'),
    );
    // Times in storage are in seconds.
    do await pipeline.store.put(bucket, key, Buffer.alloc(bytes.length));
    while ((await pipeline.store.head(bucket, key))?.modified.getTime() === written?.modified.getTime());
    await ingest('replaced', archive);
    expect(await read(key)).toEqual(bytes);
  });

  it.each(['result/0.json', 'thumbnails/0.bin'])('a damaged %s is written again', async (file) => {
    const dataset = file.startsWith('result') ? 'no-result' : 'no-thumbnails';
    const { version } = await ingest(dataset, archive);
    const key = `datasets/${dataset}/.run/${version}/${file}`;
    const bytes = await read(key);
    await pipeline.store.put(pipeline.s3.bucket, key, bytes.subarray(0, 50));
    await ingest(dataset, archive);
    expect(await read(key)).toEqual(bytes);
  });
});
