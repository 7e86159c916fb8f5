import {
  type Client,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ledgerEntrySchema } from '../contracts/ledger.js';
import {
  APPROVE_UPDATE,
  type Approval,
  type ApprovalRequest,
  ingestWorkflowId,
  type Progress,
  REJECT_UPDATE,
  type Upload,
} from '../contracts/workflow-io.js';
import { uploadSha256 } from '../dataset/model/identity.js';
import { ledgerKey } from '../dataset/model/layout.js';
import { StorageError } from '../storage/errors.js';
import { SMALL_JSON_BYTES } from '../storage/json.js';
import type { ObjectStore } from '../storage/object-store.js';
import { CrossValidations } from './cross-validations.js';
import { assertDeletable } from './deletable.js';
import { withFreeAttempt } from './deletion-record.js';
import { NoRunError, RefusedError, UnavailableError } from './errors.js';
import { type DatasetHistory, runsOf, versionsOf } from './history.js';
import { type DatasetRun, listDatasets, newestRuns } from './list.js';
import { ModelGuard } from './model-guard.js';
import type { StartedRun, StartRequest } from './requests.js';
import { RunReader, temporalUnavailable } from './run-reader.js';
import { RunStarter } from './run-starter.js';
import { ensureSweepSchedule, triggerSweep } from './sweep-schedule.js';
import { TrainingReader } from './training-reader.js';
import type { WatchOptions } from './watch.js';

/** How long calls wait for a worker. */
export interface Deadlines {
  /** Maximum wait of a query, in milliseconds. */
  readonly queryMs: number;
  /** Maximum wait of a start, a decision or a cancellation, in milliseconds. */
  readonly changeMs: number;
}

/**
 * A conflicting run may end before it is described, and another client may start the next: a few attempts are enough.
 */
const MAX_STARTS = 3;

/** The client of ingest runs: starts, watches, approves, cancels and lists them. */
export class CuratorClient {
  /** The trainings, which can outlive their runs. */
  readonly trainings: TrainingReader;
  /** The guards of running models. */
  readonly guard: ModelGuard;
  /** The cross-validations of dataset versions. */
  readonly crossValidations: CrossValidations;
  private readonly reader: RunReader;
  private readonly starter: RunStarter;

  /** @param bucket holds landing/, datasets/ and the ledger */
  constructor(
    private readonly temporal: Client,
    readonly store: ObjectStore,
    readonly bucket: string,
    private readonly deadlines: Deadlines = { queryMs: 10_000, changeMs: 60_000 },
  ) {
    this.reader = new RunReader(temporal, store, bucket, deadlines.queryMs);
    this.starter = new RunStarter(temporal);
    this.guard = new ModelGuard(temporal);
    this.crossValidations = new CrossValidations(temporal, this.reader, bucket);
    this.trainings = new TrainingReader(temporal, this.reader);
  }

  /**
   * Starts a run for an upload, or returns the run that the upload already has. A dataset has one run at a time.
   *
   * @throws RefusedError if another upload of the dataset is being ingested, UnavailableError if Temporal does not respond
   */
  async startIngest(request: StartRequest): Promise<StartedRun> {
    for (let attempt = 1; attempt <= MAX_STARTS; attempt += 1) {
      const known = await this.knownRun(request);
      if (known) return known;
      try {
        const named = await withFreeAttempt(this.store, this.bucket, request);
        const run = await this.withDeadline(() => this.starter.start(named));
        return { ...run, started: true, result: null };
      } catch (error) {
        if (error instanceof ServiceError) throw temporalUnavailable(error);
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
      const running = await this.resolveConflict(request);
      if (running) return running;
    }
    throw new RefusedError(`Other clients keep starting runs of ${request.dataset}. Try again later.`);
  }

  /**
   * Checks that no upload of the dataset is being ingested.
   *
   * @throws RefusedError if one is, UnavailableError if Temporal does not respond
   */
  async assertIdle(dataset: string): Promise<void> {
    const running = await this.reader.describe(ingestWorkflowId(dataset));
    if (running?.status.name === 'RUNNING') throw busy(dataset, running);
  }

  /**
   * Checks that nothing writes objects of the dataset, so that they can be deleted. Returns the id of its latest run;
   * undefined if Temporal has none.
   *
   * @throws RefusedError if a run, a training or a cross-validation of the dataset is running, UnavailableError if Temporal does not respond
   */
  async assertDeletable(dataset: string): Promise<string | undefined> {
    return await assertDeletable(this.temporal, this.reader, dataset);
  }

  /** Returns the progress of the dataset's latest run. See `RunReader.progress` for its errors. */
  async progress(dataset: string): Promise<Progress> {
    return await this.reader.progress(dataset);
  }

  /** Yields the progress of the dataset's latest run until it has a result. */
  watch(dataset: string, options: WatchOptions = {}): AsyncGenerator<Progress> {
    return this.reader.watch(dataset, options);
  }

  /**
   * Approves or rejects the training of a run that waits for approval. Repeating the same decision returns the first one.
   *
   * @throws RefusedError if the run does not wait or was decided otherwise, UnavailableError if no worker responds in
   * time; the same decision can then be sent again
   */
  async decide(dataset: string, decision: 'approve' | 'reject', request: ApprovalRequest): Promise<Approval> {
    const { runId } = await this.newestRun(dataset);
    const handle = this.temporal.workflow.getHandle(ingestWorkflowId(dataset), runId);
    try {
      return await this.withDeadline(() =>
        handle.executeUpdate<Approval, [ApprovalRequest]>(
          decision === 'approve' ? APPROVE_UPDATE : REJECT_UPDATE,
          { updateId: `${decision}-${runId}`, args: [request] },
        ),
      );
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError)
        throw new RefusedError(error.cause?.message ?? error.message);
      if (error instanceof WorkflowNotFoundError)
        throw new RefusedError(`The run of ${dataset} has ended: there is nothing to ${decision}.`);
      if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
        throw new UnavailableError(
          `No worker accepted the decision for ${dataset} in time. Start one with \`curator worker\`, then ${decision} again.`,
        );
      throw error;
    }
  }

