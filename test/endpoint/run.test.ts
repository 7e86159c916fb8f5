import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { z } from 'zod';
import {
  ingestWorkflowId,
  type Progress,
  SWEEP_SCHEDULE_ID,
  type SweepInput,
  type SweepResult,
  TASK_QUEUE,
} from '../../src/contracts/workflow-io.js';
import { modelCardKey, statusKey } from '../../src/dataset/model/layout.js';
import type { RunList } from '../../src/endpoint/schemas.js';
import { picture, roboflowArchive } from '../support/archives.js';
import type { TestEndpoint } from '../support/endpoint.js';
import type { TestPipeline } from '../support/pipeline.js';
import { type RunningEndpoint, startRunningEndpoint } from '../support/running-endpoint.js';

const SETTINGS = { MIN_CLASS_IMAGES: '2', REQUIRE_APPROVAL: 'true', DATASET_NAME: 'by-hand' };
const presignedSchema = z.object({ url: z.string(), key: z.string() });
const announcedSchema = z.object({ events: z.array(z.looseObject({ outcome: z.string() })) });

describe('runs by HTTP, S3 events and the sweep', () => {
  let running: RunningEndpoint;
  let pipeline: TestPipeline;
  let endpoint: TestEndpoint;
  let temporal: Client;
  let archives: Buffer[];

  beforeAll(async () => {
    archives = [await roboflowArchive(12), await roboflowArchive(14)];
    running = await startRunningEndpoint(SETTINGS);
    ({ endpoint, pipeline, temporal } = running);
  });
  afterAll(async () => await running.stop());

  const presign = async (dataset: string, archive: Buffer) =>
    await endpoint.call(`/data-presign?filename=a.zip&size=${archive.length}&dataset=${dataset}`);
  /** Gets a URL for an upload; returns a function that sends it and returns its key. */
  async function openUpload(dataset: string, archive: Buffer): Promise<() => Promise<string>> {
    const { url, key } = presignedSchema.parse((await presign(dataset, archive)).body);
    return async () => {
      expect((await fetch(url, { method: 'PUT', body: archive })).status).toBe(200);
      return key;
    };
  }
  const upload = async (dataset: string, archive: Buffer) => await (await openUpload(dataset, archive))();
  const announce = async (key: string) => {
    const { body } = await endpoint.call('/s3-events', {
      Records: [
        {
          eventName: 'ObjectCreated:Put',
          s3: { bucket: { name: pipeline.s3.bucket }, object: { key: encodeURIComponent(key) } },
        },
      ],
    });
    return announcedSchema.parse(body).events[0];
  };
  const progress = async (dataset: string) => (await endpoint.call(`/datasets/${dataset}`)).body as Progress;
  const decide = async (dataset: string, decision: 'approve' | 'reject', by = 'mira') =>
    await endpoint.call(`/datasets/${dataset}/approval`, { decision, by, note: 'looked at it' });

  /** The documents of the event stream, until `last` returns true or the stream ends. */
  async function follow(dataset: string, last: (progress: Progress) => boolean): Promise<Progress[]> {
    const stop = new AbortController();
    const answer = await fetch(`${endpoint.url}/datasets/${dataset}/events`, { signal: stop.signal });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const documents: Progress[] = [];
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString('utf8');
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = /^event: progress\ndata: (.*)$/.exec(event)?.[1];
        if (data !== undefined) documents.push(JSON.parse(data));
      }
      if (documents.some(last)) break;
    }
    stop.abort();
    return documents;
  }
  const untilWaiting = async (dataset: string) => await follow(dataset, (one) => one.approval !== null);
  const untilEnded = async (dataset: string) => (await follow(dataset, () => false)).at(-1);
  const sweep = async () =>
    await temporal.workflow.execute<(input: SweepInput) => Promise<SweepResult>>('sweepLanding', {
      taskQueue: TASK_QUEUE,
      workflowId: `sweep-test-${Math.random()}`,
      args: [{ bucket: pipeline.s3.bucket, graceSecs: 0 }],
    });

  it('runs from the upload through the approval to the model card, with an event stream', async () => {
    const key = await upload('skin', archives[0] ?? Buffer.of());
    const started = await endpoint.call('/notify-upload', {
      key,
      dataset: 'skin',
      settings: { valSplit: 0.25 },
    });
    expect(started.status).toBe(202);
    const [documents] = await Promise.all([untilWaiting('skin'), untilWaiting('skin')]);
    const texts = documents.map((document) => JSON.stringify(document));
    expect(new Set(texts).size).toBe(texts.length);
    expect(documents.at(-1)).toMatchObject({
      stage: 'awaiting-approval',
      approval: { trainer: { kind: 'emulator' } },
    });

    const first = await decide('skin', 'approve');
    expect(first).toMatchObject({ status: 200, body: { decision: 'approved', by: 'mira' } });
    expect((await decide('skin', 'approve', 'someone else')).body).toEqual(first.body);
    expect((await decide('skin', 'reject')).status).toBe(409);

    const end = await untilEnded('skin');
    expect(end).toMatchObject({ stage: 'done', result: { outcome: 'done', images: { train: 9, val: 3 } } });
    expect(await progress('skin')).toEqual(end);
    expect((await endpoint.call('/datasets')).body).toMatchObject({
      datasets: [{ dataset: 'skin', status: 'done', runId: end?.runId }],
    });
    const { models } = (await endpoint.call('/datasets/skin/models')).body as {
      models: { model: { modelVersion: string } }[];
    };
    expect(models).toHaveLength(1);
    const version = models[0]?.model.modelVersion;
    expect((await endpoint.call(`/datasets/skin/models/${version}`)).body).toEqual(models[0]);
    expect((await endpoint.call('/datasets/skin/images?split=val')).body).toMatchObject({
      version: end?.version,
      total: 3,
    });
    expect((await endpoint.call('/datasets/skin/report?format=json')).body).toMatchObject({
      summary: { fit: true },
    });
  });

  it('detects objects on a photo and refuses a body that is not a photo', async () => {
    const detect = async (dataset: string, body: Buffer) => {
      const answer = await fetch(`${endpoint.url}/datasets/${dataset}/detect`, {
        ...{ method: 'POST', body, headers: { 'content-type': 'image/jpeg' } },
      });
      return { status: answer.status, body: await answer.json() };
    };
    const found = await detect('skin', await picture(1, 960, 800));
    expect(found).toMatchObject({
      status: 200,
      body: { width: 960, height: 800, labels: expect.any(Array) },
    });
    expect(await detect('skin', await picture(2))).toMatchObject({ status: 200 });
    expect(await detect('skin', Buffer.from('no picture'))).toMatchObject({ status: 415 });
    expect(await detect('unheard-of', await picture(1))).toMatchObject({ status: 409 });
    expect((await endpoint.call('/datasets/skin/detect', { no: 'photo' })).status).toBe(415);
    const typed = await fetch(`${endpoint.url}/datasets/skin/detect`, {
      ...{ method: 'POST', body: 'a zip', headers: { 'content-type': 'application/zip' } },
    });
    expect(await typed.json()).toMatchObject({ status: 415, detail: expect.stringContaining('image/jpeg') });
  });

  it('lists the other datasets and says what to do if documents of one cannot be read', async () => {
    const { bucket } = pipeline.s3;
    const put = async (key: string) => await endpoint.store.put(bucket, key, '['.repeat(100_000));
    const listed = async () => {
      const answer = await endpoint.call('/datasets');
      expect(answer.status).toBe(200);
      return (answer.body as RunList).datasets;
    };
    const [whole] = await listed();
    await put(statusKey('torn'));
    const card = modelCardKey('skin', 'torn');
    await put(card);
    const problem = (key: string) =>
      `s3://${bucket}/${key} is not JSON. Delete the file and start the run again.`;
    expect(await listed()).toEqual([
      { ...whole, problem: problem(card) },
      {
        ...{ dataset: 'torn', status: 'unreadable', started: '', runId: '', model: null },
        problem: problem(statusKey('torn')),
      },
    ]);
    expect(await endpoint.call('/datasets/torn')).toMatchObject({
      status: 409,
      body: { detail: problem(statusKey('torn')) },
    });
    await endpoint.store.remove(bucket, card);
    await endpoint.store.remove(bucket, statusKey('torn'));
  });

  it('returns problem documents for a dataset without a run, also for the event stream', async () => {
    for (const path of ['', '/events', '/report', '/images']) {
      expect(await endpoint.call(`/datasets/unheard-of${path}`)).toMatchObject({
        status: 404,
        body: { detail: expect.stringContaining('unheard-of') },
      });
    }
    const nobody = { status: 404, body: { detail: 'No run found for the dataset unheard-of.' } };
    expect(await endpoint.call('/datasets/unheard-of/cancel', {})).toMatchObject(nobody);
    expect(await decide('unheard-of', 'approve')).toMatchObject(nobody);
  });

  it('starts a run by an S3 event, cancels it by request, and does not start the cancelled upload again', async () => {
    const key = await upload('cut-short', archives[0] ?? Buffer.of());
    expect(await announce(key)).toMatchObject({ outcome: 'started', dataset: 'cut-short' });
    await untilWaiting('cut-short');
    expect((await endpoint.call('/datasets/cut-short/cancel', {})).body).toMatchObject({
      stage: 'cancelled',
    });
    expect(await announce(key)).toMatchObject({ outcome: 'known' });
    expect(await progress('cut-short')).toMatchObject({ stage: 'cancelled' });
  });

  it('keeps the newer upload if the event of an older one is repeated or late', async () => {
    const forgotten = await upload('order', archives[0] ?? Buffer.of());
    const a = await upload('order', archives[0] ?? Buffer.of());
    const sendLater = await openUpload('order', archives[1] ?? Buffer.of());
    expect(await announce(a)).toMatchObject({ outcome: 'started' });
    await untilWaiting('order');
    const b = await secondLater(sendLater, a);
    expect(await announce(b)).toMatchObject({ outcome: 'deferred', reason: expect.stringContaining(a) });
    await decide('order', 'reject');
    // The stream ends with the outcome, shortly before the workflow completes.
    await temporal.workflow.getHandle(ingestWorkflowId('order')).result();
    expect(await announce(b)).toMatchObject({ outcome: 'started' });
    await untilWaiting('order');
    await decide('order', 'approve');
    await untilEnded('order');

    expect(await announce(a)).toMatchObject({ outcome: 'known' });
    // Of two newer uploads either may be named: the first two have the same time only if they were sent within a second.
    expect(await announce(forgotten)).toMatchObject({
      outcome: 'ignored',
      reason: expect.stringMatching(`newer upload (${a}|${b}) was already ingested`),
    });
    const { ignored } = await sweep();
    expect(ignored.reasons).toEqual([expect.stringContaining(forgotten)]);
    expect(await progress('order')).toMatchObject({
      stage: 'done',
      upload: { key: b },
      images: { total: 14 },
    });
  });

  it('refuses an upload while another one of its dataset is ingested, and does not start it later', async () => {
    const [archive = Buffer.of(), other = Buffer.of()] = archives;
    const first = await upload('occupied', archive);
    const sendLate = await openUpload('occupied', other);
    const notify = (key: string) => endpoint.call('/notify-upload', { key, dataset: 'occupied' });
    expect((await notify(first)).status).toBe(202);
    await untilWaiting('occupied');

    const refusal = {
      status: 409,
      body: { detail: expect.stringContaining(`occupied is already being ingested from ${first}`) },
    };
    expect(await presign('occupied', other)).toMatchObject(refusal);
    const late = await sendLate();
    expect(await notify(late)).toMatchObject(refusal);

    await decide('occupied', 'reject');
    await temporal.workflow.getHandle(ingestWorkflowId('occupied')).result();
    expect((await sweep()).started.keys).not.toContain(late);
    expect(await announce(late)).toMatchObject({ outcome: 'ignored' });
    expect(await progress('occupied')).toMatchObject({ stage: 'rejected', upload: { key: first } });
    // Its sender may announce it again.
    expect((await notify(late)).status).toBe(202);
    await untilWaiting('occupied');
    await decide('occupied', 'reject');
  });

  it('the sweep starts ZIPs that were put directly into the bucket, once', async () => {
    const { store, s3 } = pipeline;
    await store.put(s3.bucket, 'landing/put by hand.zip', archives[0] ?? '');
    await store.put(s3.bucket, 'landing/readme.txt', 'no archive');
    await store.put(s3.bucket, 'landing/empty.zip', '');
    const untold = await upload('untold', archives[1] ?? Buffer.of());
    const swept = await sweep();
    expect(new Set(swept.started.keys)).toEqual(new Set(['landing/put by hand.zip', untold]));
    expect(swept.ignored.reasons).toContain('landing/empty.zip: The object is empty.');
    await Promise.all([untilWaiting('by-hand'), untilWaiting('untold')]);
    expect((await sweep()).started.count).toBe(0);
    expect(await progress('by-hand')).toMatchObject({ upload: { key: 'landing/put by hand.zip' } });
  });

  it('schedules the sweep once, with the interval that was set last', async () => {
    await endpoint.client.sweep();
    await endpoint.client.sweep('30m');
    await endpoint.client.sweep();
    const listed = async () => {
      const schedules: string[] = [];
      for await (const { scheduleId } of temporal.schedule.list()) schedules.push(scheduleId);
      return schedules;
    };
    // Temporal lists a schedule only some time after it was created.
    while ((await listed()).length === 0);
    expect(await listed()).toEqual([SWEEP_SCHEDULE_ID]);
    const { spec, action } = await temporal.schedule.getHandle(SWEEP_SCHEDULE_ID).describe();
    expect(spec.intervals).toMatchObject([{ every: 30 * 60_000 }]);
    expect(action).toMatchObject({ workflowType: 'sweepLanding', args: [{ bucket: pipeline.s3.bucket }] });
  });

  /** S3 stores times in whole seconds: repeats until the object is newer than `other`. */
  async function secondLater(put: () => Promise<string>, other: string): Promise<string> {
    const written = async (key: string) =>
      (await pipeline.store.head(pipeline.s3.bucket, key))?.modified ?? 0;
    for (;;) {
      const key = await put();
      if ((await written(key)) > (await written(other))) return key;
      await pipeline.store.remove(pipeline.s3.bucket, key);
    }
  }
});
