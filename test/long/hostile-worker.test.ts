import type { ChildProcess } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IngestResult } from '../../src/contracts/workflow-io.js';
import { startEmulator } from '../../src/emulator/emulator.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { roboflowArchive } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import { cli, startReady, stopProcess } from '../support/cli.js';
import { scansJpeg } from '../support/hostile/jpeg.js';
import { blackPng } from '../support/hostile/png.js';
import { BOX, filled, withMember } from '../support/huge-json.js';
import { TreeMemory } from '../support/process-tree.js';
import { startTestSeaweedFs, startTestTemporal, temporaryHome } from '../support/servers.js';
import { type RawEntry, zipBytes } from '../support/zip-bytes.js';

const MAX_MB = 600;

const coco = (data: Buffer, name = '_annotations.coco.json'): RawEntry => ({ name, data, deflate: true });
/** The same file twelve times. */
const twelve = (data: Buffer) => Array.from({ length: 12 }, (_, n) => coco(data, `${n}.json`));

/** Archives of a few MB that kept workers busy for minutes or ended them, and what their senders are told. */
const ARCHIVES: readonly (readonly [name: string, entries: () => RawEntry[], told: RegExp])[] = [
  ['empty-images', () => [coco(filled('images', '{}', 60_000_000))], /more than 1000000 image records/],
  ['boxes', () => [coco(filled('annotations', BOX, 5_000_000))], /more than 50000 boxes/],
  [
    'orphans',
    () => [coco(filled('annotations', '{"image_id":9}', 60_000_000))],
    /more than 5000000 annotations/,
  ],
  [
    'twelve-files',
    () => [
      coco(filled('images', '{}', 0)),
      ...twelve(withMember(Buffer.from(`${' '.repeat(180_000_000)}1`))),
    ],
    /JSON files of the archive unpack to/,
  ],
  [
    'long-ids',
    () => [
      coco(filled('images', (n) => `{"id":"${n}${'i'.repeat(20_000)}","file_name":"${n}.jpg"}`, 20_000)),
    ],
    /needs more than \d+ MB of memory/,
  ],
];

/** The bytes of a photo, which give it the time for decoding of one. */
const PADDING = Buffer.alloc(1_000_000);

/** Pictures that are just cheap enough to be decoded. */
const costlyPictures = (): RawEntry[] => [
  ...Array.from({ length: 12 }, (_, n) => ({
    ...{ name: `scans-${n}.jpg`, data: Buffer.concat([scansJpeg(8192 - 8 * n, 6144, 10), PADDING]) },
  })),
  ...Array.from({ length: 12 }, (_, n) => ({
    ...{ name: `rows-${n}.png`, data: blackPng(10_000 - n, 10_000, { colour: 6, interlaced: true }) },
  })),
];

/** Maximum memory in MB of the processes of a worker that also decode such pictures: 420 MB for one, 300 MB for several. */
const MAX_DECODING_MB = 1_500;

