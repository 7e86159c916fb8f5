import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CurationRefusal } from '../../../src/dataset/curating/refusals.js';
import {
  refusalFinding,
  reportText,
  validationReport,
} from '../../../src/dataset/curating/validation-report.js';
import { DEFAULT_DATASET_SETTINGS } from '../../../src/dataset/model/settings.js';
import {
  validationReportJsonSchema,
  validationReportSchema,
} from '../../../src/pipeline/validation-report-schema.js';
import { boxOf, curated, drawn, imagesOf, rejected } from './images.js';

const CONTEXT = {
  settings: DEFAULT_DATASET_SETTINGS,
  dataset: 'skin',
  archiveId: 'a'.repeat(64),
  datasetVersion: 'b'.repeat(64),
};

describe('the schema of validation_report.json', () => {
  it('the schema of validation_report.json is published in docs as the code defines it (npm run schemas writes it)', () => {
    const file = new URL('../../../docs/validation-report.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(validationReportJsonSchema())),
    );
  });

  it('matches a report, which has no other fields', () => {
    const images = [...imagesOf('acne', 60), drawn('rare.jpg', [boxOf('rare')])];
    const curation = curated(images, {}, { missing: [rejected('gone.jpg')] });
    const report = validationReport({ curation, findings: curation.findings, refusal: null, ...CONTEXT });
    const parsed: unknown = JSON.parse(reportText(report));
    expect(validationReportSchema.parse(parsed)).toEqual(parsed);
  });

  it('matches the report of a refusal, which has the counts up to it', () => {
    const images = [...imagesOf('acne', 16), ...imagesOf('mole', 12), drawn('never.jpg', [])];
    let refusal: unknown;
    try {
      curated(images, {}, { missing: [rejected('gone.jpg')] });
    } catch (error) {
      refusal = error;
    }
    if (!(refusal instanceof CurationRefusal)) throw refusal;
    const findings = [refusalFinding(refusal), ...refusal.facts.findings];
    const report = validationReport({
      curation: refusal.facts,
      findings,
      refusal: refusal.message,
      ...CONTEXT,
    });
    const parsed: unknown = JSON.parse(reportText(report));
    expect(validationReportSchema.parse(parsed)).toEqual(parsed);
    expect(report).toMatchObject({
      images: {
        ...{ found: 30, used: 0, rejected: 1, train: 0, val: 0 },
        left: { neverAnnotated: 1, emptiedByBoxRules: 0, emptiedByClassDrop: 28, balancedAway: 0 },
      },
      annotations: { found: 28, used: 0, dropped: { 'class-dropped': 28 } },
      summary: { fit: false, errors: 1 },
      labelsFound: [
        { label: 'acne', images: 16, boxes: 16 },
        { label: 'mole', images: 12, boxes: 12 },
      ],
      labels: [],
      rejected: [{ path: 'gone.jpg' }],
    });
    expect(findings.map(({ code }) => code)).toEqual(['NoClassLeft', 'CLASSES_DROPPED', 'IMAGES_REJECTED']);
  });
});
