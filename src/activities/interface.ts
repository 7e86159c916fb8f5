/**
 * The activities that workflows call. Inputs and outputs hold keys and counts, never lists of images, because payloads
 * stay in the workflow's history; the data itself is in S3. Errors that are not retried have a type of `FailureType`.
 */
import type {
  AnnotationCounts,
  CrossValidateInput,
  Evaluation,
  Finding,
  GroupCounts,
  ImageCounts,
  IngestInput,
  IngestResult,
  LabelCounts,
  ModelCardContext,
  PreprocessProgress,
  Progress,
  ServiceValidation,
  StopModelInput,
  SweepInput,
  SweepResult,
  TrainerDescription,
  TrainingResult,
  TrainResult,
  Upload,
} from '../contracts/workflow-io.js';
import type { DatasetQuality } from '../dataset/model/quality.js';
import type { DatasetSettings } from '../dataset/model/settings.js';

/** The address of a dataset version that inspection has planned. */
export interface VersionRef {
  readonly bucket: string;
  readonly dataset: string;
  /** First 16 hexadecimal digits of the dataset version. */
  readonly version: string;
}

/** The identity of an ingest run and of the upload that it ingests. */
export interface RunRef {
  readonly dataset: string;
  readonly upload: Upload;
  readonly workflowId: string;
  readonly runId: string;
}

/** The result of reading an archive's directory and COCO files. */
export interface Inspection {
  /** SHA-256 of the names and checksums of the files in the archive, hexadecimal. */
  readonly archiveId: string;
  /** SHA-256 of content and settings, hexadecimal: the full dataset version. */
  readonly datasetVersion: string;
  /** First 16 hexadecimal digits of `datasetVersion`. */
  readonly version: string;
  /** Number of batches in the plan. */
  readonly batches: number;
  /** Number of images in all batches. */
  readonly images: number;
}

/** Batches that have all their results before preprocessing begins, and counts of their images. */
export interface ReusedResults extends PreprocessProgress {
  readonly batches: number;
}

/** The result of curating a dataset version and writing its manifests. */
export interface Conversion {
  /** Name of the model version that training these manifests gives. */
  readonly modelVersion: string;
  readonly images: ImageCounts;
  readonly annotations: AnnotationCounts;
  readonly labels: readonly LabelCounts[];
  /** Dropped classes, maximum 20. */
  readonly droppedClasses: IngestResult['droppedClasses'];
  readonly groups: GroupCounts;
  /** SHA-256 of each manifest, hexadecimal. */
  readonly manifests: ModelCardContext['manifests'];
}

/** The result of applying the training service's rules to the manifests. Earlier versions returned no quality. */
export interface Validation extends Partial<DatasetQuality> {
  readonly findings: readonly Finding[];
  /** A sentence for a person if the dataset is not fit for training, else null. */
  readonly refusal: string | null;
}

/** Activities that write the ledger. */
export interface LedgerActivities {
  /** Records the upload in the ledger as `running`. */
  openRun(run: RunRef): Promise<void>;
  /** Records the outcome in the ledger, then writes status.json. The last activity of every run. */
  closeRun(input: { readonly run: RunRef; readonly progress: Progress }): Promise<void>;
}

/** Activities that read or write a whole dataset version. */
export interface DatasetActivities {
  /** Reads the archive's directory and COCO files; writes raw/coco.json and the plan. Fails with a refusal type. */
  inspectArchive(input: IngestInput): Promise<Inspection>;
  /**
   * Looks for results that hold for images of this version: its own, and those of the version that was preprocessed
   * before. Returns the number of batches that need no further work, and counts of their images. preprocessBatch
   * completes the others.
   */
  reuseResults(
    input: VersionRef & { readonly batches: number; readonly settings: DatasetSettings },
  ): Promise<ReusedResults>;
  /** Writes `_READY`. Fails, retryably, if a batch has no result. */
  markReady(input: VersionRef & { readonly batches: number }): Promise<void>;
  /**
   * Curates and splits the dataset; writes the version's manifests and label files. Fails with a refusal type if the
   * settings leave nothing to train on; the report of the refusal is written first.
   */
  convertManifest(
    input: VersionRef & {
      readonly batches: number;
      readonly settings: DatasetSettings;
      readonly manifestAccess: 'private' | 'acl';
      readonly trainingAttempt: number;
    },
  ): Promise<Conversion>;
  /** Reads the manifests back, applies the service's rules, writes validation_report.json and report.html. */
  validateDataset(
    input: VersionRef & {
      readonly settings: DatasetSettings;
      /** Absent in runs that earlier versions started. */
      readonly batches?: number;
    },
  ): Promise<Validation>;
  /** Copies the version's files to manifest/, the addresses of the latest version. */
  publishManifests(input: VersionRef & { readonly manifestAccess: 'private' | 'acl' }): Promise<void>;
}

