import { describe, expect, it } from '@jest/globals';
import { readBox } from './coco-export.js';

const POLYGON = [[10, 20, 40, 20, 40, 60, 10, 60]];

describe('a bbox in another convention, in an image of 100 x 80 pixels', () => {
  it.each<[string, unknown]>([
    ['corners', [10, 20, 40, 60]],
    ['corners, y first', [20, 10, 60, 40]],
    ['the centre and the size', [25, 40, 30, 40]],
    ['percent', [10, 25, 30, 50]],
    ['fractions', [0.1, 0.25, 0.3, 0.5]],
    ['corners in fractions', [0.1, 0.25, 0.4, 0.75]],
    ['the centre in fractions', [0.25, 0.5, 0.3, 0.5]],
    ['five numbers', [10, 20, 30, 40, 0]],
    ['a record', { x: 10, y: 20, width: 30, height: 40 }],
    ['a nested list', [[10, 20, 30, 40]]],
    ['zeros', [0, 0, 0, 0]],
    ['a negative size', [-1, -1, -1, -1]],
    ['nothing', [null, null, null, null]],
    ['text', '[10, 20, 30, 40]'],
  ])('that is %s is replaced by the bounds of its polygon, with a warning', (_what, bbox) => {
    const { merged, box } = readBox({ bbox, segmentation: POLYGON });
    expect(box).toEqual([10, 20, 30, 40]);
    expect(merged.findings).toMatchObject([{ code: 'BOXES_FROM_SHAPES', count: 1, examples: ['a.jpg'] }]);
  });

  it('that is a COCO bbox is kept, though its polygon is smaller', () => {
    const { merged, box } = readBox({ bbox: [5, 15, 40, 50], segmentation: POLYGON });
    expect(box).toEqual([5, 15, 40, 50]);
    expect(merged.findings).toEqual([]);
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
  ])('is derived from a segmentation of %s', (_what, segmentation) => {
    expect(readBox({ bbox: undefined, segmentation }).box?.slice(0, 2)).toEqual([10, 20]);
  });
});

describe('a rotated rectangle of CVAT', () => {
  it.each<[number, number[]]>([
    [90, [20, 10, 20, 40]],
    [-90, [20, 10, 20, 40]],
    [180, [10, 20, 40, 20]],
    [0, [10, 20, 40, 20]],
  ])('has the bounds of the rectangle turned by %d degrees', (rotation, bounds) => {
    expect(readBox({ bbox: [10, 20, 40, 20], attributes: { rotation } }).box).toEqual(bounds);
  });

  it('turned by 30 degrees has bounds that contain all corners', () => {
    const [x = 0, y = 0, width = 0, height = 0] =
      readBox({ bbox: [10, 20, 40, 20], attributes: { rotation: 30 } }).box ?? [];
    expect([x + width / 2, y + height / 2]).toEqual([30, 30]);
    expect(width).toBeCloseTo(44.641, 3);
    expect(height).toBeCloseTo(37.321, 3);
  });

  it('keeps its bbox where the polygon is already the turned one', () => {
    const segmentation = [[30, 10, 50, 30, 30, 50, 10, 30]];
    const { box } = readBox({ bbox: [10, 10, 40, 40], attributes: { rotation: 45 }, segmentation });
    expect(box).toEqual([10, 10, 40, 40]);
  });
});
