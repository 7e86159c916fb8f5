import { setTimeout as delay } from 'node:timers/promises';
import {
  type Client,
  isGrpcServiceError,
  QueryNotRegisteredError,
  QueryRejectedError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { z } from 'zod';
import {
  APPROVE_UPDATE,
  type Approval,
  type ApprovalRequest,
  type IngestInput,
  type IngestResult,
  ingestWorkflowId,
  PROGRESS_QUERY,
  type PreprocessProgress,
  type Progress,
  preprocessWorkflowId,
  REJECT_UPDATE,
  type RunSettings,
  TASK_QUEUE,
  type Upload,
} from './contracts.js';
import { uploadSha256 } from './dataset/identity.js';
import { ledgerKey, statusKey } from './dataset/layout.js';
import type { DatasetSettings } from './dataset/settings.js';
import { type LedgerEntry, ledgerEntrySchema } from './ledger.js';
import type { ObjectStore } from './storage/object-store.js';

/** A request that makes no sense now, with what would. Exit code 1. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

export interface StartRequest {
  readonly dataset: string;
  readonly upload: Upload;
  readonly settings: DatasetSettings;
  readonly run: RunSettings;
  /** Only a person starts again what failed, was refused or cancelled; events may come late and twice. */
  readonly trigger: 'person' | 'event';
  /** Cancel a run of another upload first. */
  readonly replace?: boolean;
}

export interface StartedRun {
  readonly workflowId: string;
  readonly runId: string;
  /** False where the upload has a run already. */
  readonly started: boolean;
  /** What an earlier run of the same upload came to. */
  readonly result: IngestResult | null;
}

const DATASET_ATTRIBUTE = defineSearchAttributeKey('CuratorDataset', SearchAttributeType.KEYWORD);
const ATTRIBUTES = ['CuratorDataset', 'CuratorStage'];

/** Everything that starts, updates, queries or cancels a run. */
export class CuratorClient {
  private searchAttributes: Promise<boolean> | undefined;

  constructor(
    private readonly temporal: Client,
    readonly store: ObjectStore,
    readonly bucket: string,
    /** How long a query waits for a worker. */
    private readonly queryDeadlineMs = 10_000,
  ) {}

  /**
   * Starts a run, or answers the one that the upload has. One run a dataset at a time.
   * @throws RefusedError where another upload of the dataset is being ingested, or an event repeats what ended
   */
  async startIngest(request: StartRequest): Promise<StartedRun> {
    const { dataset, upload, trigger } = request;
    const entry = await this.ledgerEntry(dataset, upload);
    if (entry?.outcome === 'done') return { ...idsOf(entry), started: false, result: entry.result };
    if (entry?.outcome === 'running' && (await this.isRunning(entry))) {
      return { ...idsOf(entry), started: false, result: null };
    }
    if (entry && entry.outcome !== 'running' && trigger === 'event') {
      return { ...idsOf(entry), started: false, result: entry.result };
    }
    try {
      return await this.start(request);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      return await this.resolveConflict(request);
    }
  }

  /** How far the dataset's newest run is; from status.json where no worker answers or Temporal has forgotten it. */
  async progress(dataset: string): Promise<Progress> {
    const handle = this.temporal.workflow.getHandle(ingestWorkflowId(dataset));
    try {
      const progress = await this.query<Progress>(ingestWorkflowId(dataset));
      return progress.stage === 'preprocessing' ? await this.withChildProgress(progress) : progress;
    } catch (error) {
      if (!isUnanswered(error)) throw error;
      const [status, described] = [
        await this.status(dataset),
        await handle.describe().catch(() => undefined),
      ];
      if (status && (!described || described.runId === status.runId)) return status;
      if (!described) throw new RefusedError(`There is no run of the dataset ${dataset}.`);
      if (described.status.name !== 'RUNNING') {
        throw new RefusedError(
          `The run of ${dataset} was ended from outside (${described.status.name.toLowerCase()}).`,
        );
      }
      throw new NoWorkerError(`No worker answers for ${dataset}. Start one with \`curator worker\`.`);
    }
  }

  /** Progress until the run has ended; a worker that is away is waited for. */
  async *watch(dataset: string, intervalMs = 500): AsyncGenerator<Progress> {
    for (;;) {
      try {
        const progress = await this.progress(dataset);
        yield progress;
        if (progress.result) return;
      } catch (error) {
        if (!(error instanceof NoWorkerError)) throw error;
      }
      await delay(intervalMs);
    }
  }

