import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge, readBox, refusal } from './coco-export.js';

const BOX = [10, 20, 30, 40];
const POINTS: [number, number][] = [
  [10, 20],
  [40, 20],
  [40, 60],
  [10, 60],
];
const asObjects = POINTS.map(([x, y]) => ({ x, y }));

/** Reads an annotation with this bbox beside one of COCO's form. */
const withUnread = (bbox: unknown) =>
  merge(
    { 'c.json': { images: [image(1, 'a.jpg')], annotations: [annotation(1), annotation(1, { bbox })] } },
    ['a.jpg'],
  );

describe('a bbox without a polygon', () => {
  it.each<[string, unknown]>([
    ['an object with x, y, width, height', { x: 10, y: 20, width: 30, height: 40 }],
    ['an object with x, y, w, h', { x: 10, y: 20, w: 30, h: 40 }],
    ['an object with left, top, width, height', { left: 10, top: 20, width: 30, height: 40 }],
    ['an object with xmin, ymin, xmax, ymax', { xmin: 10, ymin: 20, xmax: 40, ymax: 60 }],
    ['an object with x_min, y_min, x_max, y_max', { x_min: 10, y_min: 20, x_max: 40, y_max: 60 }],
    ['an object with x1, y1, x2, y2 as text', { x1: '10', y1: '20', x2: '40', y2: '60' }],
    ['an object with left, top, right, bottom', { left: 10, top: 20, right: 40, bottom: 60 }],
    ['an object with xmin, ymin, w, h', { xmin: 10, ymin: 20, w: 30, h: 40 }],
    ['an object with x0, y0, x1, y1', { x0: 10, y0: 20, x1: 40, y1: 60 }],
    ['an object with startX, startY, endX, endY', { startX: 10, startY: 20, endX: 40, endY: 60 }],
    [
      'an object with points topLeft, bottomRight',
      { topLeft: { x: 10, y: 20 }, bottomRight: { x: 40, y: 60 } },
    ],
    ['an object with pairs top_left, bottom_right', { top_left: [10, 20], bottom_right: [40, 60] }],
    ['an object with points min, max', { min: { x: 10, y: 20 }, max: { x: 40, y: 60 } }],
    ['an object with cx, cy, w, h', { cx: 25, cy: 40, w: 30, h: 40 }],
    [
      'an object with x_center, y_center, width, height',
      { x_center: 25, y_center: 40, width: 30, height: 40 },
    ],
    ['an object with a point center and width, height', { center: { x: 25, y: 40 }, width: 30, height: 40 }],
    [
      'an object with a corner and a size that agree',
      { x: 10, y: 20, width: 30, height: 40, xmin: 10, ymin: 20, xmax: 40, ymax: 60 },
    ],
    ['JSON as text', '[10, 20, 30, 40]'],
    ['an object as text', '{"x": 10, "y": 20, "width": 30, "height": 40}'],
    ['numbers with commas', '10,20,30,40'],
    ['numbers with spaces', ' 10 20 30.0 4e1 '],
    ['a Python tuple', '(10.0, 20.0, 30.0, 40.0)'],
    ['numbers of NumPy as text', '[np.float64(10.0), np.float64(20.0), np.int64(30), np.float32(40.)]'],
    ['an array of NumPy as text', 'array([10., 20., 30., 40.], dtype=float32)'],
    ['a tensor of PyTorch as text', "tensor([10., 20., 30., 40.], device='cuda:0', dtype=torch.float64)"],
    ['a list of tensors', ['tensor(10.)', "tensor(20., device='cuda:0')", 'tensor(30)', 'tensor(40.0)']],
    ['an object of decimals', { x: "Decimal('10')", y: '20', width: '30', height: 'np.int64(40)' }],
    ['numbers with decimal commas', ['10,00', '20,0', '30,0000', '40']],
    ['a nested list', [BOX]],
    ['a list with a text', ['10,20,30,40']],
    ['four corner points', POINTS],
    ['four corner points in another order', [...POINTS].reverse()],
    ['four corner points as objects', asObjects],
    ['eight numbers', POINTS.flat()],
    ['corners of a rotated rectangle', [25, 20, 40, 30, 25, 60, 10, 50]],
  ])('a bbox is read if it is %s', (_what, bbox) => {
    const { merged, box } = readBox({ bbox });
    expect(box).toEqual(BOX);
    expect(merged.findings).toEqual([]);
  });

  it.each<[string, unknown]>([
    [
      'two points, which are corners or a point and a size',
      [
        [10, 20],
        [40, 60],
      ],
    ],
    ['five numbers, which may have an angle', [10, 20, 30, 40, 0.9]],
    [
      'an object whose members contradict each other',
      { x: 10, y: 20, width: 30, height: 40, xmin: 50, ymin: 60, xmax: 90, ymax: 70 },
    ],
    [
      'an object with a size in the unit of the image',
      { xmin: 10, ymin: 20, xmax: 40, ymax: 60, width: 100, height: 80 },
    ],
    ['an object without a height', { x: 10, y: 20, width: 30 }],
    ['an object in an object', { bbox: { x: 10, y: 20, width: 30, height: 40 } }],
    ['text with decimal commas', '10,5 20,5 30,0 40,0'],
    ['eight numbers that are no corners of a rectangle', [10, 20, 40, 25, 33, 60, 0, 4]],
    ['two lists of four numbers', [BOX, BOX]],
    ['words', 'top left'],
    ['an unfinished text', '[10, 20, 30'],
  ])('a bbox is dropped with its form in the finding if it is %s', (_what, bbox) => {
    const merged = withUnread(bbox);
    expect(merged.annotations.dropped).toEqual({ 'invalid-box': 1 });
    const [finding] = merged.findings;
    expect(finding?.message).toContain('have no bbox, polygon or mask that can be read, and were dropped.');
    expect(finding?.examples[0]).toContain(`a.jpg: bbox ${JSON.stringify(bbox).slice(0, 20)}`);
  });
});

