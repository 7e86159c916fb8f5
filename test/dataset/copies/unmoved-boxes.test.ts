import { describe, expect, it } from '@jest/globals';
import { type LabelledPicture, unmovedBoxes } from '../../../src/dataset/copies/unmoved-boxes.js';
import { blobs, random, relit, rotated, turned } from './pictures.js';

const SIZE = { width: 640, height: 640 };
const MIRRORED = 1;

const box = (x: number, y: number) => ({ label: 'acne', x, y, width: 61.5, height: 50 });
const BOXES = [box(40, 60.25), box(300, 120)];

const picture = (
  path: string,
  thumbnail64: Uint8Array,
  over: Partial<LabelledPicture> = {},
): LabelledPicture => ({ path, size: SIZE, boxes: BOXES, thumbnail64, ...over });

const shifted = (source: Uint8Array, by: number) =>
  source.map((_, pixel) => (pixel % 64 < by || pixel < 64 * by ? 114 : (source[pixel - 65 * by] ?? 0)));
const noisy = (source: Uint8Array) => {
  const next = random(5);
  return source.map((luma) => Math.max(0, Math.min(255, Math.round(luma + 40 * (next() - 0.5)))));
};
/** The picture as part of a square of 853 pixels with grey borders. */
const padded = (source: Uint8Array) =>
  source.map((_, pixel) => {
    const [column, row] = [pixel % 64, Math.floor(pixel / 64)].map((at) => Math.floor(((at - 8) * 64) / 48));
    const isInside = [column, row].every((at) => at !== undefined && at >= 0 && at < 64);
    return isInside ? (source[(row ?? 0) * 64 + (column ?? 0)] ?? 0) : 114;
  });

const LARGER = { size: { width: 853, height: 853 } };
/** The thumbnail of a copy, and what else differs from the original. */
type Case = () => [Uint8Array, Partial<LabelledPicture>?];

const foundFor = (copy: Uint8Array, over: Partial<LabelledPicture> = {}) =>
  unmovedBoxes([picture('b.jpg', copy, over), picture('a.jpg', blobs(1))]);

/** Pixels of the thumbnail that show the two objects, with their surroundings. */
const isObject = (pixel: number) => {
  const [column, row] = [pixel % 64, Math.floor(pixel / 64)];
  return (
    (column >= 2 && column <= 12 && row >= 4 && row <= 13) ||
    (column >= 28 && column <= 38 && row >= 10 && row <= 19)
  );
};
/** The picture as a camera shows it that moved together with the objects. */
const shiftedBehindObjects = (source: Uint8Array) =>
  shifted(source, 6).map((luma, pixel) => (isObject(pixel) ? (source[pixel] ?? 0) : luma));

describe('copies that were moved without their boxes', () => {
  it.each<readonly [string, Case]>([
    ['mirrored and brightened', () => [relit(turned(blobs(1), MIRRORED), 2)]],
    ['mirrored and noisy', () => [noisy(turned(blobs(1), MIRRORED))]],
    ['turned by 90 degrees', () => [relit(turned(blobs(1), 5), 2)]],
    ['shifted', () => [shifted(blobs(1), 6)]],
    ['rotated by 15 degrees and zoomed', () => [rotated(blobs(1), 15, 1.1)]],
    ['padded to a larger image', () => [padded(blobs(1)), LARGER]],
  ])('a copy with the boxes of its original is reported if it is %s', (_, caseOf) => {
    expect(foundFor(...caseOf())).toEqual([{ path: 'b.jpg', original: 'a.jpg' }]);
  });

  it.each<readonly [string, Case]>([
    ['brighter', () => [relit(blobs(1), 2)]],
    ['noisy', () => [noisy(blobs(1))]],
    ['of another scene', () => [blobs(7)]],
    ['of another scene behind the same objects', () => [shiftedBehindObjects(blobs(1))]],
    ['of one colour', () => [new Uint8Array(4096).fill(90)]],
    [
      'mirrored with its boxes',
      () => [turned(blobs(1), MIRRORED), { boxes: [box(538.5, 60.25), box(278.5, 120)] }],
    ],
    ['of the same picture with a border on the right and below', () => [inUpperLeft(blobs(1)), LARGER]],
  ])('a copy with the boxes of its original is not reported if it is %s', (_, caseOf) => {
    expect(foundFor(...caseOf())).toEqual([]);
  });

  it('a mirrored copy is not reported if its boxes are symmetric', () => {
    const boxes = [{ label: 'acne', x: 200, y: 100, width: 240, height: 300 }];
    const pictures = [
      picture('a.jpg', blobs(1), { boxes }),
      picture('b.jpg', relit(turned(blobs(1), MIRRORED), 2), { boxes }),
    ];
    expect(unmovedBoxes(pictures)).toEqual([]);
  });

  it('several moved copies of one image are all reported', () => {
    const mirrored = turned(blobs(1), MIRRORED);
    const found = unmovedBoxes([
      picture('a.jpg', blobs(1)),
      picture('b.jpg', mirrored),
      picture('c.jpg', relit(mirrored, 2)),
      picture('d.jpg', shifted(blobs(1), 6)),
      picture('e.jpg', relit(blobs(1), 3)),
    ]);
    expect(found.map(({ path }) => path)).toEqual(['b.jpg', 'c.jpg', 'd.jpg']);
  });

  it.each([
    ['cover nearly the whole image', [{ label: 'acne', x: 0, y: 0, width: 630, height: 620 }]],
    ['differ in one place', [box(40, 60.25), box(301, 120)]],
    ['have another class', [box(40, 60.25), { ...box(300, 120), label: 'scar' }]],
  ])('a mirrored copy is not reported if its boxes %s', (_, boxes) => {
    expect(foundFor(turned(blobs(1), MIRRORED), { boxes })).toEqual([]);
  });

  it('frames of a fixed camera are not reported, also if they are too many for copies', () => {
    const frames = Array.from({ length: 70 }, (_, n) =>
      picture(`${n}.jpg`, n % 2 === 0 ? blobs(n) : turned(blobs(n - 1), MIRRORED)),
    );
    expect(unmovedBoxes(frames)).toEqual([]);
  });

  it('all moved copies are reported if there are more than are searched', () => {
    const pictures = Array.from({ length: 4 }, (_, n) => {
      const boxes = [box(40 + n, 60), box(300, 120)];
      return [
        picture(`${n} a.jpg`, blobs(n), { boxes }),
        picture(`${n} b.jpg`, relit(turned(blobs(n), MIRRORED), n), { boxes }),
      ];
    }).flat();
    expect(unmovedBoxes(pictures, 2)).toHaveLength(4);
  });
});

/** The picture in the upper left part of an image of 853 pixels. */
function inUpperLeft(source: Uint8Array): Uint8Array {
  return source.map((_, pixel) => {
    const [column, row] = [pixel % 64, Math.floor(pixel / 64)].map((at) => Math.floor((at * 64) / 48));
    return (column ?? 0) < 64 && (row ?? 0) < 64 ? (source[(row ?? 0) * 64 + (column ?? 0)] ?? 0) : 114;
  });
}
