/**
 * Types and names that cross a process boundary: inputs and outputs of workflows, signals, queries, updates, failure
 * types. Workflows import this file, so it has no run-time imports besides constants.
 */

import type { RefusalType } from '../dataset/model/errors.js';
import type { DatasetQuality } from '../dataset/model/quality.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { Outcome } from './outcomes.js';
import type { IngestResult, ModelCardContext, TrainerDescription } from './results.js';

export type { AnnotationCounts, GroupCounts, ImageCounts, LabelCounts } from '../dataset/model/counts.js';
export { OUTCOMES, type Outcome } from './outcomes.js';
export type * from './results.js';
export type * from './service-validation.js';

/** Task queue of all workflows and of all activities except image batches. */
export const TASK_QUEUE = 'curator';
/** Task queue of image batches. It is separate because its slots are processor cores, which a poll must not occupy. */
export const IMAGE_TASK_QUEUE = 'curator-images';
/** Longest time in ms between two heartbeats of a worker. */
export const MAX_HEARTBEAT_MS = 5_000;

/** The stages of an ingest run, in order. `awaiting-approval` is skipped if no approval is needed. */
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

/** An uploaded archive. It identifies the upload in the ledger; the ETag is the If-Match of every read. */
export interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly bytes: number;
}

/** Settings of a run that do not change the dataset version. The environment variable is in brackets. */
export interface RunSettings {
  /** [WAIT_PREPROC_READY_SECS] Maximum seconds without progress before preprocessing fails as stalled. */
  readonly waitPreprocReadySecs: number;
  /** [PREPROCESS] `external`: another system preprocesses, and sends the signals. */
  readonly preprocess: 'internal' | 'external';
  /** [MANIFEST_ACCESS] `acl`: manifests are made public-read by ACL. */
  readonly manifestAccess: 'private' | 'acl';
  /** [REQUIRE_APPROVAL] When a person must approve the training; `auto`: always, except with the emulator. */
  readonly requireApproval: 'auto' | 'true' | 'false' | 'when-warnings';
  /** [TRAINING_TIMEOUT] Maximum seconds of a training, counted from the service's CreationTimestamp. */
  readonly trainingTimeoutSecs: number;
  /** [MIN_F1] Minimum F1; a model below it ends the run as rejected-by-quality. Absent in runs created by earlier versions. */
  readonly minF1?: number | null;
  /** Number of the training attempt, from 1; raised only by `--retry-training`, and after the dataset was deleted. */
  readonly trainingAttempt: number;
}

/** Input of the workflow ingestDataset. */
export interface IngestInput {
  readonly dataset: string;
  readonly upload: Upload;
  readonly settings: DatasetSettings;
  readonly run: RunSettings;
  /** Whether the server has the search attributes: upserting an unknown one blocks the workflow. */
  readonly searchAttributes: boolean;
}

/** Types of failures that the dataset does not cause. Such a failure fails the run. */
export const FAILURE_TYPES = [
  'UploadMissing',
  'UploadChanged',
  'OutputConflict',
  'PreprocessNotReady',
  'StorageRefused',
  'WorkerLost',
  'TrainerRefused',
  'TrainerQuota',
  'TrainingNameTaken',
  'TrainingFailed',
  'TrainingTimeout',
  'EvaluationUnreadable',
] as const;
/** All failure types: refusals of the dataset, which complete the run as `refused`, and other failures. */
export type FailureType = RefusalType | (typeof FAILURE_TYPES)[number];

/**
 * The progress document: the result of the query `progress`, and the content of status.json. The quality is present once
 * the dataset was validated or refused.
 */
export interface Progress extends Partial<DatasetQuality> {
  readonly stage: Stage | Outcome;
  readonly dataset: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly upload: Upload;
  /** First 16 hexadecimal digits of the dataset version; null before the inspection has ended. */
  readonly version: string | null;
  /** Images preprocessed so far, images in the plan, and rejected images among those done. */
  readonly images: { readonly done: number; readonly total: number; readonly rejected: number };
  /** Start and end of each stage so far, ISO 8601; `to` is null in the current stage. */
  readonly stages: readonly { readonly stage: Stage; readonly from: string; readonly to: string | null }[];
  /** Set once the service has accepted the training. */
  readonly training: TrainingStarted | null;
  /** The trainer that a person decides about; set while the run waits for approval. */
  readonly approval: { readonly trainer: TrainerDescription } | null;
  /** Why the current step is repeated; absent if its last attempt did not fail, and in status.json. */
  readonly waiting?: Waiting;
  /** Set once the run has ended. */
  readonly result: IngestResult | null;
}

