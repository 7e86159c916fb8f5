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
import type { ObjectStore } from '../storage/object-store.js';
import { NoRunError, RefusedError, UnavailableError } from './errors.js';
import { type DatasetRun, listDatasets } from './list.js';
import { ModelGuard } from './model-guard.js';
import type { StartedRun, StartRequest } from './requests.js';
import { RunReader, temporalUnavailable } from './run-reader.js';
import { RunStarter } from './run-starter.js';
import { ensureSweepSchedule, triggerSweep } from './sweep-schedule.js';
import { TrainingReader } from './training-reader.js';
import type { WatchOptions } from './watch.js';

export interface Deadlines {
  /** How long a query waits for a worker, in milliseconds. */
  readonly queryMs: number;
  /** How long a decision or a cancellation waits for a worker, in milliseconds. */
  readonly changeMs: number;
}

/** A run may end between the refusal of a start and the look at it; others may start in between, but not for ever. */
const MAX_STARTS = 3;

/** Everything that starts, updates, queries or cancels a run. */
export class CuratorClient {
  readonly trainings: TrainingReader;
  readonly guard: ModelGuard;
  private readonly reader: RunReader;
  private readonly starter: RunStarter;

  constructor(
    private readonly temporal: Client,
    readonly store: ObjectStore,
    readonly bucket: string,
    private readonly deadlines: Deadlines = { queryMs: 10_000, changeMs: 60_000 },
  ) {
    this.reader = new RunReader(temporal, store, bucket, deadlines.queryMs);
    this.starter = new RunStarter(temporal);
    this.guard = new ModelGuard(temporal);
    this.trainings = new TrainingReader(temporal, this.reader);
  }

  /**
   * Starts a run, or answers the one that the upload has. One run a dataset at a time.
   * @throws RefusedError where another upload of the dataset is being ingested, UnavailableError where Temporal is away
   */
  async startIngest(request: StartRequest): Promise<StartedRun> {
    for (let attempt = 1; attempt <= MAX_STARTS; attempt += 1) {
      const known = await this.knownRun(request);
      if (known) return known;
      try {
        const run = await this.withDeadline(() => this.starter.start(request));
        return { ...run, started: true, result: null };
      } catch (error) {
        if (error instanceof ServiceError) throw temporalUnavailable(error);
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
      const running = await this.resolveConflict(request);
      if (running) return running;
    }
    throw new RefusedError(`${request.dataset} is being ingested by others again and again. Try later.`);
  }

  /** @see RunReader.progress */
  async progress(dataset: string): Promise<Progress> {
    return await this.reader.progress(dataset);
  }

  /** @see RunReader.watch */
  watch(dataset: string, options: WatchOptions = {}): AsyncGenerator<Progress> {
    return this.reader.watch(dataset, options);
  }

  /**
   * Decides about the training that a run waits with. A repeat gets the first answer, a contradiction is refused.
   * @throws UnavailableError where no worker takes it in time; the same decision may then be sent again
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
          `No worker took the decision about ${dataset} in time. Start one with \`curator worker\`, then ${decision} again.`,
        );
      throw error;
    }
  }

  /** Asks the dataset's run to cancel, and waits until it has ended. */
  async cancel(dataset: string): Promise<void> {
    const { status, workflowId, runId } = await this.newestRun(dataset);
    if (status.name !== 'RUNNING') throw new RefusedError(`No run of ${dataset} is under way.`);
    const handle = this.temporal.workflow.getHandle(workflowId, runId);
    try {
      await this.withDeadline(async () => {
        await handle.cancel();
        await handle.result();
      });
    } catch (error) {
      // Cancelled as asked, or ended by itself meanwhile.
      if (error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError) return;
      const cause = temporalUnavailable(error).cause;
      throw new UnavailableError(
        `The run of ${dataset} was asked to cancel but hasn't ended yet. Does a worker run? Look with \`curator status ${dataset}\`.`,
        { cause },
      );
    }
  }

  /** The newest run of each dataset, newest first. */
  async list(): Promise<DatasetRun[]> {
    return await listDatasets(this.temporal, this.reader, this.store, this.bucket);
  }

  /** Looks now for uploads that nobody told of, and `every` so often from now on. */
  async sweep(every?: Parameters<typeof ensureSweepSchedule>[2]): Promise<void> {
    await ensureSweepSchedule(this.temporal, this.bucket, every);
    await triggerSweep(this.temporal);
  }

  /** @throws where Temporal or the bucket doesn't answer */
  async ready(): Promise<void> {
    await this.withDeadline(() => this.temporal.workflow.count()).catch((error: unknown) => {
      throw temporalUnavailable(error);
    });
    await this.store.head(this.bucket, 'landing/');
  }

  /** The run that the ledger has for this upload, unless it is to be started (again). */
  private async knownRun({ dataset, upload, trigger }: StartRequest): Promise<StartedRun | undefined> {
    const key = ledgerKey(dataset, uploadSha256(upload));
    const entry = await this.store.findJson(upload.bucket, key, ledgerEntrySchema);
    if (!entry) return undefined;
    const { workflowId, runId, outcome, result } = entry;
    const known = { workflowId, runId, started: false, result };
    if (outcome === 'done') return known;
    if (outcome !== 'running') return trigger === 'event' ? known : undefined;
    // A run that was terminated from outside left its entry behind.
    const described = await this.reader.describe(workflowId, runId);
    if (!described) return undefined;
    return described.status.name === 'RUNNING' || trigger === 'event' ? known : undefined;
  }

  /** The run that is in the way: of the same upload it is the answer, of another a refusal, once ended nothing. */
  private async resolveConflict({ dataset, upload, replace }: StartRequest): Promise<StartedRun | undefined> {
    const running = await this.reader.describe(ingestWorkflowId(dataset));
    if (running?.status.name !== 'RUNNING') return undefined;
    const other = running.memo?.upload as Upload | undefined;
    if (other && uploadSha256(other) === uploadSha256(upload)) {
      return { workflowId: running.workflowId, runId: running.runId, started: false, result: null };
    }
    if (!replace) {
      throw new RefusedError(
        `${dataset} is already being ingested from ${other?.key ?? 'another upload'}. Wait for it, cancel it with \`curator cancel ${dataset}\`, or say --replace.`,
      );
    }
    await this.cancel(dataset);
    return undefined;
  }

  /** @throws NoRunError where nobody knows of one, RefusedError where Temporal has forgotten it: it ended long ago */
  private async newestRun(dataset: string): Promise<WorkflowExecutionDescription> {
    const described = await this.reader.describe(ingestWorkflowId(dataset));
    if (described) return described;
    if (await this.reader.status(dataset)) throw new RefusedError(`The run of ${dataset} has ended.`);
    throw new NoRunError(`There is no run of the dataset ${dataset}.`);
  }

  private async withDeadline<T>(work: () => Promise<T>): Promise<T> {
    return await this.temporal.withDeadline(Date.now() + this.deadlines.changeMs, work);
  }
}
