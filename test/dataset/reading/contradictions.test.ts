import { describe, expect, it } from '@jest/globals';
import { annotation, codesOf, image, merge, refusal } from './coco-export.js';

type Bbox = readonly [number, number, number, number];

/** Boxes in an image of 100 x 80 pixels; with x and y exchanged, the first two lie outside it. */
const BOXES: readonly Bbox[] = [
  [70, 10, 25, 20],
  [60, 50, 35, 25],
  [5, 12, 20, 36],
  [30, 8, 14, 22],
];

const polygonOf = ([x, y, w, h]: Bbox) => [x, y, x + w, y, x + w, y + h, x, y + h];
const swapped = ([x, y, w, h]: Bbox): Bbox => [y, x, h, w];
const halved = ([x, y, w, h]: Bbox): Bbox => [x / 2, y / 2, w / 2, h / 2];
const fromBelow = ([x, y, w, h]: Bbox): Bbox => [x, 80 - y - h, w, h];
const topFromBelow = ([x, y, w, h]: Bbox): Bbox => [x, 80 - y, w, h];
const asIs = (box: Bbox): Bbox => box;

type Write = (box: Bbox) => object;
const both =
  (bbox: (box: Bbox) => Bbox, shape: (box: Bbox) => Bbox, more: Write = () => ({})): Write =>
  (box) => ({ bbox: bbox(box), segmentation: [polygonOf(shape(box))], ...more(box) });

const SQUARE = { width: 100, height: 100 };
const cocoOf = (writes: readonly Write[], size: object = {}, boxes = BOXES) => ({
  images: writes.map((_, i) => ({ ...image(i, `${i}.jpg`), ...size })),
  annotations: writes.flatMap((write, i) => boxes.map((box) => annotation(i, write(box)))),
});
const pathsOf = (writes: readonly Write[]) => writes.map((_, i) => `${i}.jpg`);

function read(writes: readonly Write[], size: object = {}) {
  const merged = merge({ 'c.json': cocoOf(writes, size) }, pathsOf(writes));
  const boxes = merged.images.map((one) => one.boxes.map(({ x, y, width, height }) => [x, y, width, height]));
  return { merged, boxes };
}
const refused = (writes: readonly Write[], size: object = {}) =>
  refusal({ 'c.json': cocoOf(writes, size) }, pathsOf(writes));

const sorted = [...BOXES].sort((a, b) => a[1] - b[1]);

