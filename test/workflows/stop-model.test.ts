import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ActivityDeps, createImageActivities } from '../../src/activities/index.js';
import { ModelGuard } from '../../src/client/model-guard.js';
import { stopModelWorkflowId } from '../../src/contracts/workflow-io.js';
import { type ModelRef, type ModelRunner, parseModelArn } from '../../src/models/model-runner.js';
import { TrainingError } from '../../src/training/errors.js';
import { roboflowArchive } from '../support/archives.js';
import { ingestInput, type TestPipeline } from '../support/pipeline.js';
import { useTimeSkipping } from '../support/time-skipping.js';

const MINUTE_MS = 60_000;

describe('stopModel on the time-skipping server', () => {
  const skipping = useTimeSkipping({ trainingMs: 0 });
  let pipeline: TestPipeline;

  beforeAll(() => {
    pipeline = skipping.pipeline();
  });

  const status = async (model: ModelRef) => (await pipeline.deps.models.status(model)).status;

  /** Trains a model of this dataset and starts it. */
  async function running(dataset: string): Promise<ModelRef> {
    const upload = await pipeline.upload(dataset, await roboflowArchive(20));
    const result = await skipping.withWorkers(() => skipping.ingest(ingestInput(dataset, upload)));
    const model = parseModelArn(result.training?.projectVersionArn ?? '');
    if (!model) throw new Error(result.message);
    const signal = new AbortController().signal;
    await pipeline.deps.models.start(model, signal);
    await pipeline.deps.models.untilRunning(model, signal);
    return model;
  }

  /** Guards the model until each of these minutes; returns the minutes until the guard has ended. */
  async function guarded(
    model: ModelRef,
    minutes: readonly number[],
    deps: ActivityDeps = pipeline.deps,
  ): Promise<number> {
    const { client } = skipping.env();
    const guard = new ModelGuard(client);
    const start = await skipping.env().currentTimeMs();
    return await skipping.withWorkers(
      async () => {
        for (const later of minutes) await guard.keepUntil(model, start + later * MINUTE_MS);
        const handle = client.workflow.getHandle(stopModelWorkflowId(model));
        await handle.result();
        const { closeTime } = await handle.describe();
        return ((closeTime?.getTime() ?? start) - start) / MINUTE_MS;
      },
      createImageActivities(deps),
      deps,
    );
  }

  it('stops the model after the latest requested time, even if an earlier time is requested last', async () => {
    const model = await running('kept');
    expect(await status(model)).toBe('RUNNING');
    const minutes = await guarded(model, [30, 90, 60]);
    expect(minutes).toBeGreaterThanOrEqual(90);
    expect(minutes).toBeLessThan(95);
    expect(await status(model)).toBe('STOPPED');
  });

  it('retries while the service refuses to stop the model, and completes at once for a stopped model', async () => {
    const model = await running('refused');
    const { models } = pipeline.deps;
    let refusals = 0;
    const reluctant: ModelRunner = Object.assign(Object.create(models), {
      stop: async (ref: ModelRef, signal: AbortSignal) => {
        if (refusals++ < 3) throw new TrainingError('TrainerRefused', 'the token has expired');
        await models.stop(ref, signal);
      },
    });
    const minutes = await guarded(model, [1], { ...pipeline.deps, models: reluctant });
    expect(minutes).toBeGreaterThanOrEqual(16);
    expect(await status(model)).toBe('STOPPED');
    expect(await guarded(model, [1])).toBeLessThan(5);
  });
});
