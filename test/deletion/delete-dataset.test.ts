import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { type IngestInput, TASK_QUEUE } from '../../src/contracts/workflow-io.js';
import { uploadSha256 } from '../../src/dataset/model/identity.js';
import {
  ledgerKey,
  manifestKey,
  preprocessedPrefix,
  rawKey,
  requestKey,
  statusKey,
  versionKey,
} from '../../src/dataset/model/layout.js';
import { datasetObjects } from '../../src/deletion/dataset-objects.js';
import type { History } from '../../src/endpoint/schemas.js';
import { startTestEndpoint, type TestEndpoint } from '../support/endpoint.js';
import { RUN_SETTINGS, SMALL_DATASET } from '../support/pipeline.js';
import { startTestSeaweedFs, startTestTemporal, type TestS3 } from '../support/servers.js';

const VERSION = '0123456789abcdef';
/** More than one request may delete. */
const MANY = 1_050;

/** On a real Temporal server without a worker, so that a started workflow stays in progress. */
describe('deleting a dataset over HTTP', () => {
  let s3: TestS3;
  let endpoint: TestEndpoint;
  let temporal: Client;
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
    ends.push(s3.stop);
    const server = await startTestTemporal();
    ends.push(server.stop);
    const connection = await Connection.connect({ address: server.address });
    ends.push(() => connection.close());
    temporal = new Client({ connection });
    endpoint = await startTestEndpoint({ s3: s3.env, bucket: s3.bucket, temporal: server.address });
    ends.push(endpoint.stop);
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  const put = async (key: string, body = 'ten bytes.') => await endpoint.store.put(s3.bucket, key, body);
  const remove = async (dataset: string) => await endpoint.call(`/datasets/${dataset}`, undefined, 'DELETE');

  /** Adds an upload to the dataset, with its entry in the ledger. */
  async function ingested(dataset: string, key: string): Promise<void> {
    await put(key);
    const head = await endpoint.store.head(s3.bucket, key);
    const upload = { bucket: s3.bucket, key, etag: head?.etag ?? '', bytes: 10 };
    const entry = { upload, workflowId: `ingest/${dataset}`, runId: 'r', outcome: 'done', result: null };
    await put(ledgerKey(dataset, uploadSha256(upload)), JSON.stringify(entry));
  }

  async function fill(dataset: string): Promise<void> {
    await ingested(dataset, `landing/${dataset}/a/a.zip`);
    await put(requestKey(dataset, 'a'), '{}');
    await put(rawKey(dataset, 'train/1.jpg'));
    await put(`${preprocessedPrefix(dataset)}train/1.abc.jpg`);
    await put(versionKey(dataset, VERSION, 'labels.txt'));
    await put(manifestKey(dataset, 'labels.txt'));
    await put(`datasets/${dataset}/models/output/predictions.json`);
    await put(statusKey(dataset), '{}');
  }

  async function keys(prefix = ''): Promise<string[]> {
    const found: string[] = [];
    for await (const { key } of endpoint.store.list(s3.bucket, prefix)) found.push(key);
    return found.filter((key) => !key.endsWith('/'));
  }

  it('deletes every object of the dataset and none of a dataset whose name begins with the same letters', async () => {
    for (const dataset of ['skin', 'skin-2', 'ski']) await fill(dataset);
    const others = (await keys()).filter((key) => !key.includes('/skin/'));
    const plan = await endpoint.call('/datasets/skin/deletion');
    expect(plan.body).toEqual({
      dataset: 'skin',
      objects: [
        { kind: 'uploads', count: 2, bytes: 12 },
        { kind: 'originals', count: 1, bytes: 10 },
        { kind: 'preprocessed', count: 1, bytes: 10 },
        { kind: 'versions', count: 2, bytes: 20 },
        { kind: 'models', count: 1, bytes: 10 },
        { kind: 'records', count: 2, bytes: expect.any(Number) },
      ],
      models: [],
      unreadable: [],
    });
    expect(await remove('skin')).toMatchObject({ status: 200, body: plan.body as object });
    expect(await keys()).toEqual(others);
    expect(await remove('skin')).toMatchObject({
      status: 404,
      body: { detail: 'There is no dataset skin.' },
    });
  });

  it('deletes uploads first and the ledger last, so that no sweep ingests an upload again after an interruption', async () => {
    await fill('ordered');
    const kinds: string[] = [];
    for await (const { kind } of datasetObjects(endpoint.store, s3.bucket, 'ordered')) kinds.push(kind);
    expect(kinds.slice(0, 2)).toEqual(['uploads', 'uploads']);
    expect(kinds.slice(-2)).toEqual(['records', 'records']);
  });

  it('deletes more objects than one request of S3 may name', async () => {
    const each = Array.from({ length: MANY }, (_, n) => rawKey('large', `${n}.jpg`));
    for (let n = 0; n < MANY; n += 50) await Promise.all(each.slice(n, n + 50).map((key) => put(key)));
    const { body } = await remove('large');
    expect(body).toMatchObject({ objects: [{ kind: 'originals', count: MANY, bytes: MANY * 10 }] });
    expect(await keys('datasets/large/')).toEqual([]);
  });

  it('deletes uploads that lie elsewhere under landing/, except those of another dataset', async () => {
    await ingested('by-hand', 'landing/by-hand.zip');
    await ingested('by-hand', 'landing/shared/a/a.zip');
    await ingested('shared', 'landing/shared/a/a.zip');
    expect((await remove('by-hand')).status).toBe(200);
    expect(await keys('landing/by-hand')).toEqual([]);
    expect(await keys('landing/shared/')).toEqual(['landing/shared/a/a.zip']);
  });

  it.each([
    ['a run', 'ingest/busy', /busy has a run in progress\. Wait until it has ended or cancel it/],
    ['a training', 'train/busy/0123456789abcdef-r1', /A training or preprocessing of busy is still running/],
    [
      'a cross-validation',
      'cross-validate/busy/0123456789abcdef',
      /All images of busy are being examined for doubtful labels/,
    ],
  ])('deletes nothing while %s is in progress', async (_what, workflowId, detail) => {
    await fill('busy');
    const handle = await temporal.workflow.start('anyWorkflow', { taskQueue: TASK_QUEUE, workflowId });
    const isListed = async () =>
      (await temporal.workflow.count(`WorkflowId = '${workflowId}' AND ExecutionStatus = 'Running'`)).count;
    while ((await isListed()) === 0);
    const before = await keys();
    for (const method of ['GET', 'DELETE']) {
      const path = method === 'GET' ? '/datasets/busy/deletion' : '/datasets/busy';
      expect(await endpoint.call(path, undefined, method)).toMatchObject({
        status: 409,
        body: { detail: expect.stringMatching(detail) },
      });
    }
    expect(await keys()).toEqual(before);
    await handle.terminate();
    while ((await isListed()) > 0);
  });

  it('trains under a new name when a deleted dataset is ingested again, since the service keeps its models', async () => {
    const upload = { bucket: s3.bucket, key: 'landing/again/a/a.zip', etag: '"e"', bytes: 10 };
    const settings = { settings: SMALL_DATASET, run: RUN_SETTINGS };
    const attemptOfStart = async () => {
      const started = await endpoint.client.startIngest({
        ...{ dataset: 'again', upload, ...settings, trigger: 'person' },
      });
      const handle = temporal.workflow.getHandle(started.workflowId, started.runId);
      const { events } = await handle.fetchHistory();
      const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
      await handle.terminate();
      return (JSON.parse(Buffer.from(input?.data ?? []).toString()) as IngestInput).run.trainingAttempt;
    };
    expect(await attemptOfStart()).toBe(1);
    await fill('again');
    expect((await remove('again')).status).toBe(200);
    expect(await attemptOfStart()).toBe(1);

    await fill('again');
    const training = await temporal.workflow.start('trainModel', {
      ...{ taskQueue: TASK_QUEUE, workflowId: `train/again/${VERSION}-r3` },
    });
    await training.terminate();
    while ((await temporal.workflow.count(`WorkflowId = 'train/again/${VERSION}-r3'`)).count === 0);
    while ((await remove('again')).status !== 200);
    expect(await attemptOfStart()).toBe(4);
    await fill('again');
    while ((await remove('again')).status !== 200);
    expect(await attemptOfStart()).toBe(4);
  });

  it('no longer lists a deleted dataset, although Temporal still has its run, until it is ingested again', async () => {
    const start = async () =>
      await temporal.workflow.start('ingestDataset', { taskQueue: TASK_QUEUE, workflowId: 'ingest/gone' });
    const listed = async () => {
      const { body } = await endpoint.call('/datasets');
      return (body as { datasets: { dataset: string }[] }).datasets.map(({ dataset }) => dataset);
    };
    const handle = await start();
    await handle.terminate();
    await fill('gone');
    expect((await remove('gone')).status).toBe(200);
    expect(await listed()).not.toContain('gone');
    expect(await endpoint.call('/datasets/gone')).toMatchObject({
      status: 404,
      body: { detail: 'The dataset gone was deleted.' },
    });
    expect((await remove('gone')).status).toBe(404);
    const { runId } = await start().then((next) => next.describe());
    while (!(await listed()).includes('gone'));
    const { body } = await endpoint.call('/datasets/gone/history');
    expect((body as History).runs.map((run) => run.runId)).toEqual([runId]);
  });
});
