import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { MAX_NOTE_CHARACTERS, type Progress } from '../../src/contracts/workflow-io.js';
import { versionKey } from '../../src/dataset/model/layout.js';
import { ApiContract, type Request } from '../support/api-contract.js';
import { picture, roboflowArchive } from '../support/archives.js';
import { startTestEndpoint } from '../support/endpoint.js';
import { type RunningEndpoint, startRunningEndpoint } from '../support/running-endpoint.js';

const TOKEN = 'a-token-of-this-test';
const PART = 16 * 1024 * 1024;
const ABSENT = { name: 'absent' };
const presignedSchema = z.object({ url: z.string(), key: z.string() });
const openedSchema = z.object({ key: z.string(), multipart: z.object({ uploadId: z.string() }) });
const signedSchema = z.object({ parts: z.array(z.object({ url: z.string() })) });
const imagesSchema = z.object({ version: z.string(), images: z.array(z.object({ key: z.string() })).min(1) });
const runningSchema = z.object({ running: z.unknown() });
const modelsSchema = z.object({
  models: z.array(z.object({ model: z.object({ modelVersion: z.string() }) })),
});

/** The tests build on each other: the dataset `skin` is uploaded, trained and then read. */
describe('the description in /openapi.json', () => {
  let running: RunningEndpoint;
  let api: ApiContract;

  beforeAll(async () => {
    const settings = { MIN_CLASS_IMAGES: '2', REQUIRE_APPROVAL: 'true' };
    running = await startRunningEndpoint(settings, { tokens: [TOKEN] });
    api = await ApiContract.read(running.endpoint.url);
  });
  afterAll(async () => await running.stop());

  const call = async (operation: string, status: number, request: Request = {}) =>
    await api.call(operation, status, { token: TOKEN, ...request });

  async function upload(dataset: string, archive: Buffer): Promise<string> {
    const query = { filename: 'a.zip', size: archive.length, dataset };
    const { url, key } = presignedSchema.parse(await call('GET /data-presign', 200, { query }));
    expect((await fetch(url, { method: 'PUT', body: archive })).status).toBe(200);
    return key;
  }
  async function until(dataset: string, reached: (progress: Progress) => boolean): Promise<void> {
    for await (const progress of running.endpoint.client.watch(dataset)) if (reached(progress)) return;
  }
  const untilWaiting = async (dataset: string) => await until(dataset, ({ approval }) => approval !== null);

  it('matches the health checks and sessions', async () => {
    await call('GET /healthz', 200);
    await call('GET /readyz', 200);
    await call('GET /session', 200);
    await call('POST /session', 204, { json: { token: TOKEN } });
    await call('POST /session', 401, { json: { token: 'wrong' } });
    await call('POST /session', 400, { json: {} });
    await call('DELETE /session', 204);
    await call('DELETE /session', 403, { headers: { origin: 'https://other.example' } });
  });

  it('matches multipart uploads and their errors', async () => {
    const query = { filename: 'a.zip', size: 10, dataset: 'parts', multipart: 'true' };
    const opened = openedSchema.parse(await call('GET /data-presign', 200, { query }));
    await call('GET /data-presign', 400, { query: { ...query, size: 0 } });
    const ref = { key: opened.key, uploadId: opened.multipart.uploadId };
    const signed = await call('POST /uploads/parts', 200, { json: { ...ref, parts: [1] } });
    await call('POST /uploads/parts', 400, { json: { ...ref, parts: [2] } });
    const never = { ...ref, key: opened.key.replace('/parts/', '/other/') };
    await call('POST /uploads/parts', 404, { json: { ...never, parts: [1] } });
    await call('POST /uploads/complete', 409, { json: ref });
    const [part] = signedSchema.parse(signed).parts;
    expect((await fetch(part?.url ?? '', { method: 'PUT', body: '0123456789' })).status).toBe(200);
    await call('GET /uploads/parts', 200, { query: ref });
    await call('POST /uploads/complete', 200, { json: ref });
    await call('POST /uploads/complete', 404, { json: never });
    await call('GET /uploads/parts', 404, { query: ref });
    const other = openedSchema.parse(
      await call('GET /data-presign', 200, { query: { ...query, size: PART } }),
    );
    const abort = { key: other.key, uploadId: other.multipart.uploadId };
    await call('POST /uploads/abort', 204, { json: abort });
    await call('POST /uploads/abort', 400, { json: {} });
  });

  it('matches a run from its upload to the model, with each decision', async () => {
    const key = await upload('skin', await roboflowArchive(12));
    const another = await upload('skin', await roboflowArchive(14));
    await call('POST /notify-upload', 404, { json: { key: 'landing/skin/a/none.zip', dataset: 'skin' } });
    await call('POST /notify-upload', 400, { json: { key, dataset: 'other' } });
    await call('POST /notify-upload', 202, { json: { key, dataset: 'skin', settings: { valSplit: 0.25 } } });
    await untilWaiting('skin');
    const params = { name: 'skin' };
    await call('GET /datasets/{name}', 200, { params });
    await call('GET /data-presign', 409, { query: { filename: 'a.zip', size: 5, dataset: 'skin' } });
    await call('POST /notify-upload', 409, { json: { key: another, dataset: 'skin' } });

    const approve = { decision: 'approve', by: 'mira', note: 'n'.repeat(MAX_NOTE_CHARACTERS) };
    const path = 'POST /datasets/{name}/approval';
    await call(path, 400, { params, json: { ...approve, note: `${approve.note}n` } });
    await call(path, 404, { params: ABSENT, json: approve });
    await call(path, 200, { params, json: approve });
    await call(path, 409, { params, json: { ...approve, decision: 'reject' } });
    await until('skin', ({ result }) => result !== null);
    await call('GET /datasets/{name}', 200, { params });
    await call('GET /datasets/{name}', 404, { params: ABSENT });
    await call('GET /datasets', 200);
  });

  it('matches S3 events and a cancelled run', async () => {
    const key = await upload('cut-short', await roboflowArchive(12));
    const object = { key: encodeURIComponent(key) };
    const s3 = { bucket: { name: running.pipeline.s3.bucket }, object };
    const ignored = { ...s3, object: { key: 'landing/readme.txt' } };
    const records = [s3, ignored].map((one) => ({ eventName: 'ObjectCreated:Put', s3: one }));
    await call('POST /s3-events', 200, { json: { Records: records } });
    await call('POST /s3-events', 400, { json: { unknown: 1 } });
    await untilWaiting('cut-short');
    await call('POST /datasets/{name}/cancel', 200, { params: { name: 'cut-short' } });
    await call('POST /datasets/{name}/cancel', 409, { params: { name: 'cut-short' } });
    await call('POST /datasets/{name}/cancel', 404, { params: ABSENT });
  });

  it('matches what is read of a finished run', async () => {
    const params = { name: 'skin' };
    await call('GET /datasets/{name}/events', 200, { params });
    await call('GET /datasets/{name}/workflow', 200, { params });
    await call('GET /datasets/{name}/report', 200, { params });
    await call('GET /datasets/{name}/report', 200, { params, query: { format: 'json' } });
    await call('GET /datasets/{name}/rejected', 200, { params });
    await call('GET /datasets/{name}/finding-cases', 200, { params });
    const images = await call('GET /datasets/{name}/images', 200, { params, query: { limit: 1 } });
    const [image] = imagesSchema.parse(images).images;
    await call('GET /datasets/{name}/image', 200, { params, query: { key: image?.key ?? '' } });
    const { models } = modelsSchema.parse(await call('GET /datasets/{name}/models', 200, { params }));
    await call('GET /datasets/{name}/model-comparisons', 200, { params });
    const version = models[0]?.model.modelVersion ?? '';
    await call('GET /datasets/{name}/models/{version}', 200, { params: { ...params, version } });
    const missing = version.replace(/\d+$/, '99');
    await call('GET /datasets/{name}/models/{version}', 404, { params: { ...params, version: missing } });
    const testImages = 'GET /datasets/{name}/models/{version}/test-images';
    await call(testImages, 200, { params: { ...params, version } });
    await call(testImages, 404, { params: { ...params, version: missing } });
    const report = 'GET /datasets/{name}/models/{version}/report';
    await call(report, 200, { params: { ...params, version } });
    await call(report, 404, { params: { ...params, version: missing } });
    for (const advice of ['advice', 'label-review.csv']) {
      const route = `GET /datasets/{name}/models/{version}/${advice}`;
      await call(route, 200, { params: { ...params, version } });
      await call(route, 404, { params: { ...params, version: missing } });
    }
    const { version: of } = imagesSchema.parse(images);
    const crossValidation = '/datasets/{name}/cross-validation';
    const query = { version: of };
    await call(`DELETE ${crossValidation}`, 409, { params, query });
    await call(`GET ${crossValidation}/labels.csv`, 404, { params, query });
    await call(`POST ${crossValidation}`, 409, { params: ABSENT, json: {} });
    await call(`POST ${crossValidation}`, 202, { params, json: {} });
    await call(`GET ${crossValidation}`, 200, { params, query });
    await call(`GET ${crossValidation}`, 400, { params });
    await call(`DELETE ${crossValidation}`, 204, { params, query });
    const state = async () =>
      runningSchema.parse(await call(`GET ${crossValidation}`, 200, { params, query }));
    while ((await state()).running !== null);
    await running.endpoint.store.putJson(
      running.pipeline.s3.bucket,
      versionKey('skin', of, 'doubtful_labels.json'),
      JSON.stringify({ dataset: 'skin', version: of, images: 12, total: 0, doubts: [] }),
    );
    await call(`GET ${crossValidation}`, 200, { params, query });
    await call(`GET ${crossValidation}/labels.csv`, 200, { params, query });
    await call('POST /datasets/{name}/detect', 200, { params, photo: await picture(1) });
    await call('POST /datasets/{name}/detect', 415, { params, photo: Buffer.from('no picture') });
    await call('POST /datasets/{name}/detect', 409, { params: ABSENT, photo: await picture(1) });
  });

  it.each(['events', 'workflow', 'report', 'rejected', 'finding-cases', 'images'])(
    'matches the error of GET /datasets/{name}/%s for a dataset without a run',
    async (what) => {
      await call(`GET /datasets/{name}/${what}`, 404, { params: ABSENT });
    },
  );

  it('matches the errors of an image that is missing or outside the dataset', async () => {
    const params = { name: 'skin' };
    await call('GET /datasets/{name}/image', 404, { params, query: { key: 'datasets/skin/raw/none.jpg' } });
    await call('GET /datasets/{name}/image', 400, { params, query: { key: 'landing/a.zip' } });
  });

  it('matches the history and an export', async () => {
    const params = { name: 'skin' };
    await call('GET /datasets/{name}/history', 200, { params });
    await call('GET /datasets/{name}/history', 400, { params: { name: 'Not valid' } });
    await call('GET /datasets/{name}/export', 200, { params, query: { format: 'coco' } });
    await call('GET /datasets/{name}/export', 400, { params, query: { format: 'voc' } });
    await call('GET /datasets/{name}/export', 409, { params: ABSENT, query: { format: 'yolo' } });
  });

  it('matches another run of the same archive', async () => {
    const params = { name: 'skin' };
    await call('GET /datasets/{name}/settings', 200, { params });
    await call('GET /datasets/{name}/settings', 404, { params: ABSENT });
    const path = 'POST /datasets/{name}/runs';
    await call(path, 400, { params, json: { settings: { valSplit: 3 } } });
    await call(path, 404, { params: ABSENT, json: {} });
    await call(path, 202, { params, json: { settings: { valSplit: 0.3 } } });
    await call(path, 409, { params, json: { settings: { valSplit: 0.4 } } });
    await call('POST /datasets/{name}/cancel', 200, { params });
  });

  it('matches the deletion of a dataset', async () => {
    const params = { name: 'skin' };
    await call('GET /datasets/{name}/deletion', 200, { params });
    await call('DELETE /datasets/{name}', 200, { params });
    await call('GET /datasets/{name}/deletion', 404, { params });
    await call('DELETE /datasets/{name}', 404, { params });
  });

  it('declares 400 for an invalid dataset name and 401 for a missing token', async () => {
    await call('GET /datasets/{name}/models', 400, { params: { name: 'Not valid' } });
    await call('GET /datasets/{name}/model-comparisons', 400, { params: { name: 'Not valid' } });
    for (const operation of api.protectedOperations) await api.call(operation, 401);
    expect(api.protectedOperations.length).toBeGreaterThan(15);
  });

  it('declares 503 for an endpoint that does not reach Temporal or S3', async () => {
    const alone = await startTestEndpoint({});
    const described = await ApiContract.read(alone.url);
    await described.call('GET /readyz', 503);
    await described.call('GET /datasets/{name}/models', 503, { params: ABSENT });
    const query = { filename: 'a.zip', size: 10, dataset: 'skin' };
    await described.call('GET /data-presign', 503, { query });
    await alone.stop();
  });

  it('contains only operations that these tests have called with success and with an error', () => {
    const missing = api.operations.filter((operation) => {
      const statuses = [...(api.seen.get(operation) ?? [])];
      const neverFails = ['GET /healthz', 'GET /readyz', 'GET /session'].includes(operation);
      return (
        !statuses.some((status) => status < 400) || !(neverFails || statuses.some((status) => status >= 400))
      );
    });
    expect(missing).toEqual([]);
  });
});
