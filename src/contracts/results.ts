/** What a run comes to: its result, the evaluation of its model, and what the model card says. */
import type { AnnotationCounts, ImageCounts, LabelCounts } from '../dataset/model/counts.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { Outcome } from './outcomes.js';

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
  /** Null where the service's evaluation could not be read. */
  readonly evaluation: Evaluation | null;
  /** Why `evaluation` is null. Absent in results of earlier versions. */
  readonly evaluationProblem?: string | null;
  readonly modelCardKey: string;
}
