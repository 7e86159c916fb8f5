import { describe, expect, it } from '@jest/globals';
import { qualityOf } from '../../../src/dataset/curating/quality.js';
import { boxOf, curated, type Drawn, drawn, imagesOf } from './images.js';

const labelsOf = (classes: number) => Array.from({ length: classes }, (_, i) => `class ${i}`);

/** Images of one class each. */
const apart = (classes: number, images: number): Drawn[] =>
  labelsOf(classes).flatMap((label) => imagesOf(label, images));

/** Images that show all classes. */
const together = (classes: number, images: number): Drawn[] =>
  Array.from({ length: images }, (_, i) =>
    drawn(
      `all${i}.jpg`,
      labelsOf(classes).map((label, k) => boxOf(label, { x: 10 * k + (i % 400) })),
    ),
  );

/** Statements about the dataset and the settings, which are no doubts about its scores. */
const NOTES = [
  // Says which images the cap left out, and how to keep them.
  'BALANCE_LEFT_OUT',
  'ONE_LABEL',
];

describe('the default settings', () => {
  const cases = Array.from({ length: 10 }, (_, i) => i + 1).flatMap((classes) =>
    [90, 400].map((images) => [classes, images] as const),
  );

  it.each(cases)(
    'warn of nothing that they made themselves: %d classes in %d images each',
    (classes, images) => {
      for (const dataset of [apart(classes, images), together(classes, images)]) {
        const curation = curated(dataset);
        const codes = curation.findings.map(({ code }) => code).filter((code) => !NOTES.includes(code));
        expect(codes).toEqual([]);
        const { findings } = curation;
        expect(qualityOf({ dataset: 'skin', refusal: null, findings, counts: curation }).quality).toBe(
          'good',
        );
      }
    },
  );

  it('warn of classes with fewer images than the cap asks for', () => {
    const codes = curated(apart(3, 80)).findings.map(({ code }) => code);
    expect(codes).toContain('FEW_TEST_IMAGES');
  });
});
