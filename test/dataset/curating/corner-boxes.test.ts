import { describe, expect, it } from '@jest/globals';
import type { SourceBox } from '../../../src/dataset/model/types.js';
import { boxOf, curated, drawn, findingOf, SMALL } from './images.js';

/** A box of 60 x 48 px that moves over the whole image of 640 x 480 px. */
const spread = (n: number) => boxOf('acne', { x: (n * 37) % 580, y: (n * 53) % 432, width: 60, height: 48 });
const scaled = ({ label, ...box }: SourceBox, factor: number): SourceBox => ({
  label,
  x: factor * box.x,
  y: factor * box.y,
  width: factor * box.width,
  height: factor * box.height,
});

const findingFor = (boxOfImage: (n: number) => SourceBox, images = 60) =>
  findingOf(
    curated(
      Array.from({ length: images }, (_, n) => drawn(`${n}.jpg`, [boxOfImage(n)])),
      SMALL,
    ),
    'BOXES_IN_CORNER',
  );

describe('boxes in one corner of all images', () => {
  it.each([0.5, 1 / 3])('boxes that refer to a smaller copy of their images are reported: %d', (factor) => {
    expect(findingFor((n) => scaled(spread(n), factor))).toMatchObject({
      ...{ count: 60, unit: 'boxes' },
      examples: expect.arrayContaining(['0.jpg', '1.jpg']),
    });
  });

  it.each([0.5, 1 / 3])(
    'boxes that refer to a smaller copy of every second image are reported with these images: %d',
    (factor) => {
      const finding = findingFor((n) => scaled(spread(n), n % 2 === 0 ? factor : 1), 90);
      expect(finding?.count).toBeGreaterThanOrEqual(40);
      expect(finding?.count).toBeLessThan(60);
      expect(finding?.message).toMatch(/^\d+ boxes of \d+ images lie in the upper left/);
      expect(finding?.examples).toContain('0.jpg');
    },
  );

  it.each<readonly [string, (n: number) => SourceBox, number]>([
    [
      'objects as large as the others are in the upper left corner of every second image',
      (n) => (n % 2 === 0 ? { ...scaled(spread(n), 0.45), width: 60, height: 48 } : spread(n)),
      90,
    ],
    [
      'every second image has a logo in the corner',
      (n) => (n % 2 === 0 ? boxOf('acne', { x: n % 9, y: n % 7, width: 30, height: 24 }) : spread(n)),
      90,
    ],
    [
      'small objects are in the upper corners of every second image',
      (n) => (n % 2 === 0 ? scaled({ ...spread(n), x: (n * 37) % 1220 }, 0.5) : spread(n)),
      90,
    ],
    ['they are spread over the images', spread, 60],
    ['one of them lies outside the corner', (n) => scaled(spread(n), n === 7 ? 1 : 0.5), 60],
    ['there are fewer than 30 photos', (n) => scaled(spread(n), 0.5), 29],
    ['they are logos on about one place', (n) => boxOf('acne', { x: 12 + (n % 9), y: 14 + (n % 7) }), 60],
    ['they are large logos in the corner', (n) => boxOf('acne', { x: n % 5, y: n % 7, width: 140 }), 60],
    [
      'they lie in the middle of the upper half',
      (n) => boxOf('acne', { x: 200 + n, y: 5 + n, width: 80 }),
      60,
    ],
  ])('boxes are not reported to be in a corner if %s', (_, boxOfImage, images) => {
    expect(findingFor(boxOfImage, images)).toBeUndefined();
  });
});
