import { expect, it } from '@jest/globals';
import { withoutResults } from '../../src/custom-labels/no-validation.js';
import { DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import type { ReportData } from '../../src/report/data.js';
import { reportPage } from '../../src/report/page.js';

const DATA: ReportData = {
  ...{ dataset: 'skin', refusal: null, findings: [], curation: null, facts: null, lineage: null },
  settings: DEFAULT_DATASET_SETTINGS,
};
const { training: NOTHING } = withoutResults('');

it('report.html lists the images that the training service rejected, with hostile names escaped', () => {
  const training = {
    ...{ lines: { total: 64, valid: 52, invalid: 12, ignored: 0 }, reported: 12, errors: [] },
    codes: [{ code: 'ERROR_INVALID_IMAGE', lines: 12 }],
    examples: [{ line: 7, codes: ['ERROR_INVALID_IMAGE'], file: 'a/<img src=x>.jpg' }],
  };
  const testing = { ...NOTHING, errors: ['ERROR_MANIFEST_TOO_FEW_LABELS'] };
  const serviceValidation = { training, testing, errors: [], problem: null };
  const page = reportPage({ ...DATA, serviceValidation }, new Map());
  expect(page).toContain('<a href="#service">');
  expect(page).toContain(
    'The training service rejected 12 of 64 training images: ERROR_INVALID_IMAGE in 12 images.',
  );
  expect(page).toContain('a/&lt;img src=x&gt;.jpg (training manifest, line 7): ERROR_INVALID_IMAGE');
  expect(page).toContain('Errors of the testing manifest: ERROR_MANIFEST_TOO_FEW_LABELS.');
});

it('report.html has no such section before the training', () => {
  expect(reportPage(DATA, new Map())).not.toContain('id="service"');
});
