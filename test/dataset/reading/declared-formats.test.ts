import { describe, expect, it } from '@jest/globals';
import { annotation, codesOf, image, merge, refusal } from './coco-export.js';

type Bbox = readonly [number, number, number, number];
type Write = (box: Bbox) => readonly number[];

/** Boxes in an image of 100 x 80 pixels. Some reach beyond it if they are read as another convention than their own. */
const BOXES: readonly Bbox[] = [
  [4, 5, 30, 20],
  [20, 14, 25, 22],
  [0, 30, 36, 9],
  [64, 40, 36, 40],
];
const corners: Write = ([x, y, w, h]) => [x, y, x + w, y + h];
const asIs: Write = (box) => box;
const inFractions =
  (write: Write): Write =>
  ([x, y, w, h]) =>
    write([x / 100, y / 80, w / 100, h / 80]);

interface Declaration {
  readonly top?: object;
  readonly info?: object;
  readonly own?: object;
}

const cocoOf = (
  write: Write,
  { top = {}, info = {}, own = {} }: Declaration,
  more: (box: Bbox) => object = () => ({}),
) => ({
  ...top,
  info,
  images: [image(1, 'a.jpg')],
  annotations: BOXES.map((box) => annotation(1, { bbox: write(box), ...own, ...more(box) })),
});

function read(coco: ReturnType<typeof cocoOf>) {
  const merged = merge({ 'c.json': coco }, ['a.jpg']);
  const [{ boxes = [] } = {}] = merged.images;
  const found = boxes.map(({ x, y, width, height }) =>
    [x, y, width, height].map((n) => Math.round(100 * n) / 100),
  );
  return { merged, found };
}
const sorted = [...BOXES].sort((a, b) => a[1] - b[1]);

const centres: Write = ([x, y, w, h]) => [x + w / 2, y + h / 2, w, h];
const yFirst: Write = ([x, y, w, h]) => [y, x, y + h, x + w];
const percent: Write = ([x, y, w, h]) => [x, y / 0.8, w, h / 0.8];

/** Rotated boxes whose bounds after a quarter turn are the boxes. */
const rotated =
  (angle: number): Write =>
  ([x, y, w, h]) => [x + w / 2, y + h / 2, h, w, angle];

