import { describe, expect, it } from '@jest/globals';
import { annotation, codesOf, image, merge } from './coco-export.js';

/** Boxes in an image of 100 x 80 pixels. */
const BOXES: readonly [number, number, number, number][] = [
  [70, 50, 25, 28],
  [2, 3, 30, 20],
  [60, 5, 38, 30],
  [5, 45, 20, 33],
  [45, 36, 50, 40],
  [34, 40, 40, 38],
];

const read = (bboxes: readonly (readonly number[])[]) => {
  const annotations = bboxes.map((bbox) => annotation(1, { bbox }));
  const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations } }, ['a.jpg']);
  const boxes = merged.images[0]?.boxes.map(({ x, y, width, height }) => [x, y, width, height]) ?? [];
  return { merged, boxes };
};
const sorted = (boxes: readonly (readonly number[])[]) => [...boxes].sort(([, a = 0], [, b = 0]) => a - b);

describe('boxes with negative width or height', () => {
  it.each<[string, (x: number, y: number, w: number, h: number) => number[]]>([
    ['from the lower right corner', (x, y, w, h) => [x + w, y + h, -w, -h]],
    ['from the upper right corner', (x, y, w, h) => [x + w, y, -w, h]],
    ['from the lower left corner', (x, y, w, h) => [x, y + h, w, -h]],
    ['with a wrong sign', (x, y, w, h) => [x, y, -w, -h]],
  ])(
    'boxes with negative width or height are read if only one reading fits their images: %s',
    (_what, write) => {
      const { merged, boxes } = read(BOXES.map((box) => write(...box)));
      expect(boxes).toEqual(sorted(BOXES));
      expect(merged.findings).toMatchObject([{ code: 'BOXES_CONVERTED', count: BOXES.length }]);
    },
  );

  it('boxes with negative width or height are dropped with what to do if several readings fit', () => {
    const { merged, boxes } = read([
      [50, 40, -10, -10],
      [1, 2, 30, 40],
    ]);
    expect(boxes).toEqual([[1, 2, 30, 40]]);
    expect(merged.annotations.dropped).toEqual({ 'empty-box': 1 });
    expect(merged.findings).toMatchObject([
      { code: 'BOXES_EMPTY', examples: ['a.jpg: bbox [50,40,-10,-10]'] },
    ]);
    expect(merged.findings[0]?.message).toContain('width or height is zero or negative');
    expect(merged.findings[0]?.message).toContain('Write each bbox as [left, top, width, height]');
  });

  it('placeholders such as [-1, -1, -1, -1] are dropped', () => {
    const { merged } = read([...Array(5).fill([-1, -1, -1, -1]), [1, 2, 30, 40]]);
    expect(merged.annotations.dropped).toEqual({ 'empty-box': 5 });
    expect(codesOf(merged)).toEqual(['BOXES_EMPTY']);
  });
});
