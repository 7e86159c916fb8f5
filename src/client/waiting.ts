import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { type FitCounts, fitCountsSchema } from '../contracts/cross-validation.js';
import { type TrainingHeartbeat, trainingHeartbeatSchema } from '../contracts/training-heartbeat.js';
import { MAX_HEARTBEAT_MS, type Waiting } from '../contracts/workflow-io.js';

type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** PENDING_ACTIVITY_STATE_SCHEDULED of Temporal's API: no worker has the activity. */
const SCHEDULED = 1;

/** Returns why an activity of the workflow is repeated; undefined if the last attempt of none has failed. */
export function waitingOf({ raw }: Pick<WorkflowExecutionDescription, 'raw'>): Waiting | undefined {
  for (const activity of raw.pendingActivities ?? []) {
    const waiting = heartbeatOf(activity)?.problem ?? retryOf(activity);
    if (waiting) return waiting;
  }
  return undefined;
}

/** Reads the last heartbeat of `awaitTraining`; null if that activity is not pending. */
export function trainingHeartbeatOf({ raw }: WorkflowExecutionDescription): TrainingHeartbeat | null {
  for (const activity of raw.pendingActivities ?? []) {
    const heartbeat = heartbeatOf(activity);
    if (heartbeat) return heartbeat;
  }
  return null;
}

/** The attempt of `crossValidateVersion` that runs, or that is scheduled. */
export interface FitAttempt {
  /** Start time, ISO 8601. */
  readonly started: string;
  /** Detectors that it fitted so far; null before its first report. */
  readonly counts: FitCounts | null;
  /** Why the attempt before has failed; null if none has, or once this one has fitted a detector. */
  readonly waiting: string | null;
  /** Whether no worker has reported for so long that it may have been lost, or none has taken the attempt. */
  readonly isSilent: boolean;
}

/** Time without a heartbeat, in ms, after which a worker counts as silent. */
const SILENT_MS = 3 * MAX_HEARTBEAT_MS;

/** Reads the current attempt of a workflow that cross-validates. Counts of earlier attempts are left out. */
export function fitAttemptOf(
  described: Pick<WorkflowExecutionDescription, 'raw' | 'startTime'>,
  now = Date.now(),
): FitAttempt {
  const [activity] = described.raw.pendingActivities ?? [];
  const hasStarted = activity?.state !== SCHEDULED;
  const started = millisOf(hasStarted ? activity?.lastStartedTime : activity.scheduledTime);
  // Temporal keeps the heartbeat of an earlier attempt until the next one arrives.
  const heartbeat = millisOf(activity?.lastHeartbeatTime) ?? 0;
  const isOwn = hasStarted && heartbeat > (started ?? 0);
  const lastSign = isOwn ? heartbeat : (started ?? described.startTime.getTime());
  const counts = (activity && isOwn && fitCountsSchema.safeParse(detailsOf(activity)).data) || null;
  return {
    started: (started === undefined ? described.startTime : new Date(started)).toISOString(),
    counts,
    waiting: counts && counts.fitted > 0 ? null : (waitingOf(described)?.reason ?? null),
    isSilent: now - lastSign > SILENT_MS,
  };
}

const millisOf = (time: PendingActivity['lastStartedTime']) =>
  time ? Number(time.seconds) * 1000 + (time.nanos ?? 0) / 1e6 : undefined;

function heartbeatOf(activity: PendingActivity): TrainingHeartbeat | undefined {
  return trainingHeartbeatSchema.safeParse(detailsOf(activity)).data;
}

function detailsOf({ heartbeatDetails }: PendingActivity): unknown {
  const [payload] = heartbeatDetails?.payloads ?? [];
  return payload && defaultPayloadConverter.fromPayload(payload);
}

function retryOf(activity: PendingActivity): Waiting | undefined {
  const { lastFailure, nextAttemptScheduleTime: next, attempt } = activity;
  if (!lastFailure?.message) return undefined;
  return {
    // Temporal's own text about a worker that was killed names neither the worker nor the step.
    reason: lastFailure.timeoutFailureInfo
      ? 'The worker of this step has stopped responding.'
      : lastFailure.message,
    // The number of the attempt that runs, or that is scheduled.
    ...(attempt ? { attempts: attempt - 1 } : {}),
    nextAttempt: next ? new Date(Number(next.seconds) * 1000).toISOString() : null,
  };
}
