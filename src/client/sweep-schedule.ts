import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import {
  SWEEP_SCHEDULE_ID,
  SWEEP_WORKFLOW_ID,
  type SweepInput,
  TASK_QUEUE,
} from '../contracts/workflow-io.js';

/** Time for whoever uploads to tell of it first; and an upload that an event is under way for isn't swept. */
const GRACE_SECS = 120;
const DEFAULT_EVERY = '5 minutes';

/**
 * The schedule that looks for uploads nobody told of. One that is there keeps its interval, unless another is
 * asked for, and gets the bucket of now.
 */
export async function ensureSweepSchedule(
  temporal: Client,
  bucket: string,
  every?: `${number}${'s' | 'm' | 'h'}`,
): Promise<void> {
  const input: SweepInput = { bucket, graceSecs: GRACE_SECS };
  const action = {
    type: 'startWorkflow',
    workflowType: 'sweepLanding',
    workflowId: SWEEP_WORKFLOW_ID,
    taskQueue: TASK_QUEUE,
    args: [input],
  } as const;
  try {
    await temporal.schedule.create({
      scheduleId: SWEEP_SCHEDULE_ID,
      spec: { intervals: [{ every: every ?? DEFAULT_EVERY }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      action,
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const handle = temporal.schedule.getHandle(SWEEP_SCHEDULE_ID);
    await handle.update(({ spec, policies, state }) => ({
      spec: every === undefined ? spec : { intervals: [{ every }] },
      policies,
      state,
      action,
    }));
  }
}

/** Sweeps now. */
export async function triggerSweep(temporal: Client): Promise<void> {
  await temporal.schedule.getHandle(SWEEP_SCHEDULE_ID).trigger();
}
