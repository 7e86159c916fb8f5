import { describe, expect, it } from '@jest/globals';
import type { Size } from '../../../src/dataset/model/types.js';
import { curated, type Drawn, drawn, findingOf } from '../curating/images.js';

const COUNT = 60;
/** Position and size of a box in an image, both in pixels. */
type Place = (size: Size, i: number) => { x: number; y: number; width: number; height: number };

const SIZES: readonly Size[] = [
  { width: 400, height: 300 },
  { width: 300, height: 400 },
  { width: 256, height: 256 },
  { width: 480, height: 320 },
  { width: 1280, height: 960 },
];
const sizeOf = (i: number): Size => SIZES[i % SIZES.length] ?? { width: 640, height: 480 };

/** A box that moves over the whole of a size. */
const all: Place = ({ width: w, height: h }, i) => {
  const [width, height] = [w * (0.1 + ((i * 7) % 11) / 60), h * (0.1 + ((i * 5) % 13) / 70)];
  return {
    ...{ width, height },
    x: (((i * 37) % COUNT) / (COUNT - 1)) * (w - width),
    y: (((i * 23) % COUNT) / (COUNT - 1)) * (h - height),
  };
};
const within =
  (share: number): Place =>
  ({ width, height }, i) =>
    all({ width: share * width, height: share * height }, i);
const of =
  (width: number, height: number): Place =>
  (_, i) =>
    all({ width, height }, i);
const longest =
  (side: number): Place =>
  (size, i) =>
    within(side / Math.max(size.width, size.height))(size, i);

const images = (place: Place, ofImage = sizeOf, coco?: null): Drawn[] =>
  Array.from({ length: COUNT }, (_, i) =>
    drawn(`${i}.jpg`, [{ label: 'acne', ...place(ofImage(i), i) }], {
      stored: ofImage(i),
      cocoFile: 'a.json',
      ...(coco === null ? { coco } : {}),
    }),
  );
const findingFor = (...input: Parameters<typeof images>) =>
  findingOf(curated(images(...input), { minClassImages: 5 }), 'BOXES_IN_CORNER');

describe('boxes of resized copies of images of several sizes', () => {
  it.each<readonly [string, Place, RegExp]>([
    ['224 x 224 pixels', of(224, 224), /a\.json fit copies of about 22\d x 22\d pixels/],
    ['another shape', of(240, 200), /a\.json fit copies of about 2[34]\d x (19\d|200) pixels/],
    ['200 pixels on the longest side', longest(200), /fit copies of about/],
  ])('boxes are reported if they refer to copies of %s', (_, place, message) => {
    for (const coco of [undefined, null] as const) {
      const finding = findingFor(place, sizeOf, coco);
      expect(finding).toMatchObject({ count: COUNT, unit: 'boxes' });
      expect(finding?.headline).toMatch(message);
    }
  });

  it.each<readonly [string, Place]>([
    ['they lie all over the images', all],
    ['they lie in the upper left 70 % of all images', within(0.7)],
    ['one of them lies beyond', (size, i) => (i === 4 ? all : of(224, 224))(size, i)],
    ['they lie in the left half of wide images only', ({ height }, i) => all({ width: 256, height }, i)],
    ['they are logos in one place', (_, i) => ({ x: 10 + (i % 5), y: 12 + (i % 7), width: 90, height: 60 })],
    ['they are small objects of a logo', of(90, 80)],
    ['they are entries of a menu at the upper edge', of(250, 110)],
  ])('boxes of several sizes are not taken for boxes of copies if %s', (_, place) => {
    expect(findingFor(place)).toBeUndefined();
  });

  it('boxes are not taken for boxes of copies if every twelfth image has a box far outside', () => {
    const place: Place = (size, i) =>
      i % 12 === 0 ? { x: 3000, y: 3000, width: 20, height: 20 } : all(size, i);
    expect(findingFor(place)).toBeUndefined();
  });

  it('boxes in the corner of images of one size are not taken for boxes of copies', () => {
    expect(findingFor(within(0.7), () => ({ width: 640, height: 480 }))).toBeUndefined();
  });

  it('boxes are not taken for boxes of copies if small images are full and large ones have objects in the corner', () => {
    const place: Place = (size, i) => (i % 5 === 2 ? all : within(0.15))(size, i);
    expect(findingFor(place)).toBeUndefined();
  });
});