describe('a bbox and a polygon that contradict each other', () => {
  it('the bbox is used if the polygons have y before x, which image sizes show', () => {
    const { merged, boxes } = read([both(asIs, swapped)]);
    expect(boxes).toEqual([sorted]);
    expect(merged.findings).toMatchObject([{ code: 'SHAPES_CONVERTED', count: 4, examples: ['0.jpg'] }]);
    expect(merged.findings[0]?.message).toContain('polygons with y before x (4)');
  });

  it('the polygon is used if the bbox has y before x, which image sizes show', () => {
    const { merged, boxes } = read([both(swapped, asIs)]);
    expect(boxes).toEqual([sorted]);
    expect(codesOf(merged)).toEqual(['BOXES_SWAPPED']);
  });

  it('the bbox is used if only some of the polygons have y before x', () => {
    const { merged, boxes } = read([both(asIs, asIs), both(asIs, asIs), both(asIs, swapped)]);
    expect(boxes).toEqual([sorted, sorted, sorted]);
    expect(merged.findings).toMatchObject([{ code: 'SHAPES_CONVERTED', count: 4, examples: ['2.jpg'] }]);
  });

  it('polygons without a bbox have y before x if those beside a bbox do', () => {
    const alone: Write = (box) => ({ bbox: undefined, segmentation: [polygonOf(swapped(box))] });
    expect(read([both(asIs, swapped), alone]).boxes).toEqual([sorted, sorted]);
  });

  it.each<[string, Write, object]>([
    ['polygons with y before x in square images', both(asIs, swapped), SQUARE],
    ['a bbox with y before x in square images', both(swapped, asIs), SQUARE],
    ['polygons with y before x in images without a size', both(asIs, swapped), { width: null, height: null }],
  ])(
    'a COCO file is refused with both explanations if nothing shows which is right: %s',
    (_what, write, size) => {
      const error = refused([write], size);
      expect(error).toMatchObject({ type: 'CocoInvalid', details: { file: 'c.json', count: 4 } });
      expect(error.message).toMatch(
        /^c\.json: bbox and segmentation contradict each other in 4 of 4 annotations that have both/,
      );
      expect(error.message).toContain(
        'Either the bbox is written as [top, left, height, width], or the segmentation as polygons with y before x',
      );
      expect(error.message).toContain('Remove the wrong one or export again.');
    },
  );

  it.each<[string, Write]>([
    ['the bbox', both(fromBelow, asIs)],
    ['the polygon', both(asIs, fromBelow)],
  ])('a COCO file is refused if %s measures y from below', (_what, write) => {
    expect(refused([write]).message).toContain('[left, bottom, width, height] with y from below');
  });

  it('the polygon is used if the bbox has its upper edge measured from below', () => {
    const { merged, boxes } = read([both(topFromBelow, asIs)]);
    expect(boxes).toEqual([sorted]);
    expect(merged.findings[0]?.message).toContain('[left, top, width, height] with y from below');
  });

  it('a COCO file is refused if its boxes are those of a preview of half the size', () => {
    expect(refused([both(halved, asIs)]).message).toContain('pixels of an image that is 2 times smaller');
  });

  it.each<[string, Write, readonly Bbox[]]>([
    ['the polygons are right', both(halved, asIs, ([, , w, h]) => ({ area: w * h })), sorted],
    ['the boxes are right', both(asIs, halved, ([, , w, h]) => ({ area: w * h })), sorted],
  ])('a preview of half the size is recognised by areas if %s', (_what, write, expected) => {
    expect(read([write]).boxes).toEqual([expected]);
  });

  it('one annotation among many does not refuse the dataset, but keeps its bbox with a warning', () => {
    const writes = [...Array<Write>(10).fill(both(asIs, asIs)), both(asIs, asIs)];
    const coco = cocoOf(writes, SQUARE);
    const [last, ...others] = [...coco.annotations].reverse();
    const odd = { ...last, bbox: [30, 8, 14, 22], segmentation: [polygonOf([8, 30, 22, 14])] };
    const merged = merge({ 'c.json': { ...coco, annotations: [...others, odd] } }, pathsOf(writes));
    expect(merged.annotations.dropped).toEqual({});
    expect(merged.findings).toMatchObject([{ code: 'BOXES_DISAGREE_WITH_SHAPES', count: 1 }]);
  });

  it('the order of annotations does not change boxes and findings of a file with several faults', () => {
    const writes: Write[] = [
      both(asIs, swapped),
      both(asIs, asIs),
      (box) => ({ bbox: [box[0], box[1], box[0] + box[2], box[1] + box[3]], area: box[2] * box[3] }),
      (box) => ({ bbox: [0, 0, 100, 80], segmentation: [polygonOf(box)] }),
      (box) => ({ segmentation: [polygonOf(swapped(box))], bbox: undefined }),
    ];
    const coco = cocoOf(writes);
    const { cocoFiles: _, ...inOrder } = merge({ 'c.json': coco }, pathsOf(writes));
    const annotations = [...coco.annotations].reverse();
    expect(merge({ 'c.json': { ...coco, annotations } }, pathsOf(writes))).toMatchObject(inOrder);
    expect(inOrder.images.map(({ boxes }) => boxes.length)).toEqual([4, 4, 4, 4, 4]);
  });

  it('a contradictory COCO file that does not count cannot refuse the dataset', () => {
    const files = {
      'c.json': cocoOf([both(asIs, asIs)]),
      '.backup/c.json': cocoOf([both(swapped, asIs)], SQUARE),
    };
    expect(codesOf(merge(files, ['0.jpg']))).toEqual(['COCO_FILES_SKIPPED']);
  });
});
