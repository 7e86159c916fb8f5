import { describe, expect, it } from '@jest/globals';
import { annotation, codesOf, image, merge, readBox } from './coco-export.js';

type Bbox = readonly [number, number, number, number];

/** Boxes in an image of 100 x 80 pixels. */
const BOXES: readonly Bbox[] = [
  [70, 10, 25, 20],
  [60, 50, 35, 25],
  [5, 12, 20, 36],
];
const sorted = [...BOXES].sort((a, b) => a[1] - b[1]);
const polygonOf = ([x, y, w, h]: Bbox) => [x, y, x + w, y, x + w, y + h, x, y + h];
const inUnits = (across: number, down: number) => (box: Bbox) => [
  polygonOf(box).map((value, i) => value / (i % 2 === 0 ? across : down)),
];
const exchange = (polygons: number[][]) =>
  polygons.map((points) => points.map((_, i) => points[i % 2 === 0 ? i + 1 : i - 1]));

/** Run lengths of a rectangle in rows or columns of `length` pixels. */
function runsOf(start: number, step: number, length: number, lines: number, pixels: number): number[] {
  const counts: number[] = [];
  let at = 0;
  for (let line = 0; line < lines; line += 1) {
    counts.push(start + line * step - at, length);
    at = start + line * step + length;
  }
  return [...counts, pixels - at];
}
const WIDTH = 100;
const HEIGHT = 80;
const columns = ([x, y, w, h]: Bbox) => runsOf(x * HEIGHT + y, HEIGHT, h, w, WIDTH * HEIGHT);
const rows = ([x, y, w, h]: Bbox) => runsOf(y * WIDTH + x, WIDTH, w, h, WIDTH * HEIGHT);

const MASKS: readonly [string, (box: Bbox) => object, string][] = [
  [
    'size [width, height]',
    (box) => ({ size: [WIDTH, HEIGHT], counts: columns(box) }),
    'masks with size [width, height]',
  ],
  ['rows', (box) => ({ size: [HEIGHT, WIDTH], counts: rows(box) }), 'masks by rows'],
];
const POLYGONS: readonly [string, (box: Bbox) => unknown, string][] = [
  ['fractions', inUnits(WIDTH, HEIGHT), 'polygons in fractions of the image size'],
  [
    'fractions with y before x',
    (box) => exchange(inUnits(WIDTH, HEIGHT)(box)),
    'polygons in fractions of the image size with y before x',
  ],
  ['percent', inUnits(1, HEIGHT / 100), 'polygons in percent of the image size'],
];

/** @param bbox whether boxes have their bbox, or the bbox that all have */
function read(segmentationOf: (box: Bbox) => unknown, bbox: boolean | Bbox) {
  const annotations = BOXES.map((box) =>
    annotation(1, { bbox: bbox === true ? box : bbox || undefined, segmentation: segmentationOf(box) }),
  );
  const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations } }, ['a.jpg']);
  const boxes = merged.images[0]?.boxes.map(({ x, y, width, height }) =>
    [x, y, width, height].map((n) => Math.round(n * 1e6) / 1e6),
  );
  return { merged, boxes };
}

