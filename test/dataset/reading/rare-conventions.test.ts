import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge, readBox, refusal } from './coco-export.js';

type Bbox = readonly [number, number, number, number];

const SIZE = { width: 100, height: 80 };
/** Boxes that lie inside the image with x and y exchanged only in part. */
const BOXES: readonly Bbox[] = [
  [10, 5, 30, 20],
  [65, 14, 30, 22],
  [40, 50, 12, 28],
  [55, 36, 41, 17],
];
const polygon = ([x, y, w, h]: Bbox) => [[x, y, x + w, y, x + w, y + h, x, y + h]];

/** Reads the boxes as `write` writes them, each with the area of the right box. */
function readWithAreas(write: (box: Bbox) => readonly number[], boxes = BOXES) {
  const annotations = boxes.map((box) => annotation(1, { bbox: write(box), area: box[2] * box[3] }));
  return { 'c.json': { images: [{ ...image(1, 'a.jpg'), ...SIZE }], annotations } };
}

const RARE: [name: string, write: (box: Bbox) => Bbox][] = [
  ['[left, right, top, bottom]', ([x, y, w, h]) => [x, x + w, y, y + h]],
  ['[top, bottom, left, right]', ([x, y, w, h]) => [y, y + h, x, x + w]],
  ['[top, right, bottom, left]', ([x, y, w, h]) => [y, x + w, y + h, x]],
  ['[width, height, left, top]', ([x, y, w, h]) => [w, h, x, y]],
];

describe('a bbox in a rare order', () => {
  it.each(RARE)('boxes without a polygon are converted if their areas show the order %s', (name, write) => {
    const merged = merge(readWithAreas(write), ['a.jpg']);
    const found = merged.images.flatMap(({ boxes }) =>
      boxes.map(({ x, y, width, height }) => [x, y, width, height]),
    );
    expect(found.sort()).toEqual(BOXES.map((box) => [...box]).sort());
    expect(merged.findings).toMatchObject([{ code: 'BOXES_CONVERTED', count: 4 }]);
    expect(merged.findings[0]?.message).toContain(name);
  });

  it.each<[string, (box: Bbox) => Bbox]>([
    ...RARE,
    ['[left, bottom, right, top]', ([x, y, w, h]) => [x, y + h, x + w, y]],
    [
      'corners [left, top, right, bottom] with y from below',
      ([x, y, w, h]) => [x, 80 - y, x + w, 80 - y - h],
    ],
    ['[left, top, height, width]', ([x, y, w, h]) => [x, y, h, w]],
    ['[right, bottom, width, height]', ([x, y, w, h]) => [x + w, y + h, w, h]],
  ])('the polygon is used if the bbox is written as %s', (name, write) => {
    const [right] = BOXES;
    if (!right) throw new Error('BOXES is empty');
    const { merged, box } = readBox({ bbox: write(right), segmentation: polygon(right) });
    expect(box).toEqual([...right]);
    expect(merged.findings).toMatchObject([{ code: 'BOXES_FROM_SHAPES', count: 1 }]);
    expect(merged.findings[0]?.message).toContain(name);
  });

  it('a COCO file is refused with both orders if areas do not show whether y counts from below', () => {
    const files = readWithAreas(([x, y, w, h]) => [x, 80 - y, x + w, 80 - y - h]);
    const error = refusal(files, ['a.jpg']);
    expect(error).toMatchObject({ type: 'CocoInvalid', details: { file: 'c.json' } });
    expect(error.message).toContain(
      'as [left, bottom, right, top] or corners [left, top, right, bottom] with y from below; nothing shows which.',
    );
  });

  it('a COCO file is refused with both orders if areas do not show which pair of edges is first', () => {
    const low: readonly Bbox[] = [
      [10, 5, 30, 20],
      [40, 14, 30, 22],
      [20, 50, 12, 28],
    ];
    const files = readWithAreas(([x, y, w, h]) => [x, x + w, y, y + h], low);
    expect(refusal(files, ['a.jpg']).message).toContain(
      'as [left, right, top, bottom] or [top, bottom, left, right]; nothing shows which.',
    );
  });
});
