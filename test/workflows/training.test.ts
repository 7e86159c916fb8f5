import { DescribeProjectsCommand } from '@aws-sdk/client-rekognition';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createImageActivities } from '../../src/activities/index.js';
import { CuratorClient } from '../../src/client/curator-client.js';
import type { TrainingProgress } from '../../src/client/training-reader.js';
import { APPROVE_UPDATE, type IngestInput, type IngestResult } from '../../src/contracts/workflow-io.js';
import { TrainingError } from '../../src/training/errors.js';
import { roboflowArchive } from '../support/archives.js';
import { ingestInput, type TestPipeline } from '../support/pipeline.js';
import { heldClock, untilStage, untilTraining, useTimeSkipping } from '../support/time-skipping.js';

const HOUR_MS = 3_600_000;

describe('training of an ingest run on the time-skipping server', () => {
  // Longer than the training timeout of an hour that some runs have; each simulated minute is a poll.
  const skipping = useTimeSkipping({ trainingMs: 1.1 * HOUR_MS });
  const { withWorkers, input, start, ingest, status, text, trainings } = skipping;
  let pipeline: TestPipeline;

  beforeAll(() => {
    pipeline = skipping.pipeline();
  });

  it('ends as rejected-by-quality, with a model card, if F1 is below MIN_F1', async () => {
    const poor = await pipeline.upload('gated', await roboflowArchive(20, 2, { scattered: true }));
    const result = await withWorkers(() => ingest(ingestInput('gated', poor, { run: { minF1: 1 } })));
    expect(result).toMatchObject({
      outcome: 'rejected-by-quality',
      message: expect.stringContaining('is below MIN_F1=1'),
    });
    const card = JSON.parse(await text(result.uris.modelCard));
    expect(card.evaluation.f1).toBe(result.evaluation?.f1);
    expect((await status('gated')).stage).toBe('rejected-by-quality');
  });

  it('ends as done, with a model card, if the evaluation of the training cannot be read', async () => {
    const started = await input('unread');
    const deps = skipping.withTrainer({
      describeVersion: async (model) => {
        const version = await pipeline.deps.trainer.describeVersion(model);
        const Summary = { S3Object: { Bucket: pipeline.s3.bucket, Name: 'nowhere/summary.json' } };
        return version.EvaluationResult ? { ...version, EvaluationResult: { Summary } } : version;
      },
    });
    const result = await withWorkers(() => ingest(started), undefined, deps);
    expect(result).toMatchObject({
      outcome: 'done',
      message: expect.stringMatching(
        /is trained, but its evaluation could not be read: .*nowhere\/summary.json/,
      ),
      evaluation: null,
      training: { projectVersionArn: expect.stringContaining(':project/') },
    });
    const card = JSON.parse(await text(result.uris.modelCard));
    expect(card).toMatchObject({ evaluation: null, model: { status: 'TRAINING_COMPLETED' } });
    expect(card.evaluationProblem).toContain('nowhere/summary.json');
  });

  it('fails at TRAINING_TIMEOUT, and ingesting again joins the training instead of paying for another', async () => {
    const before = trainings();
    const late = await input('late', { trainingTimeoutSecs: 3600 });
    await withWorkers(async () => {
      await expect(ingest(late)).rejects.toMatchObject({ cause: { type: 'TrainingTimeout' } });
    });
    expect((await status('late')).result?.message).toMatch(
      /longer than TRAINING_TIMEOUT.*ingest the same archive again/,
    );
    const result = await withWorkers(() =>
      ingest({ ...late, run: { ...late.run, trainingTimeoutSecs: 24 * 3600 } }),
    );
    expect(result.outcome).toBe('done');
    expect(trainings() - before).toBe(1);
  });

  it('a training is joined again by attach after its workflow has failed, and writes its model card', async () => {
    const before = trainings();
    const impatient = await input('impatient', { trainingTimeoutSecs: 3600 });
    const client = new CuratorClient(skipping.env().client, pipeline.store, pipeline.s3.bucket);
    const last = await withWorkers(async () => {
      await expect(ingest(impatient)).rejects.toMatchObject({ cause: { type: 'TrainingTimeout' } });
      const { training } = await status('impatient');
      const join = () => client.trainings.rejoin('impatient', training?.modelVersion, 24 * 3600);
      expect(await join()).toContain('longer than TRAINING_TIMEOUT');
      let latest: TrainingProgress | undefined;
      for await (const progress of client.trainings.watch('impatient', training?.modelVersion))
        latest = progress;
      expect(await join()).toBeUndefined();
      return latest;
    });
    expect(last?.result?.evaluation).not.toBeNull();
    expect(JSON.parse(await text(`s3://${pipeline.s3.bucket}/${last?.result?.modelCardKey}`))).toMatchObject({
      dataset: 'impatient',
      model: { status: 'TRAINING_COMPLETED' },
    });
    const report = last?.result?.modelCardKey.replace(/json$/, 'html');
    expect(await text(`s3://${pipeline.s3.bucket}/${report}`)).toContain('What kind of error?');
    expect(trainings() - before).toBe(1);
  });

  it('a training is not started by attach if the service has refused it', async () => {
    const before = trainings();
    const refused = await input('refused-start');
    const client = new CuratorClient(skipping.env().client, pipeline.store, pipeline.s3.bucket);
    let modelVersion = '';
    const deps = skipping.withTrainer({
      createModelVersion: async (model) => {
        ({ modelVersion } = model);
        throw new TrainingError('TrainerRefused', 'The service does not want it.');
      },
    });
    await withWorkers(
      async () => {
        await expect(ingest(refused)).rejects.toMatchObject({ cause: { type: 'TrainerRefused' } });
        const joined = await client.trainings.rejoin('refused-start', modelVersion, 3600);
        expect(joined).toContain('does not want it');
        const untilEnd = async () => {
          for await (const { result } of client.trainings.watch('refused-start', modelVersion))
            expect(result).toBeNull();
        };
        await expect(untilEnd()).rejects.toThrow(/has no model version .*never started/);
      },
      undefined,
      deps,
    );
    expect(trainings() - before).toBe(0);
  });

  it('trains a failed model version again only if a person requests a new attempt', async () => {
    const before = trainings();
    const first = await input('again', { requireApproval: 'true' });
    const bucket = pipeline.s3.bucket;
    const lost = new Map<string, Buffer>();
    const approve = async (run: IngestInput['run'], whileWaiting = async () => {}) =>
      await withWorkers(async () => {
        const handle = await start({ ...first, run });
        await untilStage(handle, 'awaiting-approval');
        await whileWaiting();
        await handle.executeUpdate(APPROVE_UPDATE, { args: [{ by: 'mira', note: '' }] });
        return await handle.result().catch((error: { cause?: unknown }) => error.cause);
      });
    const failed = await approve(first.run, async () => {
      for await (const { key } of pipeline.store.list(bucket, 'datasets/again/preprocessed/')) {
        lost.set(key, await pipeline.store.getBytes(bucket, key));
        await pipeline.store.remove(bucket, key);
      }
    });
    expect(failed).toMatchObject({
      type: 'TrainingFailed',
      message: expect.stringContaining('--retry-training'),
    });
    for (const [key, bytes] of lost) await pipeline.store.put(bucket, key, bytes);

    expect(await approve(first.run)).toMatchObject({ type: 'TrainingFailed' });
    expect(trainings() - before).toBe(1);
    const retried = (await approve({ ...first.run, trainingAttempt: 2 })) as IngestResult;
    expect(retried).toMatchObject({
      outcome: 'done',
      training: { modelVersion: expect.stringMatching(/-r2$/) },
    });
    expect(trainings() - before).toBe(2);
  });

  it.each(['before', 'after'] as const)(
    'cancelled just %s the service accepts the training: stops it, or lets it complete',
    async (when) => {
      const before = trainings();
      const cancelled = await input(`cancelled-${when}`);
      let called = () => {};
      const calling = new Promise<void>((resolve) => {
        called = resolve;
      });
      const deps = skipping.withTrainer({
        createModelVersion: async (model, signal) => {
          const arn = when === 'after' ? await pipeline.deps.trainer.createModelVersion(model) : '';
          called();
          // The response is delayed until the cancellation.
          await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
          return arn;
        },
      });
      const result = await withWorkers(
        async () => {
          const handle = await start(cancelled);
          await calling;
          await handle.cancel();
          return await handle.result().catch((error: { cause?: unknown }) => error.cause);
        },
        undefined,
        deps,
      );
      expect(result).toMatchObject({ name: 'CancelledFailure' });
      expect(trainings() - before).toBe(when === 'after' ? 1 : 0);
      const { result: recorded } = await status(`cancelled-${when}`);
      if (when === 'after') expect(recorded?.message).toMatch(/^Cancelled\. The training arn:.* continues/);
      else expect(recorded).toMatchObject({ outcome: 'cancelled' });
    },
  );

  it('can be watched to its model card after its run was cancelled', async () => {
    const left = await input('left');
    const { clock, release } = heldClock(pipeline.deps.clock);
    await withWorkers(
      async () => {
        const handle = await start(left);
        const { training } = await untilTraining(handle);
        await handle.cancel();
        await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
        const client = new CuratorClient(skipping.env().client, pipeline.store, pipeline.s3.bucket);
        const seen: TrainingProgress[] = [];
        for await (const progress of client.trainings.watch('left', training?.modelVersion)) {
          seen.push(progress);
          if (progress.service) release();
        }
        expect(seen.find(({ service }) => service)?.service?.status).toBe('TRAINING_IN_PROGRESS');
        expect(seen.at(-1)?.result?.modelCardKey).toBe(`datasets/left/models/${training?.modelVersion}.json`);
        await expect(client.trainings.watch('left', 'no-such-r1').next()).rejects.toThrow(
          /No training workflow found for left.*not trained twice/,
        );
      },
      createImageActivities(pipeline.deps),
      { ...pipeline.deps, clock },
    );
  });
});