describe('polygons and masks that are not written as COCO defines them', () => {
  it.each([...MASKS, ...POLYGONS])(
    'the bbox beside a segmentation in %s is used',
    (_what, segmentationOf, name) => {
      const { merged, boxes } = read(segmentationOf, true);
      expect(boxes).toEqual(sorted);
      expect(merged.findings).toMatchObject([{ code: 'SHAPES_CONVERTED', count: 3, examples: ['a.jpg'] }]);
      expect(merged.findings[0]?.message).toContain(`${name} (3).`);
    },
  );

  it.each([...MASKS, ...POLYGONS.slice(0, 1)])(
    'a segmentation in %s without a bbox is read if it shows how it is written',
    (_what, segmentationOf, name) => {
      const { merged, boxes } = read(segmentationOf, false);
      expect(boxes).toEqual(sorted);
      expect(merged.findings[0]?.message).toContain(`${name} (3).`);
    },
  );

  it.each([...MASKS, ...POLYGONS.slice(0, 1)])(
    'a segmentation in %s beside a bbox of the whole image is read like one without a bbox',
    (_what, segmentationOf) => {
      const { merged, boxes } = read(segmentationOf, [0, 0, WIDTH, HEIGHT]);
      expect(boxes).toEqual(sorted);
      expect(codesOf(merged)).toEqual(['BOXES_FROM_SHAPES']);
    },
  );

  it('masks of half the size of their image beside a bbox are recognised', () => {
    const half = ([x, y, w, h]: Bbox): Bbox => [x / 2, y / 2, Math.ceil(w / 2), h / 2];
    const write = (box: Bbox) => {
      const [x, y, w, h] = half(box).map(Math.floor) as unknown as Bbox;
      return { size: [40, 50], counts: runsOf(x * 40 + y, 40, h, w, 2000) };
    };
    const { merged, boxes } = read(write, true);
    expect(boxes).toEqual(sorted);
    expect(merged.findings[0]?.message).toContain('masks of another image size');
  });

  /** A mask of a copy of the image that is 3 times as wide and 2 times as high. */
  const distorted = ([x, y, w, h]: Bbox) => {
    const side = 2 * HEIGHT;
    return {
      size: [side, 3 * WIDTH],
      counts: runsOf(3 * x * side + 2 * y, side, 2 * h, 3 * w, 6 * WIDTH * HEIGHT),
    };
  };

  it('masks of another size than their image without a bbox are scaled to the image', () => {
    const { merged, boxes } = read(distorted, false);
    expect(boxes).toEqual(sorted);
    expect(merged.findings).toMatchObject([{ code: 'SHAPES_CONVERTED', count: 3, examples: ['a.jpg'] }]);
    expect(merged.findings[0]?.message).toContain('masks of another image size (3).');
  });

  it('masks are not scaled to a stated size that the bbox beside another mask shows to be wrong', () => {
    const annotations = BOXES.map(([x, y, w, h], i) =>
      annotation(1, {
        bbox: i === 0 ? [3 * x, 2 * y, 3 * w, 2 * h] : undefined,
        segmentation: distorted([x, y, w, h]),
      }),
    );
    const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations } }, ['a.jpg']);
    expect(merged.images[0]?.boxes.map(({ x, y }) => [x, y])).toEqual(sorted.map(([x, y]) => [3 * x, 2 * y]));
  });

  /** The boxes of a file with masks of images of 100 x 80 pixels and of one square image. */
  function besideSquare(runs: (box: Bbox, size: readonly [number, number]) => object) {
    const side = HEIGHT;
    const inSquare = BOXES.map(([x, y, w, h]): Bbox => [x * 0.8, y * 0.9, w * 0.8, Math.floor(h * 0.9)]);
    const square = inSquare.map((box) => box.map(Math.floor) as unknown as Bbox);
    const annotations = [
      ...BOXES.map((box) => annotation(1, { bbox: undefined, segmentation: runs(box, [WIDTH, HEIGHT]) })),
      ...square.map((box) => annotation(2, { bbox: undefined, segmentation: runs(box, [side, side]) })),
    ];
    const images = [image(1, 'a.jpg'), { ...image(2, 'b.jpg'), width: side, height: side }];
    const merged = merge({ 'c.json': { images, annotations } }, ['a.jpg', 'b.jpg']);
    const boxes = merged.images[1]?.boxes.map(({ x, y, width, height }) => [x, y, width, height]);
    return { boxes, right: square.sort((a, b) => a[1] - b[1] || a[0] - b[0]) };
  }

  it.each<[string, Parameters<typeof besideSquare>[0]]>([
    [
      'masks by rows',
      ([x, y, w, h], [width, height]) => ({
        size: [height, width],
        counts: runsOf(y * width + x, width, w, h, width * height),
      }),
    ],
    [
      'masks with size [width, height]',
      ([x, y, w, h], [width, height]) => ({
        size: [width, height],
        counts: runsOf(x * height + y, height, h, w, width * height),
      }),
    ],
  ])('masks of a square image without a bbox are read like those of the other images: %s', (_what, runs) => {
    const { boxes, right } = besideSquare(runs);
    expect(boxes?.sort((a, b) => (a[1] ?? 0) - (b[1] ?? 0))).toEqual(right);
  });

  it('masks as COCO defines them are read without a finding', () => {
    const { merged, boxes } = read((box) => ({ size: [HEIGHT, WIDTH], counts: columns(box) }), false);
    expect(boxes).toEqual(sorted);
    expect(merged.findings).toEqual([]);
  });

  it('polygons of less than a pixel are not read as fractions', () => {
    const dot = { bbox: undefined, segmentation: [[0.2, 0.2, 0.9, 0.2, 0.9, 0.9]] };
    expect(readBox(dot).box).toEqual([0.2, 0.2, 0.7, 0.7]);
    const { merged } = read((box) => (box[0] === 5 ? dot.segmentation : [polygonOf(box)]), false);
    expect(codesOf(merged)).toEqual([]);
  });
});

