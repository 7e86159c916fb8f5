import type { Curation } from './curation-types.js';
import type { DatasetFinding } from './reading-findings.js';
import { type DatasetSettings, RULES_VERSION } from './settings.js';

/** validation_report.json: what a dataset version is made of, and what is to be said of it. */
export interface ValidationReport {
  readonly images: Curation['images'];
  readonly annotations: Curation['annotations'];
  readonly summary: {
    readonly fit: boolean;
    readonly message: string;
    readonly errors: number;
    readonly warnings: number;
  };
  readonly labels: Curation['labels'];
  readonly droppedClasses: Curation['droppedClasses'];
  readonly groups: Curation['groups'];
  readonly findings: readonly DatasetFinding[];
  readonly settings: DatasetSettings;
  readonly lineage: {
    readonly dataset: string;
    readonly archiveId: string;
    readonly datasetVersion: string;
    readonly rulesVersion: number;
  };
}

export function validationReport(input: {
  readonly curation: Pick<Curation, 'images' | 'annotations' | 'labels' | 'droppedClasses' | 'groups'>;
  readonly findings: readonly DatasetFinding[];
  readonly refusal: string | null;
  readonly settings: DatasetSettings;
  readonly dataset: string;
  readonly archiveId: string;
  readonly datasetVersion: string;
}): ValidationReport {
  const { curation, findings, refusal, settings, dataset, archiveId, datasetVersion } = input;
  const count = (severity: DatasetFinding['severity']) =>
    findings.filter((finding) => finding.severity === severity).length;
  return {
    images: curation.images,
    annotations: curation.annotations,
    summary: {
      fit: refusal === null,
      message: refusal ?? 'The dataset is fit for training.',
      errors: count('error'),
      warnings: count('warning'),
    },
    labels: curation.labels,
    droppedClasses: curation.droppedClasses,
    groups: curation.groups,
    findings,
    settings,
    lineage: { dataset, archiveId, datasetVersion, rulesVersion: RULES_VERSION },
  };
}
