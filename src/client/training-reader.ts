import { type Client, type WorkflowExecutionDescription, WorkflowFailedError } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { z } from 'zod';
import { type TrainResult, trainWorkflowId } from '../contracts/workflow-io.js';
import { RefusedError } from './errors.js';
import { type RunReader, temporalUnavailable } from './run-reader.js';
import { type WatchOptions, watchUntilResult } from './watch.js';

export interface TrainingProgress {
  readonly dataset: string;
  readonly modelVersion: string;
  readonly workflowId: string;
  readonly runId: string;
  /** As the service last said it; null before it was asked. */
  readonly service: TrainingHeartbeat | null;
  /** Set once the model card is written. */
  readonly result: TrainResult | null;
}

const heartbeatSchema = z.object({
  projectVersionArn: z.string(),
  status: z.string(),
  elapsedSecs: z.number(),
});
type TrainingHeartbeat = z.infer<typeof heartbeatSchema>;

const WATCH_INTERVAL_MS = 1_000;

/** Looks at trainings, which outlive the run that began them. */
export class TrainingReader {
  constructor(
    private readonly temporal: Client,
    private readonly runs: RunReader,
  ) {}

  /**
   * Progress of a training until its model card is written; the dataset's newest one where none is named.
   * @throws RefusedError where there is none, or where it failed
   */
  async *watch(
    dataset: string,
    modelVersion: string | undefined,
    options: WatchOptions = {},
  ): AsyncGenerator<TrainingProgress> {
    const workflowId = modelVersion
      ? trainWorkflowId(dataset, modelVersion)
      : await this.newest(dataset).catch((error: unknown) => {
          throw error instanceof RefusedError ? error : temporalUnavailable(error);
        });
    yield* watchUntilResult(() => this.progress(dataset, workflowId), WATCH_INTERVAL_MS, options);
  }

  private async progress(dataset: string, workflowId: string): Promise<TrainingProgress> {
    const described = await this.runs.describe(workflowId);
    if (!described) throw unknownTraining(dataset);
    const { runId } = described;
    const modelVersion = workflowId.slice(trainWorkflowId(dataset, '').length);
    const common = { dataset, modelVersion, workflowId, runId, service: heartbeatOf(described) };
    if (described.status.name === 'RUNNING') return { ...common, result: null };
    return { ...common, result: await this.result(workflowId, runId) };
  }

  private async result(workflowId: string, runId: string): Promise<TrainResult> {
    try {
      return await this.temporal.workflow.getHandle(workflowId, runId).result();
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw temporalUnavailable(error);
      throw new RefusedError(`${workflowId} has failed: ${deepest(error).message}`, { cause: error });
    }
  }

  /** An attempt that no training of the dataset has had, as far as its newest run and Temporal remember. */
  async nextAttempt(dataset: string): Promise<number> {
    const status = await this.runs.status(dataset);
    let last = attemptOf(status?.training?.modelVersion ?? '');
    for await (const { workflowId } of this.list(dataset)) last = Math.max(last, attemptOf(workflowId));
    return last + 1;
  }

  private async newest(dataset: string): Promise<string> {
    let newest: { workflowId: string; startTime: Date } | undefined;
    for await (const training of this.list(dataset)) {
      if (!newest || training.startTime > newest.startTime) newest = training;
    }
    if (!newest) throw unknownTraining(dataset);
    return newest.workflowId;
  }

  private list(dataset: string) {
    const prefix = trainWorkflowId(dataset, '');
    return this.temporal.workflow.list({
      query: `WorkflowType = 'trainModel' AND WorkflowId STARTS_WITH '${prefix}'`,
    });
  }
}

function attemptOf(modelVersion: string): number {
  return Number(/-r(\d+)$/.exec(modelVersion)?.[1] ?? 1);
}

function unknownTraining(dataset: string): RefusedError {
  return new RefusedError(
    `Temporal knows of no such training of ${dataset}. If the service trains it still, ingest the archive again: the model version is taken over, not trained twice.`,
  );
}

/** What the poll said last; it travels with the pending activity. */
function heartbeatOf({ raw }: WorkflowExecutionDescription): TrainingHeartbeat | null {
  for (const { heartbeatDetails } of raw.pendingActivities ?? []) {
    const [payload] = heartbeatDetails?.payloads ?? [];
    const details = payload && heartbeatSchema.safeParse(defaultPayloadConverter.fromPayload(payload));
    if (details?.success) return details.data;
  }
  return null;
}

function deepest(error: Error): Error {
  return error.cause instanceof Error ? deepest(error.cause) : error;
}
