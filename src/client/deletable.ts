import type { Client } from '@temporalio/client';
import {
  crossValidateWorkflowId,
  ingestWorkflowId,
  preprocessWorkflowId,
  trainWorkflowId,
} from '../contracts/workflow-io.js';
import { RefusedError } from './errors.js';
import { type RunReader, temporalUnavailable } from './run-reader.js';

/**
 * Checks that no workflow writes objects of the dataset. Returns the id of its latest run; undefined if Temporal has none.
 *
 * @throws RefusedError if a run, a training or a cross-validation is running, UnavailableError if Temporal does not respond
 */
export async function assertDeletable(
  temporal: Client,
  reader: RunReader,
  dataset: string,
): Promise<string | undefined> {
  const run = await reader.describe(ingestWorkflowId(dataset));
  if (run?.status.name === 'RUNNING') {
    throw new RefusedError(
      `${dataset} has a run in progress. Wait until it has ended or cancel it, then delete the dataset.`,
    );
  }
  // A training continues after its run was cancelled, and so does preprocessing after its run was terminated.
  if (await isRunning(temporal, [trainWorkflowId(dataset, ''), preprocessWorkflowId(dataset, '')])) {
    throw new RefusedError(
      `A training or preprocessing of ${dataset} is still running, although its run has ended. Wait until it has ended, then delete the dataset.`,
    );
  }
  if (await isRunning(temporal, [crossValidateWorkflowId(dataset, '')])) {
    throw new RefusedError(
      `All images of ${dataset} are being examined for doubtful labels. Wait until that has ended or stop it, then delete the dataset.`,
    );
  }
  return run?.runId;
}

async function isRunning(temporal: Client, prefixes: readonly string[]): Promise<boolean> {
  const started = prefixes.map((prefix) => `WorkflowId STARTS_WITH '${prefix}'`).join(' OR ');
  const query = `ExecutionStatus = 'Running' AND (${started})`;
  const running = await temporal.workflow.count(query).catch((error: unknown) => {
    throw temporalUnavailable(error);
  });
  return running.count > 0;
}
