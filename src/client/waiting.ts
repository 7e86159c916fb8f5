import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
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

function heartbeatOf({ heartbeatDetails }: PendingActivity): TrainingHeartbeat | undefined {
  const [payload] = heartbeatDetails?.payloads ?? [];
  return payload && trainingHeartbeatSchema.safeParse(defaultPayloadConverter.fromPayload(payload)).data;
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
