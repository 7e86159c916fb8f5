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
  WAITING_QUERY,
  type Waiting,
} from '../contracts/workflow-io.js';
import { statusKey } from '../dataset/model/layout.js';
import { SMALL_JSON_BYTES } from '../storage/json.js';
import type { ObjectStore } from '../storage/object-store.js';
import { wasDeleted } from './deletion-record.js';
import { NoRunError, RefusedError, UnavailableError } from './errors.js';
import { waitingOf } from './waiting.js';
import { type WatchOptions, watchUntilResult } from './watch.js';

const WATCH_INTERVAL_MS = 500;

/** Reads the progress of runs. */
export class RunReader {
  constructor(
    private readonly temporal: Client,
    private readonly store: ObjectStore,
    private readonly bucket: string,
    /** Milliseconds that a query waits for a worker. */
    private readonly deadlineMs: number,
  ) {}

  /**
   * Returns the progress of the dataset's latest run. If no worker responds, or Temporal no longer has the run, it is
   * read from status.json.
   *
   * @throws NoRunError if the dataset has no run, RefusedError if the run was terminated outside Curator,
   * UnavailableError if no worker responds and the run has not ended
   */
  async progress(dataset: string): Promise<Progress> {
    try {
      const progress = await this.query<Progress>(ingestWorkflowId(dataset));
      if (progress.result) await this.assertNotDeleted(dataset, progress.runId);
      if (progress.result || progress.approval) return progress;
      const waiting = await this.waiting(progress);
      return {
        ...(progress.stage === 'preprocessing' ? await this.withChildProgress(progress) : progress),
        ...(waiting ? { waiting } : {}),
      };
    } catch (error) {
      if (!isUnanswered(error)) throw error;
      return await this.recorded(dataset);
    }
  }

  /** Yields the progress twice per second until the run has a result. Waits while a worker or server is unavailable. */
  watch(dataset: string, options: WatchOptions = {}): AsyncGenerator<Progress> {
    return watchUntilResult(() => this.progress(dataset), WATCH_INTERVAL_MS, options);
  }

  /** Describes a workflow; undefined if Temporal does not have it. @throws UnavailableError */
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

  /** Returns why a step of a child workflow is repeated, or why a training waits to be started; undefined if neither. */
  async trainingWait(child: WorkflowExecutionDescription): Promise<Waiting | undefined> {
    const retried = waitingOf(child);
    if (retried || child.type !== 'trainModel') return retried;
    try {
      return (await this.query<Waiting | null>(child.workflowId, WAITING_QUERY)) ?? undefined;
    } catch (error) {
      if (isUnanswered(error)) return undefined;
      throw error;
    }
  }

  /** Reads the dataset's status.json, which the end of a run writes; undefined if it does not exist. */
  async status(dataset: string): Promise<Progress | undefined> {
    return await this.store.findJson(this.bucket, statusKey(dataset), statusSchema, {
      maxBytes: SMALL_JSON_BYTES,
    });
  }

  /** Temporal keeps the history of a deleted dataset's run until its retention ends. @throws NoRunError */
  private async assertNotDeleted(dataset: string, runId: string): Promise<void> {
    // Without S3 the run is still shown, since only deleted datasets have the record.
    const isDeleted = await wasDeleted(this.store, this.bucket, dataset, runId).catch(() => false);
    if (isDeleted) throw new NoRunError(`The dataset ${dataset} was deleted.`);
  }

  /** Reads status.json, but only if it is of the latest run. */
  private async recorded(dataset: string): Promise<Progress> {
    const described = await this.describe(ingestWorkflowId(dataset));
    const status = await this.status(dataset);
    if (status && (!described || described.runId === status.runId)) return status;
    if (!described) throw new NoRunError(`No run found for the dataset ${dataset}.`);
    if (described.status.name !== 'RUNNING') {
      await this.assertNotDeleted(dataset, described.runId);
      throw new RefusedError(
        `The run of ${dataset} was terminated outside Curator (status: ${described.status.name.toLowerCase()}).`,
      );
    }
    throw new UnavailableError(`No worker responds for ${dataset}. Start one with \`curator worker\`.`);
  }

  /** During preprocessing the child's own query is more recent than its signals. */
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

  /** Reads from the run, or from its child workflow of the current stage, why a step is repeated. */
  private async waiting({ workflowId, runId }: Progress): Promise<Waiting | undefined> {
    const run = await this.describe(workflowId, runId);
    const own = run && waitingOf(run);
    if (!run || own) return own;
    for (const child of run.raw.pendingChildren ?? []) {
      const described = child.workflowId ? await this.describe(child.workflowId) : undefined;
      const waiting = described && (await this.trainingWait(described));
      if (waiting) return waiting;
    }
    return undefined;
  }

  private async query<T>(workflowId: string, name = PROGRESS_QUERY): Promise<T> {
    const handle = this.temporal.workflow.getHandle(workflowId);
    return await this.temporal.withDeadline(Date.now() + this.deadlineMs, () => handle.query<T>(name));
  }
}

/** Converts any error of a call to Temporal to an `UnavailableError` with its cause. */
export function temporalUnavailable(error: unknown): UnavailableError {
  const cause = error instanceof Error ? error : new Error(String(error));
  const reason = cause.cause instanceof Error ? cause.cause.message : cause.message;
  return new UnavailableError(`Temporal does not respond: ${reason}`, { cause });
}

/** No worker responded in time, Temporal no longer has the run, or the run has not registered its query yet. */
function isUnanswered(error: unknown): boolean {
  return (
    error instanceof ServiceError ||
    isGrpcServiceError(error) ||
    error instanceof WorkflowNotFoundError ||
    error instanceof QueryNotRegisteredError ||
    error instanceof QueryRejectedError
  );
}
