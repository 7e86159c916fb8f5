import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CrossValidating } from '../../src/activities/cross-validating/cross-validating.js';
import { crossValidateVersion } from '../../src/cross-validation/cross-validate-version.js';
import { DatasetError } from '../../src/dataset/model/errors.js';
import { statusKey, versionKey } from '../../src/dataset/model/layout.js';
import type { CrossValidationDocument } from '../../src/endpoint/model-schemas.js';
import { roboflowArchive } from '../support/archives.js';
import { type RunningEndpoint, startRunningEndpoint } from '../support/running-endpoint.js';
import { makeVersion } from '../support/versions.js';

/** Cross-validates `small`, fails for `broken`, and continues until it is stopped for all other datasets. */
const run: CrossValidating['run'] = async (input, report, signal) => {
  if (input.dataset === 'small') {
    await crossValidateVersion(running.pipeline.store, input, report, signal);
    return;
  }
  if (input.dataset === 'broken') throw new DatasetError('ArchiveUnsafe', 'It needs too much memory.');
  report({ fitted: 4, fits: 9 });
  await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
};
let running: RunningEndpoint;

describe('the cross-validation of a dataset over HTTP', () => {
  beforeAll(async () => {
    running = await startRunningEndpoint({}, {}, { crossValidating: { run } });
  });
  afterAll(async () => await running?.stop());

  const versionOf = async (dataset: string) =>
    (await makeVersion(running.pipeline, dataset, await roboflowArchive(12, 2))).version;
  const pathOf = (dataset: string, version?: string) =>
    `/datasets/${dataset}/cross-validation${version ? `?version=${version}` : ''}`;
  const start = async (dataset: string) => await running.endpoint.call(pathOf(dataset), {});

  async function until(
    dataset: string,
    version: string,
    reached: (document: CrossValidationDocument) => boolean,
  ): Promise<CrossValidationDocument> {
    for (;;) {
      const { status, body } = await running.endpoint.call(pathOf(dataset, version));
      expect(status).toBe(200);
      if (reached(body as CrossValidationDocument)) return body as CrossValidationDocument;
      // The endpoint has a rate limit.
      await setTimeout(100);
    }
  }

  it('gives learning curves and the doubtful labels of all images, also as CSV', async () => {
    const version = await versionOf('small');
    expect(await until('small', version, () => true)).toEqual({
      ...{ version, running: null, failure: null, classes: null, labels: null },
    });
    expect(await start('small')).toMatchObject({ status: 202, body: { version } });
    const { classes, labels, failure } = await until('small', version, (one) => one.running === null);
    expect(failure).toBeNull();
    expect(classes?.map(({ points }) => points.length)).toEqual(classes?.map(() => 3));
    expect(labels).toMatchObject({ images: 12, total: labels?.doubts.length });
    const csv = await running.endpoint.call(`/datasets/small/cross-validation/labels.csv?version=${version}`);
    expect(csv.headers.get('content-disposition')).toContain('small.doubtful-labels.csv');
    expect(String(csv.body).trimEnd().split('\r\n')).toHaveLength(1 + (labels?.total ?? 0));
  });

  it('shows its progress, runs once however often it is started, and can be stopped', async () => {
    const version = await versionOf('slow');
    await start('slow');
    expect(await start('slow')).toMatchObject({ status: 202 });
    const started = await until('slow', version, ({ running: now }) => now?.counts?.fitted === 4);
    expect(started.running).toMatchObject({
      counts: { fitted: 4, fits: 9 },
      waiting: null,
      isStopping: false,
    });
    const stopped = await running.endpoint.call(pathOf('slow', version), undefined, 'DELETE');
    expect(stopped.status).toBe(204);
    await until('slow', version, ({ running: now }) => now?.isStopping === true);
    const after = await until('slow', version, ({ running: now }) => now === null);
    expect(after).toMatchObject({ failure: null, labels: null });
    expect(await running.endpoint.call(pathOf('slow', version), undefined, 'DELETE')).toMatchObject({
      status: 409,
      body: { detail: 'The images of slow are not being examined: that has ended.' },
    });
  });

  it('says why it failed, and can be started again', async () => {
    const version = await versionOf('broken');
    await start('broken');
    const failed = await until('broken', version, ({ running: now }) => now === null);
    expect(failed.failure).toBe('It needs too much memory.');
    expect(await start('broken')).toMatchObject({ status: 202 });
  });

  it('is refused for a dataset without a valid version and for an invalid dataset name', async () => {
    const { bucket } = running.pipeline.s3;
    await running.pipeline.store.put(bucket, statusKey('refused'), '{}');
    expect(await start('refused')).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/^Dataset refused has no version that passed validation/) },
    });
    expect(await start('nothing')).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/^The dataset nothing does not exist\./) },
    });
    expect((await start('..%2Fother')).status).toBe(400);
    expect((await running.endpoint.call(pathOf('small', '..'))).status).toBe(400);
  });

  it('says which document of the bucket cannot be read', async () => {
    const { store, s3 } = running.pipeline;
    const version = 'f'.repeat(16);
    await store.putJson(s3.bucket, versionKey('torn', version, 'doubtful_labels.json'), '{"doubts":');
    expect(await running.endpoint.call(pathOf('torn', version))).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('doubtful_labels.json') },
    });
  });
});
