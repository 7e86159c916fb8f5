/** The types that cross a boundary: workflow inputs and outputs, signals, queries, updates, failure types. No run-time imports. */

import type { RefusalType } from '../dataset/model/errors.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { Outcome } from './outcomes.js';
import type { IngestResult, ModelCardContext, TrainerDescription } from './results.js';

export type { AnnotationCounts, ImageCounts, LabelCounts } from '../dataset/model/counts.js';
export { OUTCOMES, type Outcome } from './outcomes.js';
export type * from './results.js';

export const TASK_QUEUE = 'curator';
/** Image batches have a queue of their own: their slots are processors, and a training's poll must not take one. */
export const IMAGE_TASK_QUEUE = 'curator-images';

export const STAGES = [
  'inspecting',
  'preprocessing',
  'converting',
  'validating',
  'awaiting-approval',
  'training',
  'evaluating',
] as const;
export type Stage = (typeof STAGES)[number];

/** What was put where. Used for "was this notified already", and as If-Match while reading. */
export interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly bytes: number;
}

/** Settings of a run that don't change what comes out. Names in the environment in brackets. */
export interface RunSettings {
  /** [WAIT_PREPROC_READY_SECS] Seconds without progress after which preprocessing counts as stalled. */
  readonly waitPreprocReadySecs: number;
  /** [PREPROCESS] `external`: another system preprocesses and sends the signals. */
  readonly preprocess: 'internal' | 'external';
  /** [MANIFEST_ACCESS] `acl`: manifests are made public-read, as the old system had it. */
  readonly manifestAccess: 'private' | 'acl';
  /** [REQUIRE_APPROVAL] `auto`: unless the trainer names itself an emulator. */
  readonly requireApproval: 'auto' | 'true' | 'false' | 'when-warnings';
  /** [TRAINING_TIMEOUT] Seconds from the service's CreationTimestamp after which waiting for a training ends. */
  readonly trainingTimeoutSecs: number;
  /** [MIN_F1] A model below it ends the run as rejected-by-quality; null where any will do. Runs from before have none. */
  readonly minF1?: number | null;
  /** Raised only by a person's --retry-training. Starts at 1. */
  readonly trainingAttempt: number;
}

export interface IngestInput {
  readonly dataset: string;
  readonly upload: Upload;
  readonly settings: DatasetSettings;
  readonly run: RunSettings;
  /** Whether the server knows CuratorDataset and CuratorStage: upserting an unknown one freezes the workflow task. */
  readonly searchAttributes: boolean;
}

/** Failures that aren't the dataset's fault. Non-retryable unless the message says otherwise. */
export const FAILURE_TYPES = [
  'UploadMissing',
  'UploadChanged',
  'OutputConflict',
  'PreprocessNotReady',
  'StorageRefused',
  'TrainerRefused',
  'TrainingNameTaken',
  'TrainingFailed',
  'TrainingTimeout',
  'EvaluationUnreadable',
] as const;
export type FailureType = RefusalType | (typeof FAILURE_TYPES)[number];

/** Answer of the query `progress`, and the core of status.json. */
export interface Progress {
  readonly stage: Stage | Outcome;
  readonly dataset: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly upload: Upload;
  readonly version: string | null;
  readonly images: { readonly done: number; readonly total: number; readonly rejected: number };
  /** Start and end of each stage so far, ISO times. */
  readonly stages: readonly { readonly stage: Stage; readonly from: string; readonly to: string | null }[];
  readonly training: { readonly projectVersionArn: string; readonly modelVersion: string } | null;
  /** Set while the run waits for approval. */
  readonly approval: { readonly trainer: TrainerDescription } | null;
  /** Set once the run has ended. */
  readonly result: IngestResult | null;
}

export interface PreprocessInput {
  readonly dataset: string;
  readonly upload: Upload;
  readonly settings: DatasetSettings;
  readonly version: string;
  readonly batches: number;
  /** Batches below this one are done; raised at continue-as-new. */
  readonly nextBatch: number;
  readonly done: { readonly images: number; readonly rejected: number };
}

/** Images that preprocessing has finished with, and how many of them it rejected. */
export interface PreprocessProgress {
  readonly images: number;
  readonly rejected: number;
}

/** Argument of the signal `trainingStarted`, sent once the service has accepted the training. */
export interface TrainingStarted {
  readonly projectVersionArn: string;
  readonly modelVersion: string;
}

/** Argument of the updates `approveTraining` and `rejectTraining`. */
export interface ApprovalRequest {
  readonly by: string;
  readonly note: string;
}

export interface TrainInput {
  readonly dataset: string;
  readonly bucket: string;
  readonly version: string;
  readonly modelVersion: string;
  readonly trainManifestKey: string;
  readonly valManifestKey: string;
  readonly timeoutSecs: number;
  readonly card: ModelCardContext;
}

/** What the schedule `curator-sweep` starts. */
export interface SweepInput {
  readonly bucket: string;
  /** Younger uploads are left to whoever put them there. */
  readonly graceSecs: number;
}

/** What a sweep found that no ledger knew; at most 20 listed each. */
export interface SweepResult {
  readonly started: { readonly count: number; readonly keys: readonly string[] };
  readonly deferred: { readonly count: number; readonly reasons: readonly string[] };
  readonly ignored: { readonly count: number; readonly reasons: readonly string[] };
}

export const SWEEP_SCHEDULE_ID = 'curator-sweep';
export const SWEEP_WORKFLOW_ID = 'sweep-landing';
/** A model that runs, and until when it may: milliseconds since 1970. */
export interface StopModelInput {
  readonly model: {
    readonly projectVersionArn: string;
    readonly dataset: string;
    readonly modelVersion: string;
  };
  readonly until: number;
}

export const ingestWorkflowId = (dataset: string) => `ingest/${dataset}`;
/** One a parent run: a child that still drains after its parent was terminated must not block the next run. */
export const preprocessWorkflowId = (dataset: string, parentRunId: string) =>
  `preprocess/${dataset}/${parentRunId}`;
export const trainWorkflowId = (dataset: string, modelVersion: string) => `train/${dataset}/${modelVersion}`;

export const stopModelWorkflowId = ({ dataset, modelVersion }: StopModelInput['model']) =>
  `stop/${dataset}/${modelVersion}`;

/** Search attributes that lists use, all of type Keyword. */
export const SEARCH_ATTRIBUTES = ['CuratorDataset', 'CuratorStage'] as const;

/** Names on the wire; workflows define them, client.ts sends them. */
export const PROGRESS_QUERY = 'progress';
export const PREPROCESS_PROGRESS_SIGNAL = 'preprocessProgress';
export const PREPROCESS_READY_SIGNAL = 'preprocessReady';
export const TRAINING_STARTED_SIGNAL = 'trainingStarted';
export const TRAINING_ENDED_SIGNAL = 'trainingEnded';
export const KEEP_MODEL_SIGNAL = 'keepModelUntil';
export const APPROVE_UPDATE = 'approveTraining';
export const REJECT_UPDATE = 'rejectTraining';
