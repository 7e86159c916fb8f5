import { type Client, WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import type { TrainingHeartbeat } from '../contracts/training-heartbeat.js';
import {
  ingestWorkflowId,
  type TrainResult,
  trainWorkflowId,
  type Waiting,
} from '../contracts/workflow-io.js';
import { NoRunError, RefusedError } from './errors.js';
import { deepestCause, rejoinTraining } from './rejoin-training.js';
import { type RunReader, temporalUnavailable } from './run-reader.js';
import { trainingHeartbeatOf } from './waiting.js';
import { type WatchOptions, watchUntilResult } from './watch.js';

/** The state of one training, as its workflow and the service report it. */
export interface TrainingProgress {
  readonly dataset: string;
  readonly modelVersion: string;
  readonly workflowId: string;
  readonly runId: string;
  /** The service's status at the last poll; null before the first. */
  readonly service: TrainingHeartbeat | null;
  /** Why the current step is repeated; undefined if its last attempt did not fail. */
  readonly waiting: Waiting | undefined;
  /** The training's result, once the model card is written; null before. */
  readonly result: TrainResult | null;
}

const WATCH_INTERVAL_MS = 1_000;

/** Reads the state of trainings. A training can outlive the run that started it. */
export class TrainingReader {
  constructor(
    private readonly temporal: Client,
    private readonly runs: RunReader,
  ) {}

  /**
   * Yields the progress of a training, once per second, until its model card is written. Without `modelVersion` it
   * watches the dataset's latest training. While Temporal does not respond, it waits and yields nothing.
   *
   * @throws RefusedError if the dataset has no such training, or if the training failed
   */
  async *watch(
    dataset: string,
    modelVersion: string | undefined,
    options: WatchOptions = {},
  ): AsyncGenerator<TrainingProgress> {
    const workflowId = await this.idOf(dataset, modelVersion);
    yield* watchUntilResult(() => this.progress(dataset, workflowId), WATCH_INTERVAL_MS, options);
  }

  /**
   * Joins a training again whose workflow has failed while the service may still train, for example at
   * TRAINING_TIMEOUT: a new workflow of the same id waits for it, reads its evaluation and writes its card. It never
   * starts a training. Returns why the earlier workflow failed; undefined if there is nothing to join.
   *
   * @param timeoutSecs maximum seconds of the training, counted from the service's CreationTimestamp
   * @throws RefusedError if the dataset has no such training, UnavailableError if Temporal does not respond
   */
  async rejoin(
    dataset: string,
    modelVersion: string | undefined,
    timeoutSecs: number,
  ): Promise<string | undefined> {
    const workflowId = await this.idOf(dataset, modelVersion);
    const described = await this.runs.describe(workflowId);
    if (!described) throw await this.unknown(dataset, modelVersion);
    return await rejoinTraining(this.temporal, described, timeoutSecs);
  }

  private async idOf(dataset: string, modelVersion: string | undefined): Promise<string> {
    if (modelVersion) return trainWorkflowId(dataset, modelVersion);
    return await this.newest(dataset).catch((error: unknown) => {
      throw error instanceof RefusedError ? error : temporalUnavailable(error);
    });
  }

  private async progress(dataset: string, workflowId: string): Promise<TrainingProgress> {
    const described = await this.runs.describe(workflowId);
    if (!described) throw await this.unknown(dataset, undefined);
    const { runId } = described;
    const modelVersion = workflowId.slice(trainWorkflowId(dataset, '').length);
    const common = { dataset, modelVersion, workflowId, runId, service: trainingHeartbeatOf(described) };
    if (described.status.name === 'RUNNING')
      return { ...common, waiting: await this.runs.trainingWait(described), result: null };
    return { ...common, waiting: undefined, result: await this.result(workflowId, runId) };
  }

  private async result(workflowId: string, runId: string): Promise<TrainResult> {
    try {
      return await this.temporal.workflow.getHandle(workflowId, runId).result();
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw temporalUnavailable(error);
      // A training that the service has accepted cannot be cancelled.
      if (error.cause instanceof CancelledFailure) throw neverAccepted(workflowId, error);
      throw new RefusedError(`${workflowId} failed: ${deepestCause(error).message}`, { cause: error });
    }
  }

  /** Returns the number of the next training attempt: one above the highest in status.json and in Temporal. */
  async nextAttempt(dataset: string): Promise<number> {
    const status = await this.runs.status(dataset);
    const last = attemptOf(status?.training?.modelVersion ?? '');
    return Math.max(last, await this.lastAttempt(dataset)) + 1;
  }

  /** Returns the number of the highest training attempt in Temporal; 0 without a training. */
  async lastAttempt(dataset: string): Promise<number> {
    let last = 0;
    for await (const { workflowId } of this.list(dataset)) last = Math.max(last, attemptOf(workflowId));
    return last;
  }

  private async newest(dataset: string): Promise<string> {
    let newest: { workflowId: string; startTime: Date } | undefined;
    for await (const training of this.list(dataset)) {
      if (!newest || training.startTime > newest.startTime) newest = training;
    }
    if (!newest) throw await this.unknown(dataset, undefined);
    return newest.workflowId;
  }

  /** Why there is no training: of this model version, of the dataset, or because there is no such dataset. */
  private async unknown(dataset: string, modelVersion: string | undefined): Promise<RefusedError> {
    const versions = modelVersion === undefined ? [] : await this.versionsOf(dataset);
    if (versions.length > 0) {
      return new RefusedError(
        `${dataset} has no training of the model version ${modelVersion}. It has: ${versions.join(', ')}.`,
      );
    }
    const isKnown =
      (await this.runs.describe(ingestWorkflowId(dataset))) ?? (await this.runs.status(dataset));
    if (isKnown) {
      return new RefusedError(
        `No training workflow found for ${dataset}. If the service is still training, ingest the archive again: the model version is adopted, not trained twice.`,
      );
    }
    return new NoRunError(
      `No run found for the dataset ${dataset}. List the datasets with \`curator list\`.`,
    );
  }

  /** The model versions that have a training workflow. */
  private async versionsOf(dataset: string): Promise<string[]> {
    const prefix = trainWorkflowId(dataset, '');
    const versions = new Set<string>();
    for await (const { workflowId } of this.list(dataset)) versions.add(workflowId.slice(prefix.length));
    return [...versions];
  }

  private list(dataset: string) {
    const prefix = trainWorkflowId(dataset, '');
    return this.temporal.workflow.list({
      query: `WorkflowType = 'trainModel' AND WorkflowId STARTS_WITH '${prefix}'`,
    });
  }
}

/** The number of the training attempt in the name of a model version. */
export function attemptOf(modelVersion: string): number {
  return Number(/-r(\d+)$/.exec(modelVersion)?.[1] ?? 1);
}

function neverAccepted(workflowId: string, cause: Error): RefusedError {
  return new RefusedError(
    `${workflowId} was cancelled before the service had accepted a training: it started nothing, and nothing is billed for it. To train, ingest the archive again.`,
    { cause },
  );
}
