import { describe, expect, it } from '@jest/globals';
import { type ValidationReport, validationReport } from '../../../src/dataset/curating/validation-report.js';
import { DEFAULT_DATASET_SETTINGS, RULES_VERSION } from '../../../src/dataset/model/settings.js';
import { curated, imagesOf } from './images.js';

function reportOf(refusal: string | null): ValidationReport {
  const curation = curated(imagesOf('acne', 60));
  return validationReport({
    curation,
    findings: [
      { code: 'ERROR_MANIFEST_TOO_FEW_LABELS', severity: 'error', message: 'm', count: 1, examples: [] },
      ...curation.findings,
    ],
    refusal,
    settings: DEFAULT_DATASET_SETTINGS,
    dataset: 'skin',
    archiveId: 'a'.repeat(64),
    datasetVersion: 'b'.repeat(64),
  });
}

describe('validationReport', () => {
  it('states counts, settings and rules of the version', () => {
    expect(reportOf(null)).toMatchObject({
      images: { found: 60, used: 60, train: 54, val: 6 },
      annotations: { found: 60, used: 60, dropped: {} },
      summary: { fit: true, errors: 1, warnings: 4 },
      labels: [{ label: 'acne', train: { images: 54, boxes: 54 }, val: { images: 6, boxes: 6 } }],
      settings: DEFAULT_DATASET_SETTINGS,
      lineage: { dataset: 'skin', rulesVersion: RULES_VERSION },
    });
  });

  it('the validation report has the refusal as its message', () => {
    expect(reportOf('It has too few labels.').summary).toMatchObject({
      fit: false,
      message: 'It has too few labels.',
    });
  });

  it('the validation report is deterministic', () => {
    expect(JSON.stringify(reportOf(null))).toBe(JSON.stringify(reportOf(null)));
  });
});