  /**
   * Cancels the dataset's run, and waits until it has ended.
   *
   * @throws RefusedError if no run is running, UnavailableError if it does not end in time
   */
  async cancel(dataset: string): Promise<void> {
    const { status, workflowId, runId } = await this.newestRun(dataset);
    if (status.name !== 'RUNNING') throw new RefusedError(`No run of ${dataset} is running.`);
    const handle = this.temporal.workflow.getHandle(workflowId, runId);
    try {
      await this.withDeadline(async () => {
        await handle.cancel();
        await handle.result();
      });
    } catch (error) {
      // The run was cancelled, or it ended before the cancellation.
      if (error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError) return;
      const cause = temporalUnavailable(error).cause;
      throw new UnavailableError(
        `The cancellation of ${dataset} was requested, but the run has not ended yet. Check that a worker is running, then see \`curator status ${dataset}\`.`,
        { cause },
      );
    }
  }

  /** Lists the latest run of each dataset, newest first. @throws UnavailableError or StorageError */
  async list(): Promise<DatasetRun[]> {
    const runs = await this.temporal
      .withDeadline(Date.now() + this.deadlines.queryMs, () => newestRuns(this.temporal))
      .catch((error: unknown) => {
        throw temporalUnavailable(error);
      });
    return await listDatasets(runs, this.reader, this.store, this.bucket);
  }

  /** Reads the earlier runs and the versions of a dataset. @throws UnavailableError or StorageError */
  async history(dataset: string): Promise<DatasetHistory> {
    const { temporal, store, bucket } = this;
    const runs = await temporal
      .withDeadline(Date.now() + this.deadlines.queryMs, () => runsOf(temporal, store, bucket, dataset))
      .catch((error: unknown) => {
        throw error instanceof StorageError ? error : temporalUnavailable(error);
      });
    return { runs, versions: await versionsOf(store, bucket, dataset) };
  }

  /** Scans landing/ for unannounced uploads now; `every` changes the interval of the schedule. */
  async sweep(every?: Parameters<typeof ensureSweepSchedule>[2]): Promise<void> {
    await ensureSweepSchedule(this.temporal, this.bucket, every);
    await triggerSweep(this.temporal);
  }

  /** Checks that Temporal and the bucket respond. @throws UnavailableError or StorageError */
  async ready(): Promise<void> {
    await this.withDeadline(() => this.temporal.workflow.count()).catch((error: unknown) => {
      throw temporalUnavailable(error);
    });
    await this.store.head(this.bucket, 'landing/');
  }

  /** Returns the run that the ledger lists for this upload; undefined if it has to be started or restarted. */
  private async knownRun({ dataset, upload, trigger }: StartRequest): Promise<StartedRun | undefined> {
    const key = ledgerKey(dataset, uploadSha256(upload));
    const entry = await this.store.findJson(upload.bucket, key, ledgerEntrySchema, {
      maxBytes: SMALL_JSON_BYTES,
    });
    if (!entry) return undefined;
    const { workflowId, runId, outcome, result } = entry;
    const known = { workflowId, runId, started: false, result };
    if (outcome === 'done') return known;
    if (outcome !== 'running') return trigger === 'event' ? known : undefined;
    // A run that was terminated outside Curator has left its entry at `running`.
    const described = await this.reader.describe(workflowId, runId);
    if (!described) return undefined;
    return described.status.name === 'RUNNING' || trigger === 'event' ? known : undefined;
  }

  /** Returns the conflicting run if it is of the same upload; undefined if it has ended or was replaced. */
  private async resolveConflict({ dataset, upload, replace }: StartRequest): Promise<StartedRun | undefined> {
    const running = await this.reader.describe(ingestWorkflowId(dataset));
    if (running?.status.name !== 'RUNNING') return undefined;
    const other = uploadOf(running);
    if (other && uploadSha256(other) === uploadSha256(upload)) {
      return { workflowId: running.workflowId, runId: running.runId, started: false, result: null };
    }
    if (!replace) throw busy(dataset, running);
    await this.cancel(dataset);
    return undefined;
  }

  /** @throws NoRunError if the dataset has no run, RefusedError if Temporal no longer has it because it ended long ago */
  private async newestRun(dataset: string): Promise<WorkflowExecutionDescription> {
    const described = await this.reader.describe(ingestWorkflowId(dataset));
    if (described) return described;
    if (await this.reader.status(dataset)) throw new RefusedError(`The run of ${dataset} has ended.`);
    throw new NoRunError(`No run found for the dataset ${dataset}.`);
  }

  private async withDeadline<T>(work: () => Promise<T>): Promise<T> {
    return await this.temporal.withDeadline(Date.now() + this.deadlines.changeMs, work);
  }
}

const uploadOf = ({ memo }: WorkflowExecutionDescription) => memo?.upload as Upload | undefined;

function busy(dataset: string, running: WorkflowExecutionDescription): RefusedError {
  return new RefusedError(
    `${dataset} is already being ingested from ${uploadOf(running)?.key ?? 'another upload'}. Wait for it, cancel it with \`curator cancel ${dataset}\`, or use --replace.`,
  );
}
