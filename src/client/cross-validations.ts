import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { type CrossValidateInput, crossValidateWorkflowId, TASK_QUEUE } from '../contracts/workflow-io.js';
import { RefusedError } from './errors.js';
import { deepestCause } from './rejoin-training.js';
import { type RunReader, temporalUnavailable } from './run-reader.js';
import { type FitAttempt, fitAttemptOf } from './waiting.js';

/** The state of the latest cross-validation of a dataset version. */
export interface CrossValidationState {
  /** Set while it runs. */
  readonly running: (FitAttempt & { readonly isStopping: boolean }) | null;
  /** Why the latest one has failed; null if it has not, was stopped, or was never started. */
  readonly failure: string | null;
}

/** Starts, reads and stops cross-validations. */
export class CrossValidations {
  constructor(
    private readonly temporal: Client,
    private readonly runs: RunReader,
    private readonly bucket: string,
  ) {}

  /** Starts the cross-validation of a dataset version, unless it runs already. @throws UnavailableError */
  async start(dataset: string, version: string): Promise<void> {
    const input: CrossValidateInput = { bucket: this.bucket, dataset, version };
    await this.temporal.workflow
      .start('crossValidate', {
        taskQueue: TASK_QUEUE,
        workflowId: crossValidateWorkflowId(dataset, version),
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        staticSummary: `version ${version}`,
        args: [input],
      })
      .catch((error: unknown) => {
        throw temporalUnavailable(error);
      });
  }

  /** Reads the state of the latest cross-validation of a dataset version. @throws UnavailableError */
  async state(dataset: string, version: string): Promise<CrossValidationState> {
    const workflowId = crossValidateWorkflowId(dataset, version);
    const described = await this.runs.describe(workflowId);
    if (described?.status.name !== 'RUNNING') {
      const hasFailed = described && !['COMPLETED', 'CANCELLED'].includes(described.status.name);
      return { running: null, failure: hasFailed ? await this.failure(workflowId, described.runId) : null };
    }
    const isStopping = described.raw.workflowExtendedInfo?.cancelRequested ?? false;
    return { running: { ...fitAttemptOf(described), isStopping }, failure: null };
  }

  /**
   * Stops the cross-validation of a dataset version: requests it, and does not wait for the end.
   * @throws RefusedError if none is running, UnavailableError if Temporal does not respond
   */
  async stop(dataset: string, version: string): Promise<void> {
    const workflowId = crossValidateWorkflowId(dataset, version);
    const described = await this.runs.describe(workflowId);
    if (described?.status.name !== 'RUNNING')
      throw new RefusedError(`The images of ${dataset} are not being examined: that has ended.`);
    const handle = this.temporal.workflow.getHandle(workflowId, described.runId);
    await handle.cancel().catch((error: unknown) => {
      // It has ended since.
      if (!(error instanceof WorkflowNotFoundError)) throw temporalUnavailable(error);
    });
  }

  private async failure(workflowId: string, runId: string): Promise<string | null> {
    try {
      await this.temporal.workflow.getHandle(workflowId, runId).result();
      return null;
    } catch (error) {
      if (error instanceof WorkflowFailedError) return deepestCause(error).message;
      throw temporalUnavailable(error);
    }
  }
}
