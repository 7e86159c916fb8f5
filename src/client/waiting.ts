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

function retryOf({ lastFailure, nextAttemptScheduleTime: next }: PendingActivity): Waiting | undefined {
  if (!lastFailure?.message) return undefined;
  const nextAttempt = next ? new Date(Number(next.seconds) * 1000).toISOString() : null;
  return { reason: lastFailure.message, nextAttempt };
}
