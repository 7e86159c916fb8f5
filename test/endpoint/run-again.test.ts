import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Progress } from '../../src/contracts/workflow-io.js';
import { versionKey } from '../../src/dataset/model/layout.js';
import type { History, LastSettings } from '../../src/endpoint/schemas.js';
import { roboflowArchive } from '../support/archives.js';
import { type RunningEndpoint, startRunningEndpoint } from '../support/running-endpoint.js';

const presignedSchema = z.object({ url: z.string(), key: z.string() });
const startedSchema = z.object({ runId: z.string() });

describe('running the archive of a dataset again over HTTP', () => {
  let running: RunningEndpoint;
  let key: string;
  let first: Progress;

  beforeAll(async () => {
    running = await startRunningEndpoint({ MIN_CLASS_IMAGES: '2' });
    const archive = await roboflowArchive(12);
    const path = `/data-presign?filename=a.zip&size=${archive.length}&dataset=skin`;
    const presigned = presignedSchema.parse((await running.endpoint.call(path)).body);
    ({ key } = presigned);
    await fetch(presigned.url, { method: 'PUT', body: archive });
    await notify();
    first = await ended();
  });
  afterAll(async () => await running.stop());

  const notify = async () => {
    const request = { key, dataset: 'skin', settings: { valSplit: 0.25 } };
    return startedSchema.parse((await running.endpoint.call('/notify-upload', request)).body);
  };
  const again = async (settings: object) => await running.endpoint.call('/datasets/skin/runs', { settings });
  const settings = async () =>
    ((await running.endpoint.call('/datasets/skin/settings')).body as LastSettings).settings;
  async function ended(): Promise<Progress> {
    for await (const progress of running.endpoint.client.watch('skin')) if (progress.result) return progress;
    throw new Error('The run has no result.');
  }

  it('returns the settings of the latest run', async () => {
    expect(await settings()).toMatchObject({ valSplit: 0.25, minClassImages: 2, imageMaxSide: 1280 });
  });

  it('starts no run if nothing was changed and the run is done', async () => {
    expect(await again({ valSplit: 0.25 })).toMatchObject({ status: 202, body: { runId: first.runId } });
  });

  it('trains a version with the changed settings, keeps the others, and offers them for the next run', async () => {
    const { status, body } = await again({ valSplit: 0.5 });
    expect(status).toBe(202);
    const second = await ended();
    expect(second.runId).toBe(startedSchema.parse(body).runId);
    expect(second.runId).not.toBe(first.runId);
    expect(second.result?.outcome).toBe('done');
    expect(second.version).not.toBe(first.version);
    expect(second.result?.images).toMatchObject({ train: 6, val: 6 });
    expect(await settings()).toMatchObject({ valSplit: 0.5, minClassImages: 2 });
  });

  it('lists both runs and both versions, newest first, and says which has a list of doubtful labels', async () => {
    const list = versionKey('skin', first.version ?? '', 'doubtful_labels.json');
    await running.endpoint.store.putJson(first.upload.bucket, list, '{}');
    const { body } = await running.endpoint.call('/datasets/skin/history');
    const { runs, versions } = body as History;
    const second = await ended();
    expect(runs.map(({ runId }) => runId)).toEqual([second.runId, first.runId]);
    expect(runs[1]).toMatchObject({ upload: key, ended: expect.any(String) });
    expect(versions).toMatchObject([
      { version: second.version, isCrossValidated: false },
      { version: first.version, isCrossValidated: true },
    ]);
  });

  it('leaves the run of the original upload as it is', async () => {
    expect(await notify()).toEqual({ ...(await notify()), runId: first.runId });
  });

  it('says that the archive has to be uploaded again if it was deleted', async () => {
    const { upload } = await ended();
    await running.endpoint.store.remove(upload.bucket, upload.key);
    expect(await again({ valSplit: 0.3 })).toMatchObject({
      status: 404,
      body: { detail: expect.stringMatching(/was deleted or replaced\. Upload it again\.$/) },
    });
  });
});
