import { GetObjectAclCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure, activityInfo } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities, createImageActivities } from '../../src/activities/index.js';
import {
  type IngestResult,
  PREPROCESS_PROGRESS_SIGNAL,
  PREPROCESS_READY_SIGNAL,
} from '../../src/contracts/workflow-io.js';
import { parseS3Uri, s3Uri } from '../../src/lib/s3-uri.js';
import { validationReportSchema } from '../../src/pipeline/validation-report-schema.js';
import { setupBucket } from '../../src/storage/bucket.js';
import { picture, zipOf } from '../support/archives.js';
import { versionImagesOf } from '../support/json-lines.js';
import { ingestInput, SMALL_DATASET, type TestPipeline } from '../support/pipeline.js';
import { heldClock, untilStage, untilTraining, useTimeSkipping } from '../support/time-skipping.js';

const TRAINING_HOURS = 2.8;

describe('ingestDataset on the time-skipping server', () => {
  const skipping = useTimeSkipping({ trainingMs: TRAINING_HOURS * 3_600_000, images: 20 });
  const { withWorkers, start, ingest, status, text, trainings } = skipping;
  let pipeline: TestPipeline;
  let archive: Buffer;

  beforeAll(async () => {
    pipeline = skipping.pipeline();
    archive = await skipping.smallArchive();
  });

  it('takes an archive to a model card through a training of 2.8 hours', async () => {
    const upload = await pipeline.upload('full', archive);
    const result = await withWorkers(() => ingest(ingestInput('full', upload)));

    expect(result).toMatchObject({
      outcome: 'done',
      images: { found: 20, used: 20, rejected: 0, train: 18, val: 2 },
      training: { status: 'TRAINING_COMPLETED', trainer: 'emulator' },
    });
    const hours = (result.training?.seconds ?? 0) / 3600;
    expect(hours).toBeGreaterThanOrEqual(TRAINING_HOURS);
    expect(hours).toBeLessThan(TRAINING_HOURS + 0.1);
    const card = JSON.parse(await text(result.uris.modelCard));
    const quality = {
      quality: 'unreliable',
      qualityReasons: expect.arrayContaining([
        { code: 'FEW_VAL_IMAGES', text: 'There are 2 validation images.' },
      ]),
    };
    expect(result).toMatchObject(quality);
    expect(card).toMatchObject(quality);
    expect(await status('full')).toMatchObject(quality);
    expect(card.evaluation).toMatchObject({
      testImages: 2,
      note: 'local baseline, not measured by Rekognition',
    });
    expect(card.model.projectVersionArn).toBe(result.training?.projectVersionArn);
    expect((await text(result.uris.train)).trimEnd().split('\n')).toHaveLength(18);
    const images = versionImagesOf(
      await text(result.uris.train?.replace('train.manifest', 'images.jsonl') ?? null),
    );
    expect(images.filter(({ split }) => split === 'val')).toHaveLength(2);
    const refs = (await text(result.uris.train))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)['source-ref']);
    expect(
      images.filter(({ split }) => split === 'train').map(({ key }) => s3Uri({ bucket: upload.bucket, key })),
    ).toEqual(refs);
    validationReportSchema.parse(JSON.parse(await text(result.uris.report)));
    expect((await status('full')).stage).toBe('done');
  });

  it('writes the same bytes from a second upload of the same archive, and does not train again', async () => {
    const first = await pipeline.upload('again', archive);
    const one = await withWorkers(() => ingest(ingestInput('again', first)));
    const before = trainings();
    const manifests = [await text(one.uris.train), await text(one.uris.val)];

    const second = { ...first, key: 'landing/again/other/again.zip' };
    await pipeline.store.copy(first.bucket, first.key, second.key);
    const two = await withWorkers(() => ingest(ingestInput('again', second)));

    expect([await text(two.uris.train), await text(two.uris.val)]).toEqual(manifests);
    expect(two.training?.projectVersionArn).toBe(one.training?.projectVersionArn);
    expect(trainings()).toBe(before);
  });

  it('starts no image batch if only a setting of curating was changed', async () => {
    const upload = await pipeline.upload('recurated', archive);
    await withWorkers(() => ingest(ingestInput('recurated', upload)));
    const settings = { ...SMALL_DATASET, perClassCap: 8 };
    let started = 0;
    const counting = {
      preprocessBatch: async () => {
        started += 1;
        return { images: 0, rejected: 0 };
      },
    };
    const result = await withWorkers(() => ingest(ingestInput('recurated', upload, { settings })), counting);
    expect(result).toMatchObject({ outcome: 'done', images: { found: 20 } });
    expect(result.images?.used).toBeLessThan(20);
    expect(started).toBe(0);
  });

  it('fails as PreprocessNotReady if a batch keeps failing until the READY wait expires', async () => {
    const upload = await pipeline.upload('stalled', archive);
    const failing = {
      preprocessBatch: async () => {
        throw new Error('the disk is broken');
      },
    };
    const failure = await withWorkers(async () => {
      const handle = await start(ingestInput('stalled', upload));
      return await handle.result().catch((error: unknown) => error);
    }, failing);

    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect((failure as WorkflowFailedError).cause).toMatchObject({ type: 'PreprocessNotReady' });
    expect(await status('stalled')).toMatchObject({
      stage: 'failed',
      result: { message: expect.stringContaining('WAIT_PREPROC_READY_SECS') },
    });
  });

  it('lets the curation of the largest dataset compute for minutes without a heartbeat', async () => {
    const upload = await pipeline.upload('largest', archive);
    let heartbeatMs: number | undefined;
    const activities = {
      ...createActivities(pipeline.deps),
      inspectArchive: async () => ({
        ...{ archiveId: 'a', datasetVersion: 'b', version: '0123456789abcdef', batches: 0, images: 250_000 },
      }),
      markReady: async () => undefined,
      convertManifest: async () => {
        heartbeatMs = activityInfo().heartbeatTimeoutMs;
        throw ApplicationFailure.nonRetryable('seen');
      },
    };
    await withWorkers(
      () => ingest(ingestInput('largest', upload)).catch((error: unknown) => error),
      undefined,
      undefined,
      activities,
    );
    expect(heartbeatMs).toBeGreaterThan(4 * 60_000);
  });

  it('completes as refused, with advice and a report, if no class has enough images', async () => {
    const upload = await pipeline.upload('unfit', archive);
    const settings = { ...SMALL_DATASET, minClassImages: 40 };
    const result = await withWorkers(() => ingest(ingestInput('unfit', upload, { settings })));
    expect(result.outcome).toBe('refused');
    expect(result.message).toMatch(/class-1 14, class-0 13.*MIN_CLASS_IMAGES=14/s);
    expect(await status('unfit')).toMatchObject({ stage: 'refused', quality: 'unfit' });
    expect(result.qualityReasons).toEqual([{ code: 'NoClassLeft', text: result.message }]);
    expect(result.findings).toMatchObject([{ code: 'NoClassLeft', severity: 'error' }]);
    const report = validationReportSchema.parse(JSON.parse(await text(result.uris.report)));
    expect(report).toMatchObject({
      images: { found: 20, used: 0, left: { emptiedByClassDrop: 20 } },
      summary: { fit: false, message: result.message },
      labelsFound: [
        { label: 'class-0', images: 13 },
        { label: 'class-1', images: 14 },
      ],
      settings: { minClassImages: 40 },
      lineage: { dataset: 'unfit', datasetVersion: expect.stringMatching(`^${result.version}`) },
    });
    expect(report.findings[0]?.code).toBe('NoClassLeft');
  });

  it('completes as refused if the archive has no COCO file', async () => {
    const upload = await pipeline.upload('bare', await zipOf({ 'a.jpg': await picture(1) }));
    const result = await withWorkers(() => ingest(ingestInput('bare', upload)));
    expect(result).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('no usable COCO file'),
      findings: [{ code: 'CocoMissing' }],
      uris: { report: null },
    });
  });

  it('names the ARN if it is cancelled during the training, which a later run joins', async () => {
    const upload = await pipeline.upload('paid', archive);
    const { clock, release } = heldClock(pipeline.deps.clock);
    const before = trainings();
    await withWorkers(
      async () => {
        const handle = await start(ingestInput('paid', upload));
        const { training } = await untilTraining(handle);
        await handle.cancel();
        await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
        const cancelled = await status('paid');
        expect(cancelled.stage).toBe('cancelled');
        expect(cancelled.result?.message).toContain(training?.projectVersionArn);

        // A second run joins the training that the first one left running.
        const again = { ...upload, key: 'landing/paid/again/paid.zip' };
        await pipeline.store.copy(upload.bucket, upload.key, again.key);
        const second = await start(ingestInput('paid', again));
        await untilStage(second, 'training');
        release();
        const result: IngestResult = await second.result();
        expect(result.training?.projectVersionArn).toBe(training?.projectVersionArn);
        expect(trainings()).toBe(before + 1);
      },
      undefined,
      { ...pipeline.deps, clock },
    );
  });

  it('makes only the manifests public-read if MANIFEST_ACCESS is acl', async () => {
    await setupBucket(pipeline.store.client, { bucket: pipeline.s3.bucket, manifestAccess: 'acl' });
    const upload = await pipeline.upload('public', archive);
    const input = ingestInput('public', upload, { run: { manifestAccess: 'acl' } });
    const { uris } = await withWorkers(() => ingest(input));
    const isPublic = async (uri: string | null) => {
      const Key = parseS3Uri(uri ?? '')?.key;
      const acl = await pipeline.store.client.send(
        new GetObjectAclCommand({ Bucket: pipeline.s3.bucket, Key }),
      );
      return (acl.Grants ?? []).some(({ Grantee, Permission }) => {
        return Grantee?.URI?.endsWith('/AllUsers') && Permission === 'READ';
      });
    };
    expect(await Promise.all([uris.train, uris.val].map(isPublic))).toEqual([true, true]);
    expect(await Promise.all([uris.labelsTxt, uris.report, uris.modelCard].map(isPublic))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('waits for an external preprocessor as long as it signals progress', async () => {
    const upload = await pipeline.upload('external', archive);
    const input = ingestInput('external', upload, { run: { preprocess: 'external' } });
    const result = await withWorkers<IngestResult>(async () => {
      const handle = await start(input);
      const { version } = await untilStage(handle, 'preprocessing');
      for (const images of [3, 9]) {
        await skipping.env().sleep('9 minutes');
        await handle.signal(PREPROCESS_PROGRESS_SIGNAL, { images, rejected: 0 });
      }
      const ref = { bucket: upload.bucket, dataset: 'external', version: version ?? '' };
      const batch = { ...ref, upload, settings: input.settings, batch: 0 };
      await new MockActivityEnvironment().run(createImageActivities(pipeline.deps).preprocessBatch, batch);
      await handle.signal(PREPROCESS_READY_SIGNAL, { images: 20, rejected: 0 });
      return await handle.result();
    });
    expect(result).toMatchObject({ outcome: 'done', images: { used: 20 } });
  });
});
