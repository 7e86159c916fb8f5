import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { datasetSummary } from '../../../src/cli/output/summary.js';
import { type DatasetFinding, warning } from '../../../src/dataset/model/findings.js';
import { findings as reportFindings } from '../../../src/report/findings.js';
import { boxOf, curated, drawn, imagesOf, rejected } from './images.js';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const reported = (findings: readonly DatasetFinding[]) =>
  reportFindings({ findings, facts: null, curation: null }, new Map()).text;
const documented = ['docs/curating.md', 'docs/input.md'].flatMap((path) => [
  ...read(path).matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g),
]);
const settings = new Set(
  [...read('docs/settings.md').matchAll(/`([A-Z]+(?:_[A-Z0-9]+)+)`/g)].map(([, name]) => name),
);
/** Findings whose number says nothing: the places around an archive with bytes that do not belong to it. */
const WITHOUT_UNIT = ['ARCHIVE_STRAY_BYTES'];

describe('the unit of a finding', () => {
  const codes = [...new Set(documented.map(([, code = '']) => code))].filter(
    (code) => !settings.has(code) && !WITHOUT_UNIT.includes(code) && !/^(ERROR|WARNING)_$/.test(code),
  );

  it.each(codes)('the unit of the documented finding %s is known', (code) => {
    expect(warning(code, 2, 'm')?.unit).toBeDefined();
  });

  it.each([
    [1, '1 class', 'CLASSES_DROPPED'],
    [2, '2 classes', 'CLASSES_DROPPED'],
    [3, '3 images', 'IMAGES_REJECTED'],
    [3, '3 boxes', 'BOXES_TOO_SMALL'],
  ])('gives %d as "%s" for %s in the report', (count, shown, code) => {
    const finding = warning(code, count, 'A message.');
    expect(reported(finding ? [finding] : [])).toContain(`<code>${code}</code>: ${shown}</h3>`);
  });

  it('`curator check` prints the unit of each count', () => {
    const small = drawn('small.jpg', [boxOf('acne', { width: 4 })]);
    const rare = drawn('rare.jpg', [boxOf('wart')]);
    const curation = curated([...imagesOf('acne', 60), small, rare], {}, { missing: [rejected('gone.jpg')] });
    const { images, annotations, labels, droppedClasses, groups, findings } = curation;
    const text = datasetSummary({
      ...{ fit: true, quality: 'good', qualityReasons: [], message: 'Fit.', dataset: 'skin', version: null },
      ...{ images, annotations, labels, droppedClasses, groups, findings },
    });
    expect(text).toMatch(/CLASSES_DROPPED \(1 class\)/);
    expect(text).toMatch(/IMAGES_REJECTED \(1 image\)/);
    expect(text).toMatch(/BOXES_TOO_SMALL \(1 box\)/);
    expect(text.match(/\(\d+\)/g)).toBeNull();
  });

  it('the unit is "cases" for findings of earlier versions, which have no unit', () => {
    const finding = { code: 'OLD_CODE', severity: 'warning' as const, message: 'm', count: 4, examples: [] };
    expect(reported([finding])).toContain('<code>OLD_CODE</code>: 4 cases</h3>');
  });
});
