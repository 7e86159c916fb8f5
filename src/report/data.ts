import type { Curation } from '../dataset/curating/curation.js';
import type { DatasetFinding } from '../dataset/model/findings.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { ReportFacts } from './facts.js';

/** Everything that report.html says. No time of a run is in it, so that a dataset version has one report. */
export interface ReportData {
  readonly dataset: string;
  /** Why the dataset must not be trained on; null where it is fit. */
  readonly refusal: string | null;
  readonly findings: readonly DatasetFinding[];
  /** Null where curating refused the dataset. */
  readonly curation: Pick<Curation, 'images' | 'annotations' | 'labels' | 'droppedClasses' | 'groups'> | null;
  /** Null where the archive couldn't be read as a dataset. */
  readonly facts: ReportFacts | null;
  readonly settings: DatasetSettings;
  readonly lineage: {
    readonly archiveId: string;
    readonly datasetVersion: string;
    /** Time of the newest file in the archive, UTC. */
    readonly creationDate: string;
    readonly cocoFiles: readonly { readonly path: string; readonly sha256: string }[];
  } | null;
}