describe('training after a person has opened the Rekognition console', () => {
  const skipping = useTimeSkipping({ trainingMs: HOUR_MS, chaos: 'open-console=1' });
  const { withWorkers, ingest, start, input, text, trainings } = skipping;
  const projectOf = (result: IngestResult) => result.training?.projectVersionArn.split('/')[1];

  it('trains the next upload in a new project, shows it, and changes no dataset of the console', async () => {
    const { rekognition, upload } = skipping.pipeline();
    const one = await withWorkers(async () => ingest(await input('opened')));
    expect([one.outcome, projectOf(one)]).toEqual(['done', 'opened']);
    const described = () => rekognition.send(new DescribeProjectsCommand({ ProjectNames: ['opened'] }));
    const before = (await described()).ProjectDescriptions;
    expect(before?.[0]?.Datasets).toHaveLength(2);

    const second = await upload('opened', await roboflowArchive(24));
    const two = await withWorkers(async () => {
      const handle = await start(ingestInput('opened', second, { run: { requireApproval: 'true' } }));
      const { approval } = await untilStage(handle, 'awaiting-approval');
      expect(approval?.trainer).toMatchObject({
        project: 'opened-P2',
        projectNote: expect.stringContaining(
          'does not train from manifests in a project with datasets (opened)',
        ),
      });
      await handle.executeUpdate(APPROVE_UPDATE, { args: [{ by: 'mira', note: '' }] });
      const result: IngestResult = await handle.result();
      return result;
    });
    expect([two.outcome, projectOf(two)]).toEqual(['done', 'opened-P2']);
    expect(JSON.parse(await text(two.uris.modelCard)).model.project).toBe('opened-P2');
    expect((await described()).ProjectDescriptions).toEqual(before);

    const again = await withWorkers(async () => ingest(await input('opened')));
    expect(again.training?.projectVersionArn).toBe(one.training?.projectVersionArn);
    expect(trainings()).toBe(2);
  });
});