/** A step that failed and is repeated, or waits until it can be. */
export interface Waiting {
  /** The error of the last attempt, with what to do about it. */
  readonly reason: string;
  /** Number of attempts that have failed; absent if it is not counted. */
  readonly attempts?: number;
  /** Time of the next attempt, ISO 8601; null while it runs. */
  readonly nextAttempt: string | null;
}

/** Input of the workflow preprocessImages. */
export interface PreprocessInput {
  readonly dataset: string;
  readonly upload: Upload;
  readonly settings: DatasetSettings;
  readonly version: string;
  /** Number of batches in the plan. */
  readonly batches: number;
  /** Index of the first batch of this run; continue-as-new raises it. */
  readonly nextBatch: number;
  /** Counts of the batches before `nextBatch`. */
  readonly done: PreprocessProgress;
}

/** Images that preprocessing has completed, and the number of rejected ones among them. */
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
  /** Name of the person who decides. */
  readonly by: string;
  readonly note: string;
}

/** Maximum characters of the name in an approval: histories and the model card keep it. */
export const MAX_NAME_CHARACTERS = 200;
/** Maximum characters of the note in an approval. */
export const MAX_NOTE_CHARACTERS = 2000;

/** Input of the workflow trainModel. */
export interface TrainInput {
  readonly dataset: string;
  readonly bucket: string;
  readonly version: string;
  readonly modelVersion: string;
  readonly trainManifestKey: string;
  readonly valManifestKey: string;
  /** Maximum seconds of the training, counted from the service's CreationTimestamp. */
  readonly timeoutSecs: number;
  readonly card: ModelCardContext;
  /** Joins a training that the service has already, and never starts one. Absent in runs created by earlier versions. */
  readonly joinOnly?: boolean;
}

/** Input of the workflow sweepLanding, which the schedule `curator-sweep` starts. */
export interface SweepInput {
  readonly bucket: string;
  /** Uploads younger than this many seconds are skipped, because their announcement may still arrive. */
  readonly graceSecs: number;
}

/** The uploads that a sweep found in no ledger, by outcome; a maximum of 20 is listed for each. */
export interface SweepResult {
  readonly started: { readonly count: number; readonly keys: readonly string[] };
  readonly deferred: { readonly count: number; readonly reasons: readonly string[] };
  readonly ignored: { readonly count: number; readonly reasons: readonly string[] };
}

/** Id of the schedule that starts sweepLanding. */
export const SWEEP_SCHEDULE_ID = 'curator-sweep';
/** Prefix of its workflow ids; Temporal adds the scheduled time. */
export const SWEEP_WORKFLOW_ID = 'sweep-landing';

/** Input of the workflow stopModel, the guard of a running model. */
export interface StopModelInput {
  readonly model: {
    readonly projectVersionArn: string;
    readonly dataset: string;
    readonly modelVersion: string;
  };
  /** When to stop the model, in milliseconds since 1970. */
  readonly until: number;
}

/** Input of the workflow crossValidate. */
export interface CrossValidateInput {
  readonly bucket: string;
  readonly dataset: string;
  /** First 16 hexadecimal digits of the dataset version. */
  readonly version: string;
}

/** Workflow id of a dataset's ingest run: one per dataset, so a dataset has one run at a time. */
export const ingestWorkflowId = (dataset: string) => `ingest/${dataset}`;
/** Workflow id of preprocessImages: one per parent run, so that the child of a terminated run does not block the next. */
export const preprocessWorkflowId = (dataset: string, parentRunId: string) =>
  `preprocess/${dataset}/${parentRunId}`;
/** Workflow id of trainModel: one per model version, so that a later run can join it. */
export const trainWorkflowId = (dataset: string, modelVersion: string) => `train/${dataset}/${modelVersion}`;

/** Workflow id of crossValidate: one per dataset version, whose result is always the same. */
export const crossValidateWorkflowId = (dataset: string, version: string) =>
  `cross-validate/${dataset}/${version}`;

/** Workflow id of the guard of a running model. */
export const stopModelWorkflowId = ({ dataset, modelVersion }: StopModelInput['model']) =>
  `stop/${dataset}/${modelVersion}`;

/** Names of queries, signals and updates. `workflows/messages.ts` defines them; clients send them by these names. */
export const PROGRESS_QUERY = 'progress';
export const PREPROCESS_PROGRESS_SIGNAL = 'preprocessProgress';
export const PREPROCESS_READY_SIGNAL = 'preprocessReady';
export const TRAINING_STARTED_SIGNAL = 'trainingStarted';
export const TRAINING_ENDED_SIGNAL = 'trainingEnded';
export const WAITING_QUERY = 'waiting';
export const KEEP_MODEL_SIGNAL = 'keepModelUntil';
export const APPROVE_UPDATE = 'approveTraining';
export const REJECT_UPDATE = 'rejectTraining';
