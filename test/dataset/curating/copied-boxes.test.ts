import { describe, expect, it } from '@jest/globals';
import { qualityOf } from '../../../src/dataset/curating/quality.js';
import type { Size, SourceBox } from '../../../src/dataset/model/types.js';
import { boxOf, curated, drawn, findingOf, imagesOf, SMALL } from './images.js';

const UPRIGHT = { transpose: false, flipX: false, flipY: false };
const MIRRORED = { transpose: false, flipX: true, flipY: false };
const TURNED = { transpose: true, flipX: false, flipY: true };
const SIZE: Size = { width: 640, height: 480 };
const ORIGINAL = boxOf('acne', { x: 30, y: 40, width: 100, height: 80 });

/** The finding on an image and a copy of it with these boxes, beside other images. */
function findingFor(
  turns: readonly (typeof UPRIGHT)[],
  boxes: readonly SourceBox[],
  { size = SIZE, original = [ORIGINAL] } = {},
) {
  const images = [...imagesOf('acne', 20), drawn('x.jpg', original), drawn('y.jpg', boxes, { stored: size })];
  const groupOf = new Map([
    ['x.jpg', 'x'],
    ['y.jpg', 'x'],
  ]);
  const sameAs = new Map([['y.jpg', { path: 'x.jpg', turns }]]);
  return findingOf(curated(images, SMALL, { groupOf, sameAs }), 'COPIES_BOXES_DISAGREE');
}

describe('boxes of copies of one picture', () => {
  it('copies whose boxes lie elsewhere are reported with both boxes and the turn', () => {
    expect(findingFor([UPRIGHT], [{ ...ORIGINAL, x: 400 }])).toMatchObject({
      count: 1,
      unit: 'images',
      examples: ['x.jpg (acne 100x80 at 30,40) / y.jpg (acne 100x80 at 400,40), the same picture'],
    });
  });

  it('copies that are mirrored without their boxes are reported', () => {
    expect(findingFor([MIRRORED], [ORIGINAL])?.examples[0]).toMatch(/, mirrored left to right$/);
  });

  it('copies that are turned by 90 degrees without their boxes are reported', () => {
    const size = { width: 480, height: 640 };
    expect(findingFor([TURNED], [ORIGINAL], { size })?.examples[0]).toMatch(/, turned by 90 degrees$/);
  });

  it.each<readonly [string, readonly (typeof UPRIGHT)[], readonly SourceBox[], Size]>([
    ['mirrored', [MIRRORED], [{ ...ORIGINAL, x: 510 }], SIZE],
    [
      'turned by 90 degrees',
      [TURNED],
      [{ ...ORIGINAL, x: 360, y: 30, width: 80, height: 100 }],
      { width: 480, height: 640 },
    ],
    [
      'of another size',
      [UPRIGHT],
      [{ ...ORIGINAL, x: 60, y: 80, width: 200, height: 160 }],
      { width: 1280, height: 960 },
    ],
    ['symmetric', [UPRIGHT, MIRRORED], [{ ...ORIGINAL, x: 510 }], SIZE],
    ['labelled by another person', [UPRIGHT], [{ ...ORIGINAL, x: 38, y: 45, width: 110 }], SIZE],
  ])('copies whose boxes lie on the same places are not reported: %s', (_, turns, boxes, size) => {
    expect(findingFor(turns, boxes, { size })).toBeUndefined();
  });

  it('copies are not reported for the one of three objects that lacks a box', () => {
    const original = [ORIGINAL, { ...ORIGINAL, x: 300 }, { ...ORIGINAL, y: 300 }];
    expect(findingFor([UPRIGHT], original.slice(1), { original })).toBeUndefined();
  });

  it('copies are not reported for objects that are too small to show whether they moved', () => {
    const small = { ...ORIGINAL, width: 10, height: 10 };
    expect(findingFor([UPRIGHT], [{ ...small, x: 400 }], { original: [small] })).toBeUndefined();
  });
});

it('a dataset is unreliable if over 5 % of its images are copies that were moved without their boxes', () => {
  const qualityWith = (count: number) => {
    const unmoved = Array.from({ length: count }, (_, n) => ({ path: `acne000${n}.jpg`, original: 'o.jpg' }));
    const curation = curated(imagesOf('acne', 100), SMALL, { unmoved });
    const reasons = qualityOf({
      ...{ dataset: 'd', refusal: null, findings: curation.findings },
      counts: curation,
    }).qualityReasons;
    return [findingOf(curation, 'BOXES_NOT_MOVED')?.count, reasons.map(({ code }) => code)];
  };
  expect(qualityWith(6)).toEqual([6, expect.arrayContaining(['BOXES_NOT_MOVED'])]);
  expect(qualityWith(5)).toEqual([5, expect.not.arrayContaining(['BOXES_NOT_MOVED'])]);
});
