import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { manifestKey, preprocessedPrefix, statusKey, versionKey } from '../../src/dataset/model/layout.js';
import { picture } from '../support/archives.js';
import { startTestEndpoint, type TestEndpoint } from '../support/endpoint.js';
import { startTestSeaweedFs, type TestS3 } from '../support/servers.js';

const VERSION = '0123456789abcdef'.repeat(4);
const FOLDER = VERSION.slice(0, 16);

describe('the export of a dataset over HTTP', () => {
  let s3: TestS3;
  let endpoint: TestEndpoint;

  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
    endpoint = await startTestEndpoint({ s3: s3.env, bucket: s3.bucket });
  });
  afterAll(async () => {
    await endpoint.stop();
    await s3.stop();
  });

  async function fill(dataset: string, image: Buffer | undefined): Promise<void> {
    const key = `${preprocessedPrefix(dataset)}train/1.abc.jpg`;
    const put = async (at: string, body: string | Buffer) => await endpoint.store.put(s3.bucket, at, body);
    const report = { lineage: { datasetVersion: VERSION } };
    await put(manifestKey(dataset, 'validation_report.json'), JSON.stringify(report));
    await put(versionKey(dataset, FOLDER, 'labels.json'), '[{"name":"acne"}]');
    const listed = {
      ...{ path: 'train/1.jpg', key, split: 'train', photo: 'p', sourceSha256: 'a'.repeat(64) },
      ...{ width: 96, height: 80, boxes: [{ label: 'acne', left: 1, top: 2, width: 3, height: 4 }] },
    };
    await put(versionKey(dataset, FOLDER, 'images.jsonl'), `${JSON.stringify(listed)}\n`);
    if (image) await put(key, image);
  }
  const exported = async (dataset: string, format: string) =>
    await fetch(`${endpoint.url}/datasets/${dataset}/export?format=${format}`);

  it.each([
    ['coco', '_annotations.coco.json'],
    ['yolo', 'data.yaml'],
  ])('sends a ZIP in %s with the image and its labels', async (format, labels) => {
    const image = await picture(1);
    await fill('skin', image);
    const response = await exported('skin', format);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="skin.${format}.zip"`);
    const zip = Buffer.from(await response.arrayBuffer());
    expect(zip.includes(image)).toBe(true);
    expect(zip.includes(labels)).toBe(true);
  });

  it('breaks the connection if an image is missing, so that no incomplete ZIP looks complete', async () => {
    await fill('damaged', undefined);
    await expect(exported('damaged', 'coco').then((response) => response.arrayBuffer())).rejects.toThrow();
  });

  it('says that there is nothing to export without a valid version', async () => {
    await endpoint.store.put(s3.bucket, statusKey('refused'), '{}');
    expect(await endpoint.call('/datasets/refused/export?format=coco')).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/^Dataset refused has no version that passed validation/) },
    });
    expect(await endpoint.call('/datasets/none/export?format=coco')).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/^The dataset none does not exist\./) },
    });
  });
});
