import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge } from './coco-export.js';

const boxesOf = (...bboxes: readonly (readonly number[])[]) => {
  const annotations = bboxes.map((bbox) => annotation(1, { bbox }));
  const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations } }, ['a.jpg']);
  const boxes = merged.images[0]?.boxes.map(({ x, y, width, height }) => [x, y, width, height]);
  return { merged, boxes };
};

describe('two boxes of one class', () => {
  it.each<[string, number[], number[]]>([
    ['0.4 pixels apart', [10, 20, 30, 25], [10.4, 20.4, 30, 25]],
    ['a pixel apart', [10, 20, 30, 25], [11, 21, 30, 25]],
    ['rounded to whole pixels and not', [10.4, 20.3, 29.7, 24.8], [10, 20, 30, 25]],
    ['larger by a pixel on each side', [10, 20, 30, 25], [9, 19, 32, 27]],
    ['large and three pixels apart', [0, 0, 300, 250], [3, 3, 300, 250]],
  ])('two boxes of one class are one object if they are %s', (_what, first, second) => {
    const { merged, boxes } = boxesOf(first, second);
    expect(boxes).toHaveLength(1);
    expect(merged.annotations).toEqual({ found: 2, dropped: { duplicate: 1 } });
    expect(merged.findings).toMatchObject([{ code: 'BOXES_REPEATED', count: 1, examples: ['a.jpg: 1'] }]);
    expect(merged.findings[0]?.message).toContain(
      '(1 of them with edges within a pixel, or 95 % of the area',
    );
    expect(boxesOf(second, first).boxes).toEqual(boxes);
  });

  it.each<[string, number[], number[]]>([
    ['small objects a pixel apart', [10, 20, 5, 5], [11, 21, 5, 5]],
    ['objects that overlap by half', [10, 20, 30, 25], [20, 20, 30, 25]],
    ['three pixels apart', [10, 20, 30, 25], [13, 20, 30, 25]],
    ['an object on another', [10, 20, 30, 25], [12, 22, 26, 21]],
    ['side by side', [10, 20, 30, 25], [40, 20, 30, 25]],
  ])('two boxes of one class stay two if they are %s', (_what, first, second) => {
    const { merged, boxes } = boxesOf(first, second);
    expect(boxes).toEqual([first, second]);
    expect(merged.findings).toEqual([]);
  });

  it('two boxes of two classes a pixel apart stay two', () => {
    const annotations = [annotation(1), annotation(1, { bbox: [2, 3, 30, 40], category_id: 2 })];
    const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations } }, ['a.jpg']);
    expect(merged.annotations).toEqual({ found: 2, dropped: {} });
  });

  it('an image with 40,000 boxes in one row is read in seconds', () => {
    const { merged } = boxesOf(...Array.from({ length: 40_000 }, (_, i) => [2 * i, 10, 8, 8]));
    expect(merged.annotations).toEqual({ found: 40_000, dropped: {} });
  });
});
