import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { type FitCounts, fitCountsSchema } from '../contracts/cross-validation.js';
import { type TrainingHeartbeat, trainingHeartbeatSchema } from '../contracts/training-heartbeat.js';
import type { Waiting } from '../contracts/workflow-io.js';

type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** Returns why an activity of the workflow is repeated; undefined if the last attempt of none has failed. */
export function waitingOf({ raw }: WorkflowExecutionDescription): Waiting | undefined {
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

/** Reads the last heartbeat of `crossValidateVersion`; undefined if that activity has not sent one. */
export function fitCountsOf({ raw }: WorkflowExecutionDescription): FitCounts | undefined {
  const [activity] = raw.pendingActivities ?? [];
  return activity && fitCountsSchema.safeParse(detailsOf(activity)).data;
}

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
