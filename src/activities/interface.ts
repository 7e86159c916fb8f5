/** What workflows may ask of activities: keys and counts in, keys and counts out, never lists of images. */
import type {
  AnnotationCounts,
  Evaluation,
  Finding,
  ImageCounts,
  IngestInput,
  IngestResult,
  LabelCounts,
  ModelCardContext,
  PreprocessProgress,
  Progress,
  StopModelInput,
  SweepInput,
  SweepResult,
  TrainerDescription,
  TrainingResult,
  TrainResult,
  Upload,
} from '../contracts/workflow-io.js';
import type { DatasetSettings } from '../dataset/model/settings.js';

/** Addresses a dataset version that inspection has planned. */
export interface VersionRef {
  readonly bucket: string;
  readonly dataset: string;
  /** First 16 hex of the dataset version. */
  readonly version: string;
}

export interface RunRef {
  readonly dataset: string;
  readonly upload: Upload;
  readonly workflowId: string;
  readonly runId: string;
}

export interface Inspection {
  readonly archiveId: string;
  readonly datasetVersion: string;
  readonly version: string;
  readonly batches: number;
  /** Images that the plan's batches hold. */
  readonly images: number;
}

export interface Conversion {
  readonly modelVersion: string;
  readonly images: ImageCounts;
  readonly annotations: AnnotationCounts;
  readonly labels: readonly LabelCounts[];
  readonly droppedClasses: IngestResult['droppedClasses'];
  readonly groups: { readonly groups: number; readonly images: number };
  /** SHA-256 of the manifests, hex. */
  readonly manifests: ModelCardContext['manifests'];
}

export interface Validation {
  readonly findings: readonly Finding[];
  /** One sentence for a person where the dataset must not be trained on, else null. */
  readonly refusal: string | null;
}

export interface LedgerActivities {
  /** Enters the upload into the ledger as running. */
  openRun(run: RunRef): Promise<void>;
  /** Writes the outcome into the ledger, then status.json. The last activity of every path. */
  closeRun(input: { readonly run: RunRef; readonly progress: Progress }): Promise<void>;
}

export interface DatasetActivities {
  /** Reads the directory and the COCO files of the archive; writes raw/coco.json and the plan. */
  inspectArchive(input: IngestInput): Promise<Inspection>;
  /** Writes `_READY` once every batch has its result. */
  markReady(input: VersionRef & { readonly batches: number }): Promise<void>;
  /** Curates and writes the manifests and label files of the version, or the report of why it refuses. */
  convertManifest(
    input: VersionRef & {
      readonly batches: number;
      readonly settings: DatasetSettings;
      readonly manifestAccess: 'private' | 'acl';
      readonly trainingAttempt: number;
    },
  ): Promise<Conversion>;
  /** Applies the service's rules to the manifests as written; writes validation_report.json. */
  validateDataset(input: VersionRef & { readonly settings: DatasetSettings }): Promise<Validation>;
  /** Copies the version's files to the addresses that the old system used. */
  publishManifests(input: VersionRef & { readonly manifestAccess: 'private' | 'acl' }): Promise<void>;
}

export interface ImageActivities {
  /** Preprocesses one batch of the plan, unless its result is there already. */
  preprocessBatch(
    input: VersionRef & {
      readonly upload: Upload;
      readonly settings: DatasetSettings;
      readonly batch: number;
    },
  ): Promise<PreprocessProgress>;
}

export interface ModelVersionRef {
  readonly bucket: string;
  readonly dataset: string;
  readonly modelVersion: string;
  readonly trainManifestKey: string;
  readonly valManifestKey: string;
}

export interface TrainingActivities {
  /** Who trains and who pays, with an estimate for so many images. */
  describeTrainer(input: { readonly images: number }): Promise<TrainerDescription>;
  /** Finds or creates the project and the model version in it; adopts one that has the same manifests. */
  createModelVersion(input: ModelVersionRef): Promise<{ readonly projectVersionArn: string }>;
  /** The model version, if the service has it with the same manifests: for a cancellation that came in between. */
  findModelVersion(input: ModelVersionRef): Promise<{ readonly projectVersionArn: string } | null>;
  /** Polls until the training has ended; heartbeats carry ARN, status and elapsed seconds. */
  awaitTraining(
    input: ModelVersionRef & { readonly projectVersionArn: string; readonly timeoutSecs: number },
  ): Promise<TrainingResult>;
  collectEvaluation(input: ModelVersionRef & { readonly projectVersionArn: string }): Promise<Evaluation>;
  /** Writes the model card; returns its key. */
  writeModelCard(input: {
    readonly model: ModelVersionRef;
    readonly version: string;
    readonly card: ModelCardContext;
    readonly training: TrainingResult;
    readonly evaluation: Evaluation | null;
    /** Why there is no evaluation. Absent in calls of earlier versions. */
    readonly evaluationProblem?: string | null;
  }): Promise<string>;
  /** Stops a running model, waiting for a start under way; nothing to do where it doesn't run. */
  stopModelVersion(model: StopModelInput['model']): Promise<void>;
  /** Waits for a trainModel workflow that an earlier run left behind. */
  joinTraining(workflowId: string): Promise<TrainResult>;
}

export interface SweepActivities {
  /** Starts the uploads under landing/ that no ledger knows. */
  sweepLanding(input: SweepInput): Promise<SweepResult>;
}

export interface Activities
  extends LedgerActivities,
    SweepActivities,
    DatasetActivities,
    ImageActivities,
    TrainingActivities {}