/** Activities of the task queue `curator-images`. */
export interface ImageActivities {
  /** Preprocesses the images of one batch that have no result; returns at once if all have one. */
  preprocessBatch(
    input: VersionRef & {
      readonly upload: Upload;
      readonly settings: DatasetSettings;
      /** Index of the batch, from 0. */
      readonly batch: number;
    },
  ): Promise<PreprocessProgress>;
}

/** A model version and the manifests that it is trained on. */
export interface ModelVersionRef {
  readonly bucket: string;
  readonly dataset: string;
  readonly modelVersion: string;
  readonly trainManifestKey: string;
  readonly valManifestKey: string;
}

/** Activities that call the training service. */
export interface TrainingActivities {
  /**
   * Describes the trainer that this worker uses, with the estimated cost of training on this number of images and the
   * project that the planned training would use. Fails as TrainerRefused if that training exceeds the maximum images of
   * the region. `planned` is absent in calls of earlier versions.
   */
  describeTrainer(input: {
    readonly images: number;
    readonly planned?: { readonly dataset: string; readonly train: number; readonly val: number };
  }): Promise<TrainerDescription>;
  /**
   * Starts the training in the dataset's first project without datasets, creating the project if it is missing. Adopts a
   * model version of the same name and manifests. Fails as TrainingNameTaken if the manifests differ, as TrainerRefused if the service refuses.
   */
  createModelVersion(input: ModelVersionRef): Promise<{ readonly projectVersionArn: string }>;
  /** Looks up the model version after a cancelled start; null if the service does not have it with these manifests. */
  findModelVersion(input: ModelVersionRef): Promise<{ readonly projectVersionArn: string } | null>;
  /**
   * Polls until the training has ended. Heartbeat details: `TrainingHeartbeat`. Fails as TrainingFailed, or as
   * TrainingTimeout once `timeoutSecs` seconds have passed since the service's CreationTimestamp.
   */
  awaitTraining(
    input: ModelVersionRef & { readonly projectVersionArn: string; readonly timeoutSecs: number },
  ): Promise<TrainingResult>;
  /** Reads the service's evaluation files. Fails as EvaluationUnreadable. */
  collectEvaluation(input: ModelVersionRef & { readonly projectVersionArn: string }): Promise<Evaluation>;
  /**
   * Reads what the service found out about the lines of the manifests. If it reported any, adds them to report.html of
   * the version. Files that cannot be read or written are named in the result.
   */
  collectValidation(
    input: ModelVersionRef & {
      readonly projectVersionArn: string;
      readonly version: string;
      readonly settings: DatasetSettings;
    },
  ): Promise<ServiceValidation>;
  /** Writes the model card; returns its key. */
  writeModelCard(input: {
    readonly model: ModelVersionRef;
    readonly version: string;
    readonly card: ModelCardContext;
    readonly training: TrainingResult;
    readonly evaluation: Evaluation | null;
    /** The reason if `evaluation` is null. Absent in calls of earlier versions. */
    readonly evaluationProblem?: string | null;
    /** Absent in calls of earlier versions. */
    readonly serviceValidation?: ServiceValidation | null;
  }): Promise<string>;
  /** Stops a running model; a model that is starting is awaited first. Does nothing if it does not run. */
  stopModelVersion(model: StopModelInput['model']): Promise<void>;
  /** Waits for the trainModel workflow of an earlier run. Fails with the failure type of that workflow. */
  joinTraining(workflowId: string): Promise<TrainResult>;
}

/** Activities of cross-validation. */
export interface CrossValidationActivities {
  /**
   * Fits the local detector on parts of a dataset version; writes cross_validation.json and doubtful_labels.json.
   * Heartbeat details: `FitCounts`.
   */
  crossValidateVersion(input: CrossValidateInput): Promise<void>;
}

/** Activities of the scheduled sweep. */
export interface SweepActivities {
  /** Starts runs for the uploads under landing/ that no ledger lists. */
  sweepLanding(input: SweepInput): Promise<SweepResult>;
}

/** All activities, of both task queues. */
export interface Activities
  extends LedgerActivities,
    CrossValidationActivities,
    SweepActivities,
    DatasetActivities,
    ImageActivities,
    TrainingActivities {}
