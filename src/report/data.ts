import type { ServiceValidation } from '../contracts/service-validation.js';
import type { Curation } from '../dataset/curating/curation.js';
import type { DatasetFinding } from '../dataset/model/findings.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { ReportFacts } from './facts.js';

/**
 * Input of report.html. It contains no time of a run, so that a dataset version has exactly one report before its
 * training, and one for each result of the training service's validation.
 */
export interface ReportData {
  readonly dataset: string;
  /** Why the dataset is not fit for training; null if it is fit. */
  readonly refusal: string | null;
  readonly findings: readonly DatasetFinding[];
  /** Null if curating refused the dataset. */
  readonly curation: Pick<Curation, 'images' | 'annotations' | 'labels' | 'droppedClasses' | 'groups'> | null;
  /** Null if the archive could not be read as a dataset. */
  readonly facts: ReportFacts | null;
  readonly settings: DatasetSettings;
  /** The training service's validation of the manifests; absent before the training and if it reported no image. */
  readonly serviceValidation?: ServiceValidation;
  readonly lineage: {
    readonly archiveId: string;
    readonly datasetVersion: string;
    /** Time of the newest file in the archive, UTC, such as `2025-09-14T08:30:12`. */
    readonly creationDate: string;
    readonly cocoFiles: readonly { readonly path: string; readonly sha256: string }[];
  } | null;
}