describe('a mask without a bbox', () => {
  // The second column: the counts 80, 80 and 7840, compressed.
  const COUNTS = '`2`2Pe7';
  const maskOf = (counts: string) => ({ bbox: undefined, segmentation: { size: [80, 100], counts } });

  it.each<[string, string]>([
    ['bytes that Python printed', `b'${COUNTS}'`],
    ['base64', Buffer.from(COUNTS).toString('base64')],
  ])('a compressed mask is read if its counts are %s', (_what, counts) => {
    const { box } = readBox(maskOf(COUNTS));
    expect(box).toEqual([1, 0, 1, 80]);
    expect(readBox(maskOf(counts)).box).toEqual(box);
  });

  it('a compressed mask is not read as base64 if its pixels are not those of its size', () => {
    expect(readBox(maskOf(Buffer.from(COUNTS.slice(0, 4)).toString('base64'))).box).toBeUndefined();
  });
});

describe('a bbox in a form with several meanings', () => {
  it.each<[string, unknown, string]>([
    [
      'five numbers',
      [10, 20, 30, 40, 0.9],
      'Write [left, top, width, height]; for a rotated box of Detectron2, add "bbox_mode": 4.',
    ],
    ['3 numbers', [10, 20, 30], 'Write bbox as [left, top, width, height] in pixels.'],
    [
      'two points',
      [
        [50, 40],
        [30, 40],
      ],
      'Write bbox as [left, top, width, height] in pixels.',
    ],
    ['several boxes', [BOX, BOX], 'Write one annotation per box.'],
    ['px after the numbers', ['10px', '20px', '30px', '40px'], 'Write the numbers without px.'],
    ['px after the numbers', { x: '10px', y: '20px', width: '30px', height: '40px' }, 'without px.'],
    [
      'commas in numbers',
      ['10,000', '20,000', '30,000', '40,000'],
      'Write the numbers with a decimal point.',
    ],
    ['a text without four numbers', 'upper left', 'Write bbox as [left, top, width, height] in pixels.'],
    ['% after the numbers', '10%, 20%, 30%, 40%', 'Write bbox as [left, top, width, height] in pixels.'],
  ])('a bbox is dropped, with what it has and what to do, if it has %s', (what, bbox, advice) => {
    const unread = annotation(1, { bbox });
    const coco = { images: [image(1, 'a.jpg')], annotations: [unread] };
    const error = refusal({ 'annotations/instances_default.json': coco });
    expect(error.type).toBe('NoUsableImages');
    expect(error.message).toContain('In annotations/instances_default.json, annotations[0] has ');
    expect(error.message).toContain(what);
    expect(error.message).toContain(advice);
    const { findings } = withUnread(bbox);
    expect(findings).toMatchObject([{ code: 'BOXES_INVALID', count: 1 }]);
    expect(findings[0]?.message).toContain('In c.json, an annotation has ');
    expect(findings[0]?.message).toContain(what);
    expect(findings[0]?.message).toContain(advice);
  });
});

