/** The types that cross a boundary: workflow inputs and outputs, signals, queries, updates, failure types. No run-time imports. */
import type { RefusalType } from './dataset/errors.js';
import type { DatasetSettings } from './dataset/settings.js';

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

export const OUTCOMES = [
  'done',
  'refused',
  'rejected',
  'rejected-by-quality',
  'failed',
  'cancelled',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

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

export interface ImageCounts {
  /** Image records of the COCO files. */
  readonly found: number;
  /** In a manifest: train + val. */
  readonly used: number;
  /** Unreadable, missing, or outside the service's limits. */
  readonly rejected: number;
  readonly train: number;
  readonly val: number;
  /** Usable but in no manifest, by reason; with `used` and `rejected` they add up to `found`. */
  readonly left: {
    readonly neverAnnotated: number;
    readonly emptiedByBoxRules: number;
    readonly emptiedByClassDrop: number;
    readonly balancedAway: number;
  };
}

export interface AnnotationCounts {
  readonly found: number;
  readonly used: number;
  /** Dropped boxes by reason; with `used` they add up to `found`. */
  readonly dropped: Readonly<Record<string, number>>;
}

export interface LabelCounts {
  readonly label: string;
  readonly train: { readonly images: number; readonly boxes: number };
  readonly val: { readonly images: number; readonly boxes: number };
}

/** A remark of the validation, also in validation_report.json. */
export interface Finding {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly count: number;
  /** At most 10 cases: file and record. */
  readonly examples: readonly string[];
}

/** Both ends of a 95 % bootstrap interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface LabelEvaluation {
  readonly label: string;
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  /** The assumed threshold of the label, 0 to 1. */
  readonly threshold: number;
  readonly testImages: number;
  /** Objects of the class on the test images; null where the testing manifest can't be read. Added later: cards of before don't have it. */
  readonly testBoxes: number | null;
  /** Of F1; null where the service left no predictions to resample. Added later. */
  readonly interval: Interval | null;
}

export interface Evaluation {
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  readonly averagePrecision: number | null;
  readonly testImages: number;
  /** These three as in LabelEvaluation; chance is the overall F1 of a predictor that knows class frequencies and median boxes alone. */
  readonly testBoxes: number | null;
  readonly interval: Interval | null;
  readonly chance: number | null;
  readonly labels: readonly LabelEvaluation[];
}

/** The trainer that the worker would use: who pays decides whether a person is asked. */
export interface TrainerDescription {
  readonly kind: 'rekognition' | 'emulator';
  readonly account: string | null;
  readonly region: string;
  /** US dollars an hour of training, as published or set. */
  readonly hourlyRateUsd: number;
  readonly estimatedHours: number;
  /** Where rate and hours come from, for the person who decides. Runs from before don't say. */
  readonly basis?: string;
}

export interface Approval {
  readonly decision: 'approved' | 'rejected';
  readonly by: string;
  readonly note: string;
  /** ISO time. */
  readonly at: string;
}

export interface TrainingResult {
  readonly projectVersionArn: string;
  readonly modelVersion: string;
  readonly status: string;
  /** Seconds from CreationTimestamp to TrainingEndTimestamp. */
  readonly seconds: number;
  readonly billableSeconds: number | null;
  readonly trainer: TrainerDescription['kind'];
  /** ISO times of the service: when it accepted the training, and when that ended. Trainings from before don't say. */
  readonly created?: string | null;
  readonly ended?: string | null;
  /** URI of the testing manifest with the model's predictions. */
  readonly evaluationManifest?: string | null;
}

/** What `curator ingest --json` prints, a completed run returns, and the ledger and status.json keep. */
export interface IngestResult {
  readonly outcome: Outcome;
  /** One sentence for a person; for `refused` what to do about it. */
  readonly message: string;
  readonly dataset: string;
  readonly workflowId: string;
  readonly runId: string;
  /** First 16 hex of the dataset version; null where inspection didn't get there. */
  readonly version: string | null;
  readonly archive: { readonly key: string; readonly etag: string; readonly bytes: number };
  readonly images: ImageCounts | null;
  readonly annotations: AnnotationCounts | null;
  readonly labels: readonly LabelCounts[];
  /** Classes below MIN_CLASS_IMAGES, with their image counts; at most 20 listed. */
  readonly droppedClasses: readonly { readonly label: string; readonly images: number }[];
  /** Groups of copies that were kept on one side: groups of two or more, and the images in them. */
  readonly groups: { readonly groups: number; readonly images: number } | null;
  readonly findings: readonly Finding[];
  readonly uris: {
    readonly train: string | null;
    readonly val: string | null;
    readonly labelsTxt: string | null;
    readonly labelsJson: string | null;
    readonly report: string | null;
    readonly modelCard: string | null;
  };
  readonly training: TrainingResult | null;
  readonly evaluation: Evaluation | null;
}

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

/** What the model card says of the dataset that the model was trained on. */
export interface ModelCardContext {
  readonly archiveId: string;
  readonly datasetVersion: string;
  readonly rulesVersion: number;
  readonly settings: DatasetSettings;
  readonly images: ImageCounts;
  readonly annotations: AnnotationCounts;
  readonly labels: readonly LabelCounts[];
  /** SHA-256 of the manifests, hex. */
  readonly manifests: { readonly train: string; readonly val: string };
  readonly approval: Approval | null;
}

export interface TrainResult {
  readonly training: TrainingResult;
  readonly evaluation: Evaluation;
  readonly modelCardKey: string;
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

/** Names on the wire; workflows define them, client.ts sends them. */
export const PROGRESS_QUERY = 'progress';
export const PREPROCESS_PROGRESS_SIGNAL = 'preprocessProgress';
export const PREPROCESS_READY_SIGNAL = 'preprocessReady';
export const TRAINING_STARTED_SIGNAL = 'trainingStarted';
export const TRAINING_ENDED_SIGNAL = 'trainingEnded';
export const KEEP_MODEL_SIGNAL = 'keepModelUntil';
export const APPROVE_UPDATE = 'approveTraining';
export const REJECT_UPDATE = 'rejectTraining';