describe('the box format that a COCO file declares', () => {
  it.each<[string, Write, Declaration]>([
    ['bbox_format "xyxy" at the top', corners, { top: { bbox_format: 'xyxy' } }],
    ['box_format "XYXY" in info', corners, { info: { box_format: 'XYXY' } }],
    ['bboxFormat "pascal_voc" at the top', corners, { top: { bboxFormat: 'pascal_voc' } }],
    ['bbox_mode 0 of annotations', corners, { own: { bbox_mode: 0 } }],
    ['bbox_mode "BoxMode.XYXY_ABS" of annotations', corners, { own: { bbox_mode: 'BoxMode.XYXY_ABS' } }],
    ['bbox_mode 2 of annotations', inFractions(corners), { own: { bbox_mode: 2 } }],
    ['bbox_mode 3 of annotations', inFractions(asIs), { own: { bbox_mode: 3 } }],
    ['bbox_mode 4 of annotations, with a quarter turn', rotated(90), { own: { bbox_mode: 4 } }],
    ['bbox_mode "BoxMode.XYWHA_ABS" at the top', rotated(-90), { top: { bbox_mode: 'BoxMode.XYWHA_ABS' } }],
    ['bbox_type "cxcywh" of annotations', centres, { own: { bbox_type: 'cxcywh' } }],
    ['bbox_type "centre_xywh" in info', centres, { info: { bbox_type: 'centre_xywh' } }],
    ['box_format "yolo" at the top', inFractions(centres), { top: { box_format: 'yolo' } }],
    ['bbox_format "yxyx" at the top', yFirst, { top: { bbox_format: 'yxyx' } }],
    ['bbox_format "xywh (%)" at the top', percent, { top: { bbox_format: 'xywh (%)' } }],
    [
      'bbox_convention "xyxy_normalized" at the top',
      inFractions(corners),
      { top: { bbox_convention: 'xyxy_normalized' } },
    ],
  ])('boxes are read in the format that is declared by %s', (_what, write, declaration) => {
    const { merged, found } = read(cocoOf(write, declaration));
    expect(found).toEqual(sorted);
    expect(merged.findings).toMatchObject([{ code: 'BOXES_CONVERTED', count: BOXES.length }]);
    expect(merged.findings[0]?.message).toContain('that the COCO file declares');
  });

  it.each([30, -30, 150])('a declared rotated box of %i degrees is read as its bounds', (angle) => {
    const { found } = read(cocoOf(() => [50, 40, 20, 10, angle], { own: { bbox_mode: 4 } }));
    expect(found[0]).toEqual([38.84, 30.67, 22.32, 18.66]);
  });

  it.each<[string, unknown]>([
    ['four numbers', [10, 20, 30, 40, 'a']],
    ['no size', [10, 20, 0, 0, 45]],
  ])('a declared rotated box is dropped if it has %s', (_what, bbox) => {
    const annotations = [annotation(1), annotation(1, { bbox, bbox_mode: 4 })];
    const { annotations: read } = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations } }, [
      'a.jpg',
    ]);
    expect(read.dropped).toEqual({ 'invalid-box': 1 });
  });

  it('annotations may declare another format than their file', () => {
    const coco = cocoOf(asIs, { top: { bbox_format: 'coco' } });
    const own = annotation(1, { bbox: corners(BOXES[0] ?? [0, 0, 0, 0]), bbox_format: 'xyxy' });
    const { merged, found } = read({ ...coco, annotations: [own, ...coco.annotations.slice(1)] });
    expect(found).toEqual(sorted);
    expect(merged.findings).toMatchObject([{ code: 'BOXES_CONVERTED', count: 1 }]);
  });

  it('an annotation that declares COCO’s format is read so among others that declare corners', () => {
    const coco = cocoOf(corners, { own: { bbox_mode: 0 } }, ([, , w, h]) => ({ area: w * h }));
    const own = annotation(1, { bbox: BOXES[0], bbox_mode: 1 });
    const { merged, found } = read({ ...coco, annotations: [own, ...coco.annotations.slice(1)] });
    expect(found).toEqual(sorted);
    expect(merged.findings).toMatchObject([{ code: 'BOXES_CONVERTED', count: 3 }]);
  });

  it.each<[string, Declaration]>([
    ['bbox_mode 1', { own: { bbox_mode: 1 } }],
    ['bbox_format "xywh"', { top: { bbox_format: 'xywh' } }],
  ])(
    'boxes are read as COCO defines them without a finding if the declared format is COCO’s: %s',
    (_what, declaration) => {
      const { merged, found } = read(cocoOf(asIs, declaration));
      expect(found).toEqual(sorted);
      expect(merged.findings).toEqual([]);
    },
  );

  it.each<[string, Write, string, string]>([
    ['corners', asIs, 'xyxy', 'corners [left, top, right, bottom]'],
    ['centres', asIs, 'cxcywh', 'centre [x, y, width, height]'],
    ['fractions', asIs, 'xywh_rel', '[left, top, width, height] in fractions of the image size'],
  ])(
    'a COCO file is refused by name if its boxes contradict the declared format: %s',
    (_what, write, bbox_format, name) => {
      const error = refusal({ 'c.json': cocoOf(write, { top: { bbox_format } }) }, ['a.jpg']);
      expect(error).toMatchObject({ type: 'CocoInvalid', details: { file: 'c.json' } });
      expect(error.message).toContain(
        `bbox_format "${bbox_format}" declares that each bbox is ${name}, but the boxes contradict it`,
      );
      expect(error.message).toContain('4 when read as [left, top, width, height] in pixels');
      expect(error.message).toContain('Remove the declaration if it is wrong');
    },
  );

  it('a COCO file is refused if all boxes fit both formats and their areas are those of the other one', () => {
    const small = (box: Bbox) => ({
      bbox: [box[0], box[1], box[0] + 50, box[1] + 40],
      area: (box[0] + 50) * (box[1] + 40),
    });
    const coco = cocoOf(asIs, { top: { bbox_format: 'xyxy' } }, small);
    const first = { ...coco, annotations: coco.annotations.slice(0, 2) };
    expect(refusal({ 'c.json': first }, ['a.jpg']).message).toContain('the boxes contradict it');
  });

  it('a wrong declaration of the box format has no effect if polygons show that the boxes are right', () => {
    const polygon = ([x, y, w, h]: Bbox) => ({ segmentation: [[x, y, x + w, y, x + w, y + h, x, y + h]] });
    const { merged, found } = read(cocoOf(asIs, { top: { bbox_format: 'xyxy' } }, polygon));
    expect(found).toEqual(sorted);
    expect(merged.findings).toEqual([]);
  });

  it('boxes are read as COCO defines them, with a warning, if the declared format is not known', () => {
    const { merged, found } = read(cocoOf(asIs, { top: { bbox_format: 'quux' } }));
    expect(found).toEqual(sorted);
    expect(codesOf(merged)).toEqual(['BOX_FORMATS_UNKNOWN']);
    expect(merged.findings[0]).toMatchObject({ count: 1, examples: ['c.json: bbox_format "quux"'] });
  });
});