describe('a bbox of two points', () => {
  const boxes: readonly (readonly [number, number, number, number])[] = [
    [60, 50, 90, 70],
    [70, 10, 95, 40],
    [55, 45, 80, 60],
    [5, 6, 20, 30],
  ];
  const readPoints = (list: readonly (readonly [number, number, number, number])[]) =>
    merge(
      {
        'c.json': {
          images: [image(1, 'a.jpg')],
          annotations: [
            annotation(1),
            ...list.map(([a, b, c, d]) =>
              annotation(1, {
                bbox: [
                  [a, b],
                  [c, d],
                ],
              }),
            ),
          ],
        },
      },
      ['a.jpg'],
    );

  it('two points are read as corners if all lie inside their images as corners, and at least three do not as a corner and a size', () => {
    const { images, annotations, findings } = readPoints(boxes);
    expect(annotations.dropped).toEqual({});
    expect(images[0]?.boxes).toContainEqual({ label: 'nodule', x: 60, y: 50, width: 30, height: 20 });
    expect(findings).toMatchObject([{ code: 'BOXES_CONVERTED', count: 4 }]);
    expect(findings[0]?.message).toContain('two corners [left, top], [right, bottom] (4)');
  });

  it.each<[string, typeof boxes]>([
    ['only two do not lie inside their images as a corner and a size', boxes.slice(1)],
    ['one of them is no corner right of and below the other', [...boxes, [50, 40, 30, 20]]],
    ['one of them is a corner beyond the image', [...boxes, [50, 40, 300, 70]]],
    ['all may be a corner and a size', boxes.map(([, , c, d]) => [1, 2, c - 1, d - 2] as const)],
  ])('two points are dropped if %s', (_what, list) => {
    const { annotations, findings } = readPoints(list);
    expect(annotations.dropped).toEqual({ 'invalid-box': list.length });
    expect(findings[0]?.message).toContain('two corners, or a corner and a size');
  });
});

describe('a polygon without a bbox', () => {
  it.each<[string, unknown]>([
    ['points as objects', asObjects],
    ['a list of lists of points as objects', [asObjects]],
    ['pairs outside a list', POINTS],
    ['pairs', [POINTS]],
    ['JSON as text', JSON.stringify([POINTS.flat()])],
    ['JSON with pairs as text', JSON.stringify([POINTS])],
    ['a list with JSON as text', [JSON.stringify(POINTS.flat())]],
    ['numbers with commas', POINTS.flat().join(',')],
    ['points as SVG writes them', POINTS.map((point) => point.join(',')).join(' ')],
    ['a list with numbers as text', [POINTS.flat().join(' ')]],
    ['the lists of x and y of VGG', { all_points_x: [10, 40, 40, 10], all_points_y: [20, 20, 60, 60] }],
    ['lists of x and y', { x: [10, 40, 40, 10], y: [20, 20, 60, 60] }],
    ['a mask as text', JSON.stringify({ size: [80, 100], counts: [820, 40, 2280, 40, 4820] })],
  ])('a polygon gives the box if it is %s', (what, segmentation) => {
    const { merged, box } = readBox({ bbox: undefined, segmentation });
    expect(box).toEqual(what === 'a mask as text' ? [10, 20, 30, 40] : BOX);
    expect(merged.findings).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['a word', 'circle'],
    ['points without y', [{ x: 10 }, { x: 40 }]],
    ['lists of x and y of different lengths', { x: [10, 40, 40], y: [20, 20] }],
    ['nested too deeply', [[[[[[[[POINTS]]]]]]]]],
  ])('a polygon is dropped with its form in the finding if it is %s', (_what, segmentation) => {
    const { merged, box } = readBox({ bbox: undefined, segmentation });
    expect(box).toBeUndefined();
    expect(merged.findings[0]).toMatchObject({ code: 'BOXES_INVALID', count: 1 });
    expect(merged.findings[0]?.examples[0]).toMatch(/^a\.jpg: bbox missing, segmentation /);
  });
});