describe('polygons that end with zeros', () => {
  const polygon = [40, 30, 60, 30, 60, 50, 40, 50];
  const filled = (more: object) =>
    readBox({ bbox: undefined, segmentation: [[...polygon, 0, 0, 0, 0]], ...more });

  it.each([
    ['is that of the polygon', [...polygon, 0, 0], 400],
    ['is that of its bounds', [50, 30, 60, 40, 50, 50, 40, 40, 0, 0, 0, 0], 400],
  ])('zeros at the end of a polygon are left out, with a warning, if the area %s', (_what, points, area) => {
    const { box, merged } = readBox({ bbox: undefined, segmentation: [points], area });
    expect(box).toEqual([40, 30, 20, 20]);
    expect(merged.findings).toMatchObject([{ code: 'SHAPES_CONVERTED', count: 1 }]);
    expect(merged.findings[0]?.message).toContain('polygons that end with zeros (1).');
  });

  it.each([
    ['is missing', {}],
    ['is that of the polygon with the corner of the image', { area: 800 }],
    ['is another one', { area: 4000 }],
  ])('zeros at the end of a polygon are a corner of the image if the area %s', (_what, more) => {
    expect(filled(more).box).toEqual([0, 0, 60, 50]);
  });

  it('zeros at the end of a polygon are a corner of it if it lies in the corner of the image', () => {
    expect(readBox({ bbox: undefined, segmentation: [[0, 20, 30, 0, 0, 0]], area: 300 }).box).toEqual([
      0, 0, 30, 20,
    ]);
  });
});

describe('a segmentation of the four numbers of the bbox', () => {
  it.each<[string, (box: Bbox) => unknown]>([
    ['in a list', (box) => [box]],
    ['alone', (box) => box],
    [
      'as pairs',
      ([x, y, w, h]) => [
        [x, y],
        [w, h],
      ],
    ],
    [
      'as pairs in a list',
      ([x, y, w, h]) => [
        [
          [x, y],
          [w, h],
        ],
      ],
    ],
    ['as whole numbers', (box) => [box.map((side) => side + 0.4)]],
  ])(
    'a segmentation of the four numbers of the bbox is not read as two points: %s',
    (_how, segmentationOf) => {
      const annotations = BOXES.map((bbox) => annotation(1, { bbox, segmentation: segmentationOf(bbox) }));
      const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations } }, ['a.jpg']);
      const boxes = merged.images[0]?.boxes.map(({ x, y, width, height }) => [x, y, width, height]);
      expect(boxes).toEqual(sorted);
      expect(codesOf(merged)).toEqual([]);
    },
  );

  it('a segmentation of the four numbers of the bbox leaves them corners if they lie inside the images only as corners', () => {
    const annotations = BOXES.map(([x, y, w, h]) => {
      const corners = [x, y, x + w, y + h];
      return annotation(1, { bbox: corners, segmentation: [corners] });
    });
    const fourth = annotation(1, { bbox: [61, 2, 95, 42], segmentation: [[61, 2, 95, 42]] });
    const readAll = (more: readonly object[]) =>
      merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations: [...annotations, ...more] } }, ['a.jpg']);
    const merged = readAll([fourth]);
    const boxes = merged.images[0]?.boxes.map(({ x, y, width, height }) => [x, y, width, height]);
    expect(boxes).toEqual([[61, 2, 34, 40], ...sorted]);
    expect(codesOf(merged)).toEqual(['BOXES_CONVERTED']);
    const other = annotation(1, { bbox: [50, 60, 20, 10], segmentation: [[50, 60, 20, 10]] });
    expect(codesOf(readAll([other]))).not.toContain('BOXES_CONVERTED');
  });
});
