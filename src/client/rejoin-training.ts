import { type Client, type WorkflowExecutionDescription, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common';
import { type FailureType, TASK_QUEUE, type TrainInput } from '../contracts/workflow-io.js';
import { temporalUnavailable } from './run-reader.js';

/** Failures after which the service does not train: another workflow would fail with the same one. */
const FINAL: ReadonlySet<string> = new Set<FailureType>(['TrainingFailed', 'TrainingNameTaken']);

/**
 * Starts a workflow that joins the training of a failed one. Returns why that failed; undefined if it runs, has
 * completed, was cancelled before the training, or failed with the training itself.
 */
export async function rejoinTraining(
  temporal: Client,
  { workflowId, runId, status }: WorkflowExecutionDescription,
  timeoutSecs: number,
): Promise<string | undefined> {
  if (status.name === 'RUNNING' || status.name === 'COMPLETED' || status.name === 'CANCELLED')
    return undefined;
  try {
    const handle = temporal.workflow.getHandle(workflowId, runId);
    const cause = await handle.result().then(() => undefined, failureOf);
    if (!cause || (cause instanceof ApplicationFailure && FINAL.has(cause.type ?? ''))) return undefined;
    // Only the first event, which has the input: a training that waited for a quota has a long history.
    const { history } = await temporal.workflowService.getWorkflowExecutionHistory({
      namespace: temporal.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: 1,
    });
    const [payload] = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    if (!payload) return undefined;
    const input: TrainInput = defaultPayloadConverter.fromPayload(payload);
    await temporal.workflow.start('trainModel', {
      taskQueue: TASK_QUEUE,
      workflowId,
      // Another client may have joined it already.
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `join model version ${input.modelVersion}`,
      args: [{ ...input, timeoutSecs, joinOnly: true } satisfies TrainInput],
    });
    return cause.message;
  } catch (error) {
    throw temporalUnavailable(error);
  }
}

function failureOf(error: unknown): Error {
  if (error instanceof WorkflowFailedError) return deepestCause(error);
  throw error;
}

/** The error at the end of the chain of causes, without the wrappers that the SDK adds. */
export function deepestCause(error: Error): Error {
  return error.cause instanceof Error ? deepestCause(error.cause) : error;
}
