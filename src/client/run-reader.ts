import {
  type Client,
  isGrpcServiceError,
  QueryNotRegisteredError,
  QueryRejectedError,
  ServiceError,
  type WorkflowExecutionDescription,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { statusSchema } from '../contracts/ledger.js';
import {
  ingestWorkflowId,
  PROGRESS_QUERY,
  type PreprocessProgress,
  type Progress,
  preprocessWorkflowId,
} from '../contracts/workflow-io.js';
import { statusKey } from '../dataset/model/layout.js';
import type { ObjectStore } from '../storage/object-store.js';
import { NoRunError, RefusedError, UnavailableError } from './errors.js';
import { type WatchOptions, watchUntilResult } from './watch.js';

const WATCH_INTERVAL_MS = 500;

/** Asks runs how far they are. */
export class RunReader {
  constructor(
    private readonly temporal: Client,
    private readonly store: ObjectStore,
    private readonly bucket: string,
    /** How long a query waits for a worker. */
    private readonly deadlineMs: number,
  ) {}

  /**
   * How far the dataset's newest run is; from status.json where no worker answers or Temporal has forgotten it.
   * @throws NoRunError where the dataset has none, UnavailableError where nobody can say now
   */
  async progress(dataset: string): Promise<Progress> {
    try {
      const progress = await this.query<Progress>(ingestWorkflowId(dataset));
      return progress.stage === 'preprocessing' ? await this.withChildProgress(progress) : progress;
    } catch (error) {
      if (!isUnanswered(error)) throw error;
      return await this.recorded(dataset);
    }
  }

  /** Progress until the run has ended; a worker or server that is away is waited for. */
  watch(dataset: string, options: WatchOptions = {}): AsyncGenerator<Progress> {
    return watchUntilResult(() => this.progress(dataset), WATCH_INTERVAL_MS, options);
  }

  /** Undefined where Temporal knows no such run. */
  async describe(workflowId: string, runId?: string): Promise<WorkflowExecutionDescription | undefined> {
    try {
      return await this.temporal.withDeadline(Date.now() + this.deadlineMs, () =>
        this.temporal.workflow.getHandle(workflowId, runId).describe(),
      );
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw temporalUnavailable(error);
    }
  }

  async status(dataset: string): Promise<Progress | undefined> {
    return await this.store.findJson(this.bucket, statusKey(dataset), statusSchema);
  }

  /** An older run's status.json must not pass for the run that doesn't answer. */
  private async recorded(dataset: string): Promise<Progress> {
    const described = await this.describe(ingestWorkflowId(dataset));
    const status = await this.status(dataset);
    if (status && (!described || described.runId === status.runId)) return status;
    if (!described) throw new NoRunError(`There is no run of the dataset ${dataset}.`);
    if (described.status.name !== 'RUNNING') {
      throw new RefusedError(
        `The run of ${dataset} was ended from outside (${described.status.name.toLowerCase()}).`,
      );
    }
    throw new UnavailableError(`No worker answers for ${dataset}. Start one with \`curator worker\`.`);
  }

  /** While images are preprocessed their child knows more than it signals. */
  private async withChildProgress(progress: Progress): Promise<Progress> {
    try {
      const id = preprocessWorkflowId(progress.dataset, progress.runId);
      const { images, rejected } = await this.query<PreprocessProgress>(id);
      return { ...progress, images: { ...progress.images, done: images, rejected } };
    } catch (error) {
      if (isUnanswered(error)) return progress;
      throw error;
    }
  }

  private async query<T>(workflowId: string): Promise<T> {
    const handle = this.temporal.workflow.getHandle(workflowId);
    return await this.temporal.withDeadline(Date.now() + this.deadlineMs, () =>
      handle.query<T>(PROGRESS_QUERY),
    );
  }
}

export function temporalUnavailable(error: unknown): UnavailableError {
  const cause = error instanceof Error ? error : new Error(String(error));
  const reason = cause.cause instanceof Error ? cause.cause.message : cause.message;
  return new UnavailableError(`Temporal does not answer: ${reason}`, { cause });
}

/** No worker in time, a run that Temporal has forgotten, or one too young to have its handlers. */
function isUnanswered(error: unknown): boolean {
  return (
    error instanceof ServiceError ||
    isGrpcServiceError(error) ||
    error instanceof WorkflowNotFoundError ||
    error instanceof QueryNotRegisteredError ||
    error instanceof QueryRejectedError
  );
}
