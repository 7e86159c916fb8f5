import { describe, expect, it } from '@jest/globals';
import { annotation, codesOf, image, merge } from './coco-export.js';

type Bbox = readonly [number, number, number, number];

const OBJECTS: readonly Bbox[] = [
  [70, 10, 25, 20],
  [60, 50, 35, 25],
  [5, 12, 20, 36],
];
const polygonOf = ([x, y, w, h]: Bbox) => [[x, y, x + w, y, x + w, y + h, x, y + h]];

function read(bboxes: readonly Bbox[], objects: readonly Bbox[] = OBJECTS, sizes: object = {}) {
  const annotations = objects.map((object, i) =>
    annotation(1, { bbox: bboxes[i % bboxes.length], segmentation: polygonOf(object) }),
  );
  const coco = { images: [{ ...image(1, 'a.jpg'), ...sizes }], annotations };
  const merged = merge({ 'c.json': coco }, ['a.jpg']);
  return { merged, boxes: merged.images[0]?.boxes.map(({ x, y, width, height }) => [x, y, width, height]) };
}
const sorted = [...OBJECTS].sort((a, b) => a[1] - b[1]);

describe('a bbox that is the same for different polygons', () => {
  it.each<[string, Bbox, string]>([
    ['the whole image', [0, 0, 100, 80], 'the whole image'],
    ['the whole image without its last pixel', [0, 0, 99, 79], 'the whole image'],
    ['constant numbers', [10, 10, 50, 20], 'the same numbers for different shapes'],
    ['one pixel', [0, 0, 1, 1], 'the same numbers for different shapes'],
  ])('a bbox that is a placeholder is replaced by the bounds of the polygon: %s', (_what, bbox, name) => {
    const { merged, boxes } = read([bbox]);
    expect(boxes).toEqual(sorted);
    expect(merged.findings).toMatchObject([{ code: 'BOXES_FROM_SHAPES', count: 3, examples: ['a.jpg'] }]);
    expect(merged.findings[0]?.message).toContain(`${name} (3)`);
  });

  it('a bbox that is a placeholder in images without a size is replaced too', () => {
    expect(read([[0, 0, 100, 80]], OBJECTS, { width: null, height: null }).boxes).toEqual(sorted);
  });

  it('a bbox of the whole image is kept if there are only two of them', () => {
    const { merged, boxes } = read([[0, 0, 100, 80]], OBJECTS.slice(0, 2));
    expect(boxes).toEqual([[0, 0, 100, 80]]);
    expect(codesOf(merged)).toEqual(['BOXES_REPEATED', 'BOXES_DISAGREE_WITH_SHAPES']);
  });

  it('a bbox that differs from its polygon in an individual way is kept with a warning', () => {
    const { merged, boxes } = read([
      [1, 60, 12, 12],
      [2, 3, 12, 10],
      [80, 70, 9, 9],
    ]);
    expect(boxes).toHaveLength(3);
    expect(codesOf(merged)).toEqual(['BOXES_DISAGREE_WITH_SHAPES']);
  });

  it('a bbox of the whole image is kept if its polygon covers the image too', () => {
    const { merged, boxes } = read([[0, 0, 100, 80]], [[1, 1, 98, 78]]);
    expect(boxes).toEqual([[0, 0, 100, 80]]);
    expect(merged.findings).toEqual([]);
  });
});
