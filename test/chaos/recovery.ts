import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';

const POLL_MS = 200;
/** Longer than every heartbeat timeout. */
const LONGEST_RECOVERY_MS = 180_000;

/** An activity that a worker was running when it was killed. */
interface InFlight {
  readonly workflowId: string;
  readonly activityId: string;
  readonly type: string;
  readonly attempt: number;
}

/** How long an activity of a killed worker waited until another worker ran it. */
export interface Recovery {
  readonly activity: string;
  readonly ms: number;
}

/** Returns the activities that the worker of a process is running. */
export async function activitiesOf(temporal: Client, pid: number): Promise<InFlight[]> {
  const found: InFlight[] = [];
  for await (const { workflowId } of temporal.workflow.list({ query: 'ExecutionStatus = "Running"' })) {
    for (const activity of await pending(temporal, workflowId)) {
      if (activity.worker.startsWith(`${pid}@`)) found.push(activity);
    }
  }
  return found;
}

/** Waits until all of the activities run on another worker or have ended. */
export async function untilRecovered(temporal: Client, lost: readonly InFlight[]): Promise<Recovery[]> {
  const start = performance.now();
  const recoveries: Recovery[] = [];
  let waiting = [...lost];
  while (waiting.length > 0 && performance.now() - start < LONGEST_RECOVERY_MS) {
    await delay(POLL_MS);
    const still: InFlight[] = [];
    for (const activity of waiting) {
      const now = (await pending(temporal, activity.workflowId)).find(
        ({ activityId }) => activityId === activity.activityId,
      );
      if (now && (now.attempt <= activity.attempt || !now.isStarted)) still.push(activity);
      else recoveries.push({ activity: activity.type, ms: performance.now() - start });
    }
    waiting = still;
  }
  return [...recoveries, ...waiting.map(({ type }) => ({ activity: type, ms: Number.POSITIVE_INFINITY }))];
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