  /** A repeat gets the first answer, a contradiction is refused. */
  async decide(dataset: string, decision: 'approve' | 'reject', request: ApprovalRequest): Promise<Approval> {
    const handle = this.temporal.workflow.getHandle(ingestWorkflowId(dataset));
    try {
      const { runId } = await handle.describe();
      return await handle.executeUpdate<Approval, [ApprovalRequest]>(
        decision === 'approve' ? APPROVE_UPDATE : REJECT_UPDATE,
        { updateId: `${decision}-${runId}`, args: [request] },
      );
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError)
        throw new RefusedError(error.cause?.message ?? error.message);
      if (error instanceof WorkflowNotFoundError) throw new RefusedError(`${dataset} has no run that waits.`);
      throw error;
    }
  }

  /** Asks the dataset's run to cancel, and waits until it has ended. */
  async cancel(dataset: string): Promise<void> {
    const handle = this.temporal.workflow.getHandle(ingestWorkflowId(dataset));
    const described = await handle.describe().catch(unlessUnknown);
    if (described?.status.name !== 'RUNNING') throw new RefusedError(`No run of ${dataset} is under way.`);
    await handle.cancel();
    await handle.result().catch(() => undefined);
  }

  /** The newest run of each dataset that Temporal knows, newest first. */
  async list(): Promise<{ dataset: string; status: string; started: string; runId: string }[]> {
    const runs = new Map<string, { dataset: string; status: string; started: string; runId: string }>();
    for await (const run of this.temporal.workflow.list({ query: `WorkflowType = 'ingestDataset'` })) {
      const dataset = run.workflowId.replace(/^ingest\//, '');
      const started = run.startTime.toISOString();
      const known = runs.get(dataset);
      if (known && known.started >= started) continue;
      runs.set(dataset, { dataset, status: run.status.name.toLowerCase(), started, runId: run.runId });
    }
    return [...runs.values()].sort((a, b) => (a.started < b.started ? 1 : -1));
  }

  private async start(request: StartRequest): Promise<StartedRun> {
    const { dataset, upload, settings, run } = request;
    const searchAttributes = await this.hasSearchAttributes();
    const input: IngestInput = { dataset, upload, settings, run, searchAttributes };
    const handle = await this.temporal.workflow.start('ingestDataset', {
      taskQueue: TASK_QUEUE,
      workflowId: ingestWorkflowId(dataset),
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      args: [input],
      memo: { upload },
      staticSummary: `${upload.key} (${upload.bytes} bytes)`,
      ...(searchAttributes ? { typedSearchAttributes: [{ key: DATASET_ATTRIBUTE, value: dataset }] } : {}),
    });
    return {
      workflowId: handle.workflowId,
      runId: handle.firstExecutionRunId,
      started: true,
      result: null,
    };
  }

  /** Another run of the dataset is under way: of the same upload it is the answer, of another a refusal. */
  private async resolveConflict(request: StartRequest): Promise<StartedRun> {
    const { dataset, upload } = request;
    const handle = this.temporal.workflow.getHandle(ingestWorkflowId(dataset));
    const running = await handle.describe();
    const other = uploadOf(running);
    if (other && uploadSha256(other) === uploadSha256(upload)) {
      return { workflowId: running.workflowId, runId: running.runId, started: false, result: null };
    }
    if (!request.replace) {
      throw new RefusedError(
        `${dataset} is already being ingested from ${other?.key ?? 'another upload'}. Wait for it, cancel it with \`curator cancel ${dataset}\`, or say --replace.`,
      );
    }
    await this.cancel(dataset);
    return await this.start(request);
  }

  private async ledgerEntry(dataset: string, upload: Upload): Promise<LedgerEntry | undefined> {
    return await this.store.findJson(
      upload.bucket,
      ledgerKey(dataset, uploadSha256(upload)),
      ledgerEntrySchema,
    );
  }

  private async isRunning({ workflowId, runId }: LedgerEntry): Promise<boolean> {
    const described = await this.temporal.workflow
      .getHandle(workflowId, runId)
      .describe()
      .catch(() => undefined);
    return described?.status.name === 'RUNNING';
  }

  private async status(dataset: string): Promise<Progress | undefined> {
    return await this.store.findJson(this.bucket, statusKey(dataset), z.custom<Progress>());
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
    return await this.temporal.withDeadline(Date.now() + this.queryDeadlineMs, () =>
      handle.query<T>(PROGRESS_QUERY),
    );
  }

  /** Asked once: upserting an attribute that the server doesn't know would freeze the run for ever. */
  private async hasSearchAttributes(): Promise<boolean> {
    this.searchAttributes ??= this.temporal.connection.operatorService
      .listSearchAttributes({ namespace: this.temporal.options.namespace })
      .then(({ customAttributes }) => ATTRIBUTES.every((name) => customAttributes?.[name] !== undefined))
      .catch(() => false);
    return await this.searchAttributes;
  }
}

/** A run is under way but nobody works on it. */
export class NoWorkerError extends Error {
  override readonly name = 'NoWorkerError';
}

function idsOf({ workflowId, runId }: LedgerEntry) {
  return { workflowId, runId };
}

function uploadOf({ memo }: WorkflowExecutionDescription): Upload | undefined {
  return memo?.upload as Upload | undefined;
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

/** Undefined for a run that Temporal doesn't know; a server that doesn't answer stays an error. */
function unlessUnknown(error: unknown): undefined {
  if (error instanceof WorkflowNotFoundError) return undefined;
  const cause = error instanceof Error ? error.message : String(error);
  throw new RefusedError(`Temporal does not answer: ${cause}`);
}
