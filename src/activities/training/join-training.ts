import { ApplicationFailure, getClient } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import type { TrainResult } from '../../contracts/workflow-io.js';
import { stopSignal } from '../boundary.js';
import type { ActivityDeps } from '../deps.js';
import { whileHeartbeating } from '../heartbeat.js';
import type { TrainingActivities } from '../interface.js';

export function createJoinTraining({ shutdown }: ActivityDeps): TrainingActivities['joinTraining'] {
  return async (workflowId) => {
    const signal = stopSignal(shutdown);
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    const result: Promise<TrainResult> = getClient().workflow.getHandle(workflowId).result();
    try {
      return await whileHeartbeating(() => Promise.race([result, stopped]));
    } catch (error) {
      throw error instanceof WorkflowFailedError ? joinedFailure(workflowId, error) : error;
    }
  };
}

/** Non-retryable: a workflow that has failed stays failed. */
function joinedFailure(workflowId: string, error: WorkflowFailedError): ApplicationFailure {
  let cause: Error = error;
  while (cause.cause instanceof Error) cause = cause.cause;
  const { type, details } = cause instanceof ApplicationFailure ? cause : {};
  const message = `${workflowId}: ${cause.message}`;
  return ApplicationFailure.nonRetryable(message, type ?? 'TrainingFailed', ...(details ?? []));
}
