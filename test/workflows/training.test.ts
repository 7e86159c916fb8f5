import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ActivityDeps, createImageActivities } from '../../src/activities/index.js';
import { CuratorClient } from '../../src/client/curator-client.js';
import type { TrainingProgress } from '../../src/client/training-reader.js';
import {
  APPROVE_UPDATE,
  type Approval,
  type ApprovalRequest,
  type IngestInput,
  type IngestResult,
  MAX_NOTE_CHARACTERS,
  type TrainerDescription,
} from '../../src/contracts/workflow-io.js';
import type { Trainer } from '../../src/training/trainer.js';
import { needsApproval } from '../../src/workflows/approval.js';
import { roboflowArchive } from '../support/archives.js';
import { ingestInput, type TestPipeline } from '../support/pipeline.js';
import { reaches, trains, useTimeSkipping } from '../support/time-skipping.js';

const HOUR_MS = 3_600_000;

describe('training of an ingest run on the time-skipping server', () => {
  const skipping = useTimeSkipping({ trainingMs: 2.8 * HOUR_MS });
  const { withWorkers, start, ingest, status, text, trainings } = skipping;
  let pipeline: TestPipeline;
  let archive: Buffer;

  beforeAll(async () => {
    pipeline = skipping.pipeline();
    archive = await roboflowArchive(20);
  });

  const input = async (dataset: string, run: Partial<IngestInput['run']> = {}) =>
    ingestInput(dataset, await pipeline.upload(dataset, archive), { run });

  /** The pipeline's dependencies, with these methods of the trainer replaced. */
  function withTrainer(methods: Partial<Trainer>): ActivityDeps {
    const trainer: Trainer = Object.assign(Object.create(pipeline.deps.trainer), methods);
    return { ...pipeline.deps, trainer };
  }

  const waiting = async (dataset: string, deps: ActivityDeps, run: Partial<IngestInput['run']> = {}) => {
    const started = await input(dataset, run);
    return await withWorkers(
      async () => {
        const handle = await start(started);
        const progress = await reaches(handle, 'awaiting-approval');
        await handle.terminate();
        return progress;
      },
      undefined,
      deps,
    );
  };

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
    const deps = withTrainer({
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
    expect((await status('late')).result?.message).toMatch(/over TRAINING_TIMEOUT.*ingest the archive again/);
    const result = await withWorkers(() =>
      ingest({ ...late, run: { ...late.run, trainingTimeoutSecs: 24 * 3600 } }),
    );
    expect(result.outcome).toBe('done');
    expect(trainings() - before).toBe(1);
  });

  it('retrains a failed model version only if a person requests a new attempt', async () => {
    const before = trainings();
    const first = await input('again', { requireApproval: 'true' });
    const bucket = pipeline.s3.bucket;
    const lost = new Map<string, Buffer>();
    const approve = async (run: IngestInput['run'], whileWaiting = async () => {}) =>
      await withWorkers(async () => {
        const handle = await start({ ...first, run });
        await reaches(handle, 'awaiting-approval');
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

  it('waits for approval, with estimated hours and cost, if the trainer is not the emulator', async () => {
    const deps = withTrainer({
      describe: async (images) => ({
        ...(await pipeline.deps.trainer.describe(images)),
        kind: 'rekognition',
      }),
    });
    const { approval } = await waiting('billed', deps);
    expect(approval?.trainer).toMatchObject({
      kind: 'rekognition',
      hourlyRateUsd: 1,
      estimatedHours: 0.9,
      basis: expect.stringContaining('aws.amazon.com/rekognition/pricing'),
    });
  });

  it('waits for approval of a dataset with warnings if so configured, and records the decision in the card', async () => {
    const warned = await input('warned', { requireApproval: 'when-warnings' });
    await withWorkers(async () => {
      const handle = await start(warned);
      await reaches(handle, 'awaiting-approval');
      const refused: [ApprovalRequest, string][] = [
        [{ by: ' ', note: '' }, 'needs the name of the person'],
        [{ by: 'mira', note: 'x'.repeat(MAX_NOTE_CHARACTERS + 1) }, 'a note of at most 2000'],
      ];
      for (const [request, why] of refused) {
        await expect(handle.executeUpdate(APPROVE_UPDATE, { args: [request] })).rejects.toMatchObject({
          cause: { message: expect.stringContaining(why) },
        });
      }
      const approval = await handle.executeUpdate<Approval, [ApprovalRequest]>(APPROVE_UPDATE, {
        args: [{ by: 'mira', note: 'few test images, fine' }],
      });
      const result: IngestResult = await handle.result();
      expect(result.findings.some(({ severity }) => severity === 'warning')).toBe(true);
      expect(JSON.parse(await text(result.uris.modelCard)).approval).toEqual(approval);
    });
  });

  it('refuses a decision while the run does not wait for approval', async () => {
    const unasked = await input('unasked', { preprocess: 'external' });
    await withWorkers(async () => {
      const handle = await start(unasked);
      await reaches(handle, 'preprocessing');
      await expect(
        handle.executeUpdate(APPROVE_UPDATE, { args: [{ by: 'mira', note: '' }] }),
      ).rejects.toMatchObject({ cause: { message: 'unasked is not waiting for approval.' } });
      await handle.terminate();
    });
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
      const deps = withTrainer({
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
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { clock } = pipeline.deps;
    const held = {
      now: clock.now,
      sleep: async (ms: number, signal: AbortSignal) => {
        await gate;
        await clock.sleep(ms, signal);
      },
    };
    await withWorkers(
      async () => {
        const handle = await start(left);
        const { training } = await trains(handle);
        await handle.cancel();
        await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
        const client = new CuratorClient(skipping.env().client, pipeline.store, pipeline.s3.bucket);
        const seen: TrainingProgress[] = [];
        for await (const progress of client.trainings.watch('left', training?.modelVersion)) {
          seen.push(progress);
          if (progress.service) open();
        }
        expect(seen.find(({ service }) => service)?.service?.status).toBe('TRAINING_IN_PROGRESS');
        expect(seen.at(-1)?.result?.modelCardKey).toBe(`datasets/left/models/${training?.modelVersion}.json`);
        await expect(client.trainings.watch('left', 'no-such-r1').next()).rejects.toThrow(
          /No training workflow found for left.*not trained twice/,
        );
      },
      createImageActivities(pipeline.deps),
      { ...pipeline.deps, clock: held },
    );
  });
});

describe('training on a service that throttles and fails', () => {
  // Half of the errors are sent after the call took effect. The SDK's retry delays are real, so the training is short.
  const chaos = 'throttle=0.2,overload=0.05,error=0.2';
  const skipping = useTimeSkipping({ trainingMs: HOUR_MS / 6, chaos });

  it('completes, and is started once', async () => {
    const upload = await skipping.pipeline().upload('shaky', await roboflowArchive(20));
    const result = await skipping.withWorkers(() => skipping.ingest(ingestInput('shaky', upload)));
    expect(result).toMatchObject({ outcome: 'done', training: { status: 'TRAINING_COMPLETED' } });
    expect(result.training?.seconds).toBeGreaterThanOrEqual(600);
    expect(skipping.trainings()).toBe(1);
  });
});

describe('needsApproval', () => {
  const trainer = (kind: TrainerDescription['kind']): TrainerDescription => ({
    kind,
    account: null,
    region: 'us-east-1',
    hourlyRateUsd: 1,
    estimatedHours: 2.8,
  });

  it.each([
    ['auto', 'emulator', 3, false],
    ['auto', 'rekognition', 0, true],
    ['true', 'emulator', 0, true],
    ['true', 'rekognition', 0, true],
    ['false', 'emulator', 3, false],
    ['false', 'rekognition', 3, false],
    ['when-warnings', 'rekognition', 0, false],
    ['when-warnings', 'emulator', 1, true],
    ['when-warnings', 'rekognition', 1, true],
  ] as const)('REQUIRE_APPROVAL=%s, trainer %s, %i warnings: %s', (setting, kind, warnings, needed) => {
    expect(needsApproval(setting, trainer(kind), warnings)).toBe(needed);
  });
});
