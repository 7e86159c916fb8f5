import { describe, expect, it } from '@jest/globals';
import { annotation, codesOf, image, merge, readBox } from './coco-export.js';

const POLYGON = [[10, 20, 40, 20, 40, 60, 10, 60]];
/** With y before x, it lies outside the image. */
const RIGHT_POLYGON = [[70, 20, 95, 20, 95, 60, 70, 60]];

describe('a bbox in an image of 100 x 80 pixels', () => {
  it.each<[string, unknown]>([
    ['corners', [10, 20, 40, 60]],
    ['corners, y first', [20, 10, 60, 40]],
    ['the centre and the size', [25, 40, 30, 40]],
    ['percent', [10, 25, 30, 50]],
    ['fractions', [0.1, 0.25, 0.3, 0.5]],
    ['corners in fractions', [0.1, 0.25, 0.4, 0.75]],
    ['the centre in fractions', [0.25, 0.5, 0.3, 0.5]],
    ['five numbers', [10, 20, 30, 40, 0]],
    ['zeros', [0, 0, 0, 0]],
    ['a negative size', [-1, -1, -1, -1]],
    ['null', [null, null, null, null]],
  ])('a bbox written as %s is replaced by the bounds of its polygon, with a warning', (_what, bbox) => {
    const { merged, box } = readBox({ bbox, segmentation: POLYGON });
    expect(box).toEqual([10, 20, 30, 40]);
    expect(merged.findings).toMatchObject([{ code: 'BOXES_FROM_SHAPES', count: 1, examples: ['a.jpg'] }]);
  });

  it('a bbox in the COCO convention is kept, even if its polygon is smaller', () => {
    const { merged, box } = readBox({ bbox: [5, 15, 40, 50], segmentation: POLYGON });
    expect(box).toEqual([5, 15, 40, 50]);
    expect(merged.findings).toEqual([]);
  });

  it('a bbox that lies elsewhere than its polygon is kept, with a warning', () => {
    const { merged, box } = readBox({ bbox: [60, 50, 30, 20], segmentation: POLYGON });
    expect(box).toEqual([60, 50, 30, 20]);
    expect(merged.findings).toMatchObject([
      { code: 'BOXES_DISAGREE_WITH_SHAPES', count: 1, examples: ['a.jpg'] },
    ]);
  });

  it.each<[string, unknown]>([
    [
      'pairs of coordinates',
      [
        [
          [10, 20],
          [40, 20],
          [40, 60],
          [10, 60],
        ],
      ],
    ],
    ['a mask in a list', [{ size: [80, 100], counts: [820, 40, 7140] }]],
  ])('a bbox is derived from a segmentation of %s', (_what, segmentation) => {
    expect(readBox({ bbox: undefined, segmentation }).box?.slice(0, 2)).toEqual([10, 20]);
  });
});

/** The boxes of a file whose images have a polygon beside each of `proving`, and none beside `others`. */
function boxesBeside(
  proving: readonly (readonly number[])[],
  others: readonly (readonly number[])[],
  polygon = POLYGON,
) {
  const bboxes = [...proving, ...others];
  const merged = merge(
    {
      'c.json': {
        images: bboxes.map((_, i) => image(i, `${i}.jpg`)),
        annotations: bboxes.map((bbox, i) =>
          annotation(i, { bbox, segmentation: i < proving.length ? polygon : [] }),
        ),
      },
    },
    bboxes.map((_, i) => `${i}.jpg`),
  );
  const last = merged.images.slice(proving.length).map(({ boxes }) => boxes.map(Object.values));
  return { last, codes: codesOf(merged) };
}

describe('a bbox of a COCO file whose other boxes have polygons', () => {
  const corners = [10, 20, 40, 60];
  const coco = [10, 20, 30, 40];

  it.each<[string, number[], number[]]>([
    ['corners', corners, [5, 6, 25, 36]],
    ['percent', [10, 25, 30, 50], [5, 7.5, 20, 37.5]],
    ['the centre and the size', [25, 40, 30, 40], [15, 21, 20, 30]],
  ])(
    'a bbox without a polygon is converted if at least three others show the convention',
    (name, bbox, own) => {
      const { last, codes } = boxesBeside([bbox, bbox, bbox], [own]);
      expect({ name, last }).toEqual({ name, last: [[['nodule', 5, 6, 20, 30]]] });
      expect(codes).toContain('BOXES_CONVERTED');
    },
  );

  it('a bbox without a polygon is converted if others with y before x lie outside their image', () => {
    const { last, codes } = boxesBeside(Array(3).fill([20, 70, 40, 25]), [[6, 5, 30, 20]], RIGHT_POLYGON);
    expect(last).toEqual([[['nodule', 5, 6, 20, 30]]]);
    expect(codes).toContain('BOXES_CONVERTED');
  });

  it.each<[string, number[][]]>([
    ['show COCO', [coco, coco, coco]],
    ['show different conventions', [corners, corners, corners, coco]],
    ['are too few', [corners, corners]],
  ])('a bbox without a polygon is read as [left, top, width, height] if the others %s', (_what, proving) => {
    const { last, codes } = boxesBeside(proving, [[5, 6, 25, 36]]);
    expect(last).toEqual([[['nodule', 5, 6, 25, 36]]]);
    expect(codes).not.toContain('BOXES_CONVERTED');
  });
});

describe('a rotated rectangle from CVAT', () => {
  it.each<[number, number[]]>([
    [90, [20, 10, 20, 40]],
    [-90, [20, 10, 20, 40]],
    [180, [10, 20, 40, 20]],
    [0, [10, 20, 40, 20]],
  ])(
    'a rotated rectangle from CVAT has the bounds of the rectangle rotated by %d degrees',
    (rotation, bounds) => {
      expect(readBox({ bbox: [10, 20, 40, 20], attributes: { rotation } }).box).toEqual(bounds);
    },
  );

  it('the bounds of a rectangle rotated by 30 degrees contain all corners', () => {
    const [x = 0, y = 0, width = 0, height = 0] =
      readBox({ bbox: [10, 20, 40, 20], attributes: { rotation: 30 } }).box ?? [];
    expect([x + width / 2, y + height / 2]).toEqual([30, 30]);
    expect(width).toBeCloseTo(44.641, 3);
    expect(height).toBeCloseTo(37.321, 3);
  });

  it('a rotated rectangle from CVAT has the bounds of a polygon with the corners of the rotated rectangle, whose bbox is stated before rotation', () => {
    const segmentation = [[40, 10, 40, 50, 20, 50, 20, 10]];
    const { box, merged } = readBox({ bbox: [10, 20, 40, 20], attributes: { rotation: 90 }, segmentation });
    expect(box).toEqual([20, 10, 20, 40]);
    expect(merged.findings).toEqual([]);
  });

  it('a rotated rectangle from CVAT is rotated, with a warning, if its polygon is stated before rotation too', () => {
    const segmentation = [[10, 20, 70, 20, 70, 30, 10, 30]];
    const { box, merged } = readBox({ bbox: [10, 20, 60, 10], attributes: { rotation: 90 }, segmentation });
    expect(box).toEqual([35, -5, 10, 60]);
    expect(merged.findings).toMatchObject([{ code: 'BOXES_ROTATED', count: 1 }]);
  });

  it('keeps its bbox if its polygon is already rotated', () => {
    const segmentation = [[30, 10, 50, 30, 30, 50, 10, 30]];
    const { box } = readBox({ bbox: [10, 10, 40, 40], attributes: { rotation: 45 }, segmentation });
    expect(box).toEqual([10, 10, 40, 40]);
  });
});
