/** The result of a run, the evaluation of its model, and the contents of the model card. */
import type { AnnotationCounts, GroupCounts, ImageCounts, LabelCounts } from '../dataset/model/counts.js';
import type { DatasetQuality } from '../dataset/model/quality.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { Unit } from '../dataset/model/units.js';
import type { Outcome } from './outcomes.js';
import type { ServiceValidation } from './service-validation.js';

/** A problem that the validation found in a dataset; also in validation_report.json. */
export interface Finding {
  /** Stable code in capitals, for example `SPLIT_LEAKS`, or the type of a refusal. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** One or two sentences for a person. */
  readonly message: string;
  /** The beginning of `message` that says what is wrong. Present in findings that decide the quality. */
  readonly headline?: string;
  /** Number of cases, in `unit`. */
  readonly count: number;
  /** What `count` counts. Absent in runs created by earlier versions, and if the number says nothing. */
  readonly unit?: Unit;
  /** A maximum of 10 cases: file and record. */
  readonly examples: readonly string[];
}

/** A 95 % bootstrap interval of F1, both ends 0 to 1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The evaluation of one class at its own threshold. */
export interface LabelEvaluation {
  readonly label: string;
  /** F1, precision and recall, 0 to 1. */
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  /** Confidence threshold that the service assumes for the class, 0 to 1. */
  readonly threshold: number;
  /** Number of test images that contain the class. */
  readonly testImages: number;
  /** Objects of the class in the test images; null if the testing manifest cannot be read. Absent in old cards. */
  readonly testBoxes: number | null;
  /** Interval of F1; null if the service left no predictions to resample. Absent in old cards. */
  readonly interval: Interval | null;
}

/** The evaluation of a model on its test images. */
export interface Evaluation {
  /** F1, precision and recall over all classes, 0 to 1. */
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  /** 0 to 1; null if the service does not report it. */
  readonly averagePrecision: number | null;
  /** Training images that the service used; null if it does not report them. Absent in runs created by earlier versions. */
  readonly trainImages?: number | null;
  readonly testImages: number;
  /** Objects in the test images; null if the testing manifest cannot be read. Absent in old cards. */
  readonly testBoxes: number | null;
  /** Interval of F1; null if the service left no predictions to resample. Absent in old cards. */
  readonly interval: Interval | null;
  /**
   * F1 over all classes counted from the predictions in the evaluation manifest, 0 to 1: by the service's
   * is-true-positive flags, on which the interval is then based (null if a prediction has none), and by boxes matched at
   * IoU 0.5. Null without predictions. Absent in runs created by earlier versions.
   */
  readonly recounted?: { readonly byFlags: number | null; readonly byMatching: number | null } | null;
  /** Overall F1 of a predictor that knows only class frequencies and median boxes. Absent in old cards. */
  readonly chance: number | null;
  readonly labels: readonly LabelEvaluation[];
}

/** The training service that the worker uses, with the estimated cost of a training. */
export interface TrainerDescription {
  readonly kind: 'rekognition' | 'emulator';
  /** AWS account id; null if unknown or for the emulator. */
  readonly account: string | null;
  readonly region: string;
  /** US dollars per hour of training, as published or configured. */
  readonly hourlyRateUsd: number;
  readonly estimatedHours: number;
  /** Source of the rate and the estimate, for the person who decides. Absent in runs created by earlier versions. */
  readonly basis?: string;
  /** Name of the Rekognition project that the training uses. Absent in runs created by earlier versions. */
  readonly project?: string;
  /** Why that project is not the one with the dataset's name; absent if it is. */
  readonly projectNote?: string;
}

/** A person's decision about a training. */
export interface Approval {
  readonly decision: 'approved' | 'rejected';
  /** Name of the person. */
  readonly by: string;
  /** Reason, for people; may be empty. */
  readonly note: string;
  /** Time of the decision, ISO 8601. */
  readonly at: string;
}

/** A training that has ended. */
export interface TrainingResult {
  readonly projectVersionArn: string;
  readonly modelVersion: string;
  /** The service's status, `TRAINING_COMPLETED` or a later one. */
  readonly status: string;
  /** Seconds from CreationTimestamp to TrainingEndTimestamp. */
  readonly seconds: number;
  /** Billed seconds; null if the service does not report them. */
  readonly billableSeconds: number | null;
  readonly trainer: TrainerDescription['kind'];
  /** When the service accepted the training and when it ended, ISO 8601. Absent in trainings of earlier versions. */
  readonly created?: string | null;
  readonly ended?: string | null;
  /** S3 URI of the testing manifest with the model's predictions. */
  readonly evaluationManifest?: string | null;
}

/**
 * The result of an ingest run: printed by `curator ingest --json`, and kept in the ledger and in status.json. The quality
 * is absent if the run ended before the dataset was validated, and in runs created by earlier versions.
 */
export interface IngestResult extends Partial<DatasetQuality> {
  readonly outcome: Outcome;
  /** A few sentences for a person; for `refused` also what to do. */
  readonly message: string;
  readonly dataset: string;
  readonly workflowId: string;
  readonly runId: string;
  /** First 16 hexadecimal digits of the dataset version; null if inspection did not complete. */
  readonly version: string | null;
  readonly archive: { readonly key: string; readonly etag: string; readonly bytes: number };
  readonly images: ImageCounts | null;
  readonly annotations: AnnotationCounts | null;
  readonly labels: readonly LabelCounts[];
  /** Classes in fewer than MIN_CLASS_IMAGES images, with their image counts; a maximum of 20. */
  readonly droppedClasses: readonly { readonly label: string; readonly images: number }[];
  /** Groups of two or more copies, each kept on one side of the split, and the number of images in them. */
  readonly groups: GroupCounts | null;
  readonly findings: readonly Finding[];
  /** S3 URIs of the version's files; null for a file that was not written. */
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
  /** The service's validation of the manifests, of failed trainings too. Absent in runs created by earlier versions. */
  readonly serviceValidation?: ServiceValidation;
}

/** The part of the model card that describes the dataset. The quality is absent in runs created by earlier versions. */
export interface ModelCardContext extends Partial<DatasetQuality> {
  readonly archiveId: string;
  readonly datasetVersion: string;
  readonly rulesVersion: number;
  readonly settings: DatasetSettings;
  readonly images: ImageCounts;
  readonly annotations: AnnotationCounts;
  readonly labels: readonly LabelCounts[];
  /** SHA-256 of each manifest, hexadecimal. */
  readonly manifests: { readonly train: string; readonly val: string };
  readonly approval: Approval | null;
}

/** The result of the workflow trainModel. The quality of the dataset is absent in results of earlier versions. */
export interface TrainResult extends Partial<DatasetQuality> {
  readonly training: TrainingResult;
  /** The evaluation; null if it could not be read. */
  readonly evaluation: Evaluation | null;
  /** The reason if `evaluation` is null, else null. Absent in results of earlier versions. */
  readonly evaluationProblem?: string | null;
  /** The service's validation of the manifests. Absent in results of earlier versions. */
  readonly serviceValidation?: ServiceValidation;
  readonly modelCardKey: string;
}

/** Details of the failure `TrainingFailed`. Earlier versions sent none. */
export interface TrainingFailureDetails {
  readonly serviceValidation?: ServiceValidation;
}
