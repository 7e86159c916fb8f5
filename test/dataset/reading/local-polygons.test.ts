import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge, refusal } from './coco-export.js';

type Size = readonly [width: number, height: number];

const PATHS = ['a.jpg', 'b.jpg', 'c.jpg'];
const images = PATHS.map((path, i) => image(i + 1, path));
const SIZES: readonly Size[] = [
  [30, 20],
  [12, 25],
];
/** A polygon of this size whose upper left corner is at x, y. */
const polygon = ([width, height]: Size, x = 0, y = 0) => [
  [x, y, x + width, y, x + width, y + height, x, y + height],
];
const without = (sizes: readonly Size[], ids: readonly number[] = [1, 2, 3]) =>
  ids.flatMap((id) => sizes.map((size) => annotation(id, { bbox: undefined, segmentation: polygon(size) })));
const beside = () =>
  [1, 2, 3].map((id) => annotation(id, { bbox: [10 * id, 15, 30, 20], segmentation: polygon([30, 20]) }));
const fileOf = (annotations: readonly object[]) => ({ 'c.json': { images, annotations } });

describe('polygons whose points are relative to the corner of their own box', () => {
  it('polygons relative to the corner of their bbox are named, and the bbox is used', () => {
    const merged = merge(fileOf(beside()), PATHS);
    expect(merged.images.map(({ boxes }) => boxes.map(({ x, y }) => [x, y]))).toEqual([
      [[10, 15]],
      [[20, 15]],
      [[30, 15]],
    ]);
    expect(merged.findings).toMatchObject([{ code: 'SHAPES_CONVERTED', count: 3 }]);
    expect(merged.findings[0]?.message).toContain('relative to the upper left corner of the bbox (3)');
  });

  it.each<[string, readonly object[], number]>([
    ['if all begin at 0, 0', without(SIZES), 6],
    ['if polygons beside a bbox show it', [...beside(), ...without(SIZES.slice(0, 1))], 3],
  ])(
    'polygons relative to the corner of their own box are refused without a bbox %s',
    (_what, annotations, count) => {
      const { type, message } = refusal(fileOf(annotations), PATHS);
      expect(type).toBe('CocoInvalid');
      expect(message).toContain(`c.json: the polygons of ${count} annotations without a bbox begin at 0, 0.`);
    },
  );

  it.each<[string, readonly object[]]>([
    [
      'one polygon per image lies in the corner',
      [...without([[30, 20]], [1]), ...without([[12, 25]], [2]), ...without([[20, 9]], [3])],
    ],
    [
      'all have one size',
      without([
        [30, 20],
        [30, 20],
      ]),
    ],
    [
      'they cover the image',
      without([
        [100, 80],
        [60, 80],
      ]),
    ],
    [
      'one of them lies elsewhere',
      [...without(SIZES), annotation(1, { bbox: undefined, segmentation: polygon([9, 9], 40, 30) })],
    ],
  ])('polygons in the corner of their images are read if %s', (_what, annotations) => {
    const merged = merge(fileOf(annotations), PATHS);
    expect(merged.images.every(({ boxes }) => boxes.length > 0)).toBe(true);
  });
});
