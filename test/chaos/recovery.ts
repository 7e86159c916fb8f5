import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';

const POLL_MS = 200;
/** Longer than every heartbeat timeout and the queue of activities on a slow machine. */
const LONGEST_RECOVERY_MS = 600_000;

/** An activity that a worker was running when it was killed. */
interface InFlight {
  readonly workflowId: string;
  readonly activityId: string;
  readonly type: string;
  readonly attempt: number;
}

/** How long an activity of a killed worker waited. Infinite if it was never run again. */
export interface Recovery {
  readonly activity: string;
  /** Milliseconds until Temporal offered it to workers again. */
  readonly offeredMs: number;
  /** Milliseconds until a worker ran it. Activities of other runs may be before it in the queue. */
  readonly ms: number;
}

/** Returns the activities that the worker of a process is running. */
export async function activitiesOf(temporal: Client, pid: number): Promise<InFlight[]> {
  const found: InFlight[] = [];
  for await (const { workflowId } of temporal.workflow.list({ query: 'ExecutionStatus = "Running"' })) {
    for (const activity of await pending(temporal, workflowId)) {
      if (activity.isStarted && activity.worker.startsWith(`${pid}@`)) found.push(activity);
    }
  }
  return found;
}

/** Waits until all of the activities run on another worker or have ended. */
export async function untilRecovered(temporal: Client, lost: readonly InFlight[]): Promise<Recovery[]> {
  const start = performance.now();
  return await Promise.all(lost.map((activity) => recoveryOf(temporal, activity, start)));
}

async function recoveryOf(temporal: Client, lost: InFlight, start: number): Promise<Recovery> {
  let offeredMs = Number.POSITIVE_INFINITY;
  let ms = 0;
  while (ms < LONGEST_RECOVERY_MS) {
    await delay(POLL_MS);
    ms = performance.now() - start;
    const now = (await pending(temporal, lost.workflowId)).find(
      ({ activityId }) => activityId === lost.activityId,
    );
    const isOffered = !now || now.attempt > lost.attempt;
    if (isOffered) offeredMs = Math.min(offeredMs, ms);
    if (isOffered && (!now || now.isStarted)) return { activity: lost.type, offeredMs, ms };
  }
  return { activity: lost.type, offeredMs, ms: Number.POSITIVE_INFINITY };
}

async function pending(temporal: Client, workflowId: string) {
  const { raw } = await temporal.workflow.getHandle(workflowId).describe();
  return (raw.pendingActivities ?? []).map(
    ({ activityId, activityType, attempt, state, lastWorkerIdentity }) => ({
      workflowId,
      activityId: activityId ?? '',
      type: activityType?.name ?? '',
      attempt: attempt ?? 0,
      worker: lastWorkerIdentity ?? '',
      isStarted: state === STARTED,
    }),
  );
}

/** `temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_STARTED` */
const STARTED = 2;
