import type { DatasetError } from '../model/errors.js';
import { type DatasetFinding, MAX_EXAMPLES } from '../model/findings.js';
import { sortByHarm } from '../model/harm.js';
import type { DatasetQuality } from '../model/quality.js';
import { type DatasetSettings, RULES_VERSION } from '../model/settings.js';
import { unitField } from '../model/units.js';
import type { CurationFacts } from './curation.js';
import { qualityOf } from './quality.js';

/**
 * The content of validation_report.json: counts, result of the dataset check and findings of a dataset version. If curating refused the
 * dataset, it holds the counts up to the refusal: `used`, `train` and `val` are 0 and `labels` is empty.
 */
export interface ValidationReport extends CurationFacts {
  readonly summary: DatasetQuality & {
    readonly fit: boolean;
    readonly message: string;
    readonly errors: number;
    readonly warnings: number;
  };
  readonly settings: DatasetSettings;
  readonly lineage: {
    readonly dataset: string;
    readonly archiveId: string;
    readonly datasetVersion: string;
    readonly rulesVersion: number;
  };
}

/** Composes the report of a dataset version. */
export function validationReport(input: {
  readonly curation: CurationFacts;
  /** All findings, including those of the curation. */
  readonly findings: readonly DatasetFinding[];
  readonly refusal: string | null;
  readonly settings: DatasetSettings;
  readonly dataset: string;
  readonly archiveId: string;
  readonly datasetVersion: string;
}): ValidationReport {
  const { curation, refusal, settings, dataset, archiveId, datasetVersion } = input;
  const findings = sortByHarm(input.findings);
  const quality = qualityOf({ dataset: 'The dataset', refusal, findings, counts: curation });
  const count = (severity: DatasetFinding['severity']) =>
    findings.filter((finding) => finding.severity === severity).length;
  return {
    images: curation.images,
    annotations: curation.annotations,
    summary: {
      fit: refusal === null,
      ...quality,
      errors: count('error'),
      warnings: count('warning'),
    },
    labelsFound: curation.labelsFound,
    labels: curation.labels,
    droppedClasses: curation.droppedClasses,
    groups: curation.groups,
    rejected: curation.rejected,
    exif: curation.exif,
    findings,
    settings,
    lineage: { dataset, archiveId, datasetVersion, rulesVersion: RULES_VERSION },
  };
}

/** The text of the report's file. */
export const reportText = (report: ValidationReport): string => `${JSON.stringify(report, null, 2)}\n`;

/** The refusal as a finding. */
export function refusalFinding({
  type,
  message,
  details,
}: Pick<DatasetError, 'type' | 'message' | 'details'>): DatasetFinding {
  return {
    code: type,
    severity: 'error',
    message,
    count: details.count ?? 1,
    ...(details.count === undefined ? {} : unitField(type)),
    examples: (details.examples ?? []).slice(0, MAX_EXAMPLES),
  };
}