describe('a worker that reads hostile archives', () => {
  let home: string;
  let ingest: (zip: string, dataset: string) => Promise<IngestResult>;
  let manifestsOf: (result: IngestResult) => Promise<string[]>;
  let worker: ChildProcess;
  let alone: IngestResult;
  const ends: (() => Promise<unknown>)[] = [];
  const measured = (without?: string) => {
    const memory = new TreeMemory(worker.pid ?? 0, without);
    ends.push(async () => memory.stop());
    return memory;
  };

  beforeAll(async () => {
    ({ home } = await temporaryHome());
    const s3 = await startTestSeaweedFs();
    ends.push(s3.stop);
    const temporal = await startTestTemporal();
    ends.push(temporal.stop);
    const emulator = await startEmulator({
      ...{ port: 0, stateFolder: join(home, 'rekognition'), trainingMs: 1_000, aws: awsOf(s3.env) },
    });
    ends.push(emulator.stop);
    const env = {
      ...{ ...s3.env, TEMPORAL_ADDRESS: temporal.address, CURATOR_HOME: home, MIN_CLASS_IMAGES: '2' },
      AWS_ENDPOINT_URL_REKOGNITION: emulator.endpoint,
    };
    const store = new ObjectStore(createS3Client(awsOf(s3.env)));
    manifestsOf = async ({ uris, dataset }) => {
      const keys = [uris.train, uris.val].map((uri) => (uri ?? '').replace(`s3://${s3.bucket}/`, ''));
      const texts = await Promise.all(
        keys.map(async (key) => (await store.getBytes(s3.bucket, key)).toString('utf8')),
      );
      return texts.map((text) => text.replaceAll(dataset, 'DATASET'));
    };
    ingest = async (zip, dataset) => {
      const flags = ['--dataset', dataset, '--upload-anyway', '--json'];
      return JSON.parse((await cli(['ingest', join(home, zip), ...flags], env)).stdout);
    };
    ({ child: worker } = await startReady(['worker'], env));
    ends.push(() => stopProcess(worker));
    writeFileSync(join(home, 'good.zip'), await roboflowArchive(300));
    for (const [name, entries] of ARCHIVES) {
      writeFileSync(join(home, `${name}.zip`), zipBytes([...entries(), { name: 'a.jpg' }]));
    }
    alone = await ingest('good.zip', 'alone');
    expect(alone.outcome).toBe('done');
  }, 300_000);
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
    rmSync(home, { recursive: true, force: true });
  });

  it('a worker refuses hostile archives below 600 MB of memory, while the run of another dataset ends with the same manifests', async () => {
    // The processes that preprocess images work for the other run.
    const memory = measured('batch-process');
    for (const [name, , told] of ARCHIVES) {
      const start = performance.now();
      const [hostile, beside] = await Promise.all([
        ingest(`${name}.zip`, name),
        ingest('good.zip', `beside-${name}`),
      ]);
      const seconds = (performance.now() - start) / 1000;
      process.stdout.write(
        `${name}: both ended after ${seconds.toFixed(1)} s, peak ${memory.peakMb.toFixed(0)} MB\n`,
      );
      expect(hostile).toMatchObject({ outcome: 'refused', message: expect.stringMatching(told) });
      expect(beside.outcome).toBe('done');
      expect(await manifestsOf(beside)).toEqual(await manifestsOf(alone));
    }
    expect(worker.exitCode).toBeNull();
    expect(memory.peakMb).toBeLessThan(MAX_MB);
  }, 600_000);

  it('a worker refuses five hostile archives at once below 600 MB of memory, and the run of another dataset ends', async () => {
    const memory = measured('batch-process');
    const start = performance.now();
    const [beside, ...hostile] = await Promise.all([
      ingest('good.zip', 'beside-all'),
      ...ARCHIVES.map(([name]) => ingest(`${name}.zip`, `at-once-${name}`)),
    ]);
    const seconds = (performance.now() - start) / 1000;
    process.stdout.write(
      `six at once: ended after ${seconds.toFixed(1)} s, peak ${memory.peakMb.toFixed(0)} MB\n`,
    );
    for (const [i, [, , told]] of ARCHIVES.entries()) {
      expect(hostile[i]).toMatchObject({ outcome: 'refused', message: expect.stringMatching(told) });
    }
    expect(beside.outcome).toBe('done');
    expect(await manifestsOf(beside)).toEqual(await manifestsOf(alone));
    expect(memory.peakMb).toBeLessThan(MAX_MB);
  }, 600_000);

  it('a worker decodes the costly pictures of several archives at once in bounded memory', async () => {
    const pictures = costlyPictures();
    const names = pictures.map(({ name }) => String(name));
    const images = names.map((name, id) => ({ id, file_name: name, width: 8000, height: 6000 }));
    const annotations = names.map((_, id) => ({ id, image_id: id, category_id: 1, bbox: [9, 9, 900, 900] }));
    const labels = JSON.stringify({ images, annotations, categories: [{ id: 1, name: 'bolt' }] });
    writeFileSync(join(home, 'costly.zip'), zipBytes([coco(Buffer.from(labels)), ...pictures]));
    const memory = measured();
    const start = performance.now();
    const runs = await Promise.all([1, 2, 3].map((n) => ingest('costly.zip', `costly-${n}`)));
    const seconds = (performance.now() - start) / 1000;
    process.stdout.write(
      `costly pictures: ended after ${seconds.toFixed(1)} s, peak ${memory.peakMb.toFixed(0)} MB\n`,
    );
    for (const { outcome } of runs) expect(['done', 'refused']).toContain(outcome);
    expect(memory.peakMb).toBeLessThan(MAX_DECODING_MB);
  }, 600_000);
});
