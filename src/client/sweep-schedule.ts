import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import {
  SWEEP_SCHEDULE_ID,
  SWEEP_WORKFLOW_ID,
  type SweepInput,
  TASK_QUEUE,
} from '../contracts/workflow-io.js';

/** Younger uploads are skipped: their announcement or event may still arrive. */
const GRACE_SECS = 120;
const DEFAULT_EVERY = '5 minutes';

/**
 * Creates or updates the schedule that scans landing/ for unannounced uploads. An existing schedule keeps its interval
 * unless `every` is given, and is pointed to `bucket`. The default interval is 5 minutes.
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

/** Starts a sweep now, outside its interval. */
export async function triggerSweep(temporal: Client): Promise<void> {
  await temporal.schedule.getHandle(SWEEP_SCHEDULE_ID).trigger();
}
