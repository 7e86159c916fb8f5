import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { ledgerEntrySchema, statusSchema } from '../../src/contracts/ledger.js';
import type { IngestResult, Progress } from '../../src/contracts/workflow-io.js';
import { savedResults } from '../support/saved-results.js';

const UPLOAD = { bucket: 'b', key: 'landing/skin/a.zip', etag: '"1"', bytes: 5 };
const RUN = { dataset: 'skin', workflowId: 'ingest/skin', runId: 'r' };
const RESULT: IngestResult = {
  ...RUN,
  outcome: 'refused',
  message: 'No COCO file was found.',
  version: null,
  archive: UPLOAD,
  images: null,
  annotations: null,
  labels: [],
  droppedClasses: [],
  groups: null,
  findings: [{ code: 'CocoMissing', severity: 'error', message: 'No COCO file.', count: 1, examples: [] }],
  uris: { train: null, val: null, labelsTxt: null, labelsJson: null, report: null, modelCard: null },
  training: null,
  evaluation: null,
};
const STATUS: Progress = {
  ...RUN,
  stage: 'refused',
  upload: UPLOAD,
  version: null,
  images: { done: 0, total: 0, rejected: 0 },
  stages: [],
  training: null,
  approval: null,
  result: RESULT,
};

/** The field that a document's schema refuses; null if it accepts the document. */
function refusedField(schema: z.ZodType, document: unknown): string | null {
  return schema.safeParse(document).error?.issues[0]?.path.join('.') ?? null;
}

describe('a status.json', () => {
  it.each<[string, object]>([
    ['quality', { quality: 5 }],
    ['qualityReasons.0.text', { qualityReasons: [{ code: 'A' }] }],
    ['waiting', { waiting: 5 }],
    ['approval.trainer', { approval: {} }],
    ['result.labels', { result: { ...RESULT, labels: {} } }],
    ['result.labels', { result: { ...RESULT, labels: undefined } }],
    ['result.message', { result: { ...RESULT, message: { text: 'a' } } }],
    ['result.images', { result: { ...RESULT, images: 5 } }],
    ['result.findings', { result: { ...RESULT, findings: 'x' } }],
    ['result.evaluation.f1', { result: { ...RESULT, evaluation: { labels: [] } } }],
    ['result', { result: 'done' }],
  ])('is refused if the type of a field is wrong: %s', (field, change) => {
    expect(refusedField(statusSchema, { ...STATUS, ...change })).toBe(field);
  });

  it('is accepted as it is with fields, names and numbers of newer versions', () => {
    const [finding] = RESULT.findings;
    const findings = [{ ...finding, unit: 'pages', count: -1 }];
    const newer = { ...STATUS, pages: 3, result: { ...RESULT, findings } };
    expect(statusSchema.parse(newer)).toEqual(newer);
  });
});

describe('an entry of the ledger', () => {
  it('is refused if the type of a field of the result is wrong', () => {
    const entry = { upload: UPLOAD, workflowId: 'ingest/skin', runId: 'r', outcome: 'refused' };
    expect(refusedField(ledgerEntrySchema, { ...entry, result: RESULT })).toBeNull();
    expect(refusedField(ledgerEntrySchema, { ...entry, result: null })).toBeNull();
    expect(refusedField(ledgerEntrySchema, { ...entry, result: {} })).toBe('result.outcome');
  });

  it.each(savedResults())('is accepted with the result of an earlier version: $name', ({ result }) => {
    const entry = { upload: UPLOAD, workflowId: 'ingest/skin', runId: 'r', outcome: 'done' };
    expect(refusedField(ledgerEntrySchema, { ...entry, result })).toBeNull();
  });
});
