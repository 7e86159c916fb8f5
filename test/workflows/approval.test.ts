import { beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import {
  APPROVE_UPDATE,
  type Approval,
  type ApprovalRequest,
  type IngestResult,
  MAX_NOTE_CHARACTERS,
  REJECT_UPDATE,
  type TrainerDescription,
} from '../../src/contracts/workflow-io.js';
import { needsApproval } from '../../src/workflows/approval.js';
import type { TestPipeline } from '../support/pipeline.js';
import { untilStage, useTimeSkipping } from '../support/time-skipping.js';

describe('approval of a training on the time-skipping server', () => {
  const skipping = useTimeSkipping({ trainingMs: 0 });
  const { withWorkers, input, start, status, text, trainings } = skipping;
  let pipeline: TestPipeline;

  beforeAll(() => {
    pipeline = skipping.pipeline();
  });

  it('waits days for an approval, accepts it, and refuses a later rejection', async () => {
    const started = await input('asked', { requireApproval: 'true' });
    await withWorkers(async () => {
      const handle = await start(started);
      await untilStage(handle, 'awaiting-approval');
      await skipping.env().sleep('3 days');
      const request = { by: 'mira', note: 'looked at the report' };
      const approval = await handle.executeUpdate<Approval, [typeof request]>(APPROVE_UPDATE, {
        args: [request],
      });
      expect(approval).toMatchObject({ decision: 'approved', by: 'mira' });
      await expect(
        handle.executeUpdate(REJECT_UPDATE, { args: [{ by: 'jon', note: '' }] }),
      ).rejects.toMatchObject({ cause: { message: expect.stringContaining('already approved by mira') } });
      const result: IngestResult = await handle.result();
      expect(JSON.parse(await text(result.uris.modelCard)).approval).toMatchObject({ by: 'mira' });
    });
  });

  it('ends as rejected, without a training, if a person rejects', async () => {
    const started = await input('rejected', { requireApproval: 'true' });
    const before = trainings();
    const result = await withWorkers<IngestResult>(async () => {
      const handle = await start(started);
      await untilStage(handle, 'awaiting-approval');
      await handle.executeUpdate(REJECT_UPDATE, { args: [{ by: 'jon', note: 'too few nodules' }] });
      return await handle.result();
    });
    expect(result).toMatchObject({
      outcome: 'rejected',
      message: expect.stringContaining('too few nodules'),
    });
    expect(trainings()).toBe(before);
  });

  it('ends as cancelled before the training, and status.json shows it', async () => {
    const started = await input('stopped', { requireApproval: 'true' });
    await withWorkers(async () => {
      const handle = await start(started);
      await untilStage(handle, 'awaiting-approval');
      await handle.cancel();
      await expect(handle.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    });
    expect((await status('stopped')).stage).toBe('cancelled');
  });

  it('waits for approval, with estimated hours and cost, if the trainer is not the emulator', async () => {
    const deps = skipping.withTrainer({
      describe: async (images) => ({
        ...(await pipeline.deps.trainer.describe(images)),
        kind: 'rekognition',
      }),
    });
    const billed = await input('billed');
    const { approval } = await withWorkers(
      async () => {
        const handle = await start(billed);
        const progress = await untilStage(handle, 'awaiting-approval');
        await handle.terminate();
        return progress;
      },
      undefined,
      deps,
    );
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
      await untilStage(handle, 'awaiting-approval');
      const refused: [ApprovalRequest, string][] = [
        [{ by: ' ', note: '' }, 'needs the name of the person'],
        [
          { by: 'mira', note: 'x'.repeat(MAX_NOTE_CHARACTERS + 1) },
          'The maximum is 200 characters for the name and 2000 for the note.',
        ],
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
      await untilStage(handle, 'preprocessing');
      await expect(
        handle.executeUpdate(APPROVE_UPDATE, { args: [{ by: 'mira', note: '' }] }),
      ).rejects.toMatchObject({ cause: { message: 'unasked is not waiting for approval.' } });
      await handle.terminate();
    });
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
