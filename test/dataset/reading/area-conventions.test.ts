import { describe, expect, it } from '@jest/globals';
import { annotation, codesOf, image, merge, refusal } from './coco-export.js';

type Bbox = readonly [number, number, number, number];

/** Boxes in an image of 100 x 80 pixels that fit it as corners and as left, top, width, height. */
const BOXES: readonly Bbox[] = [
  [4, 5, 30, 20],
  [20, 14, 25, 22],
  [40, 3, 12, 30],
  [2, 30, 36, 9],
];
const corners = ([x, y, w, h]: Bbox): Bbox => [x, y, x + w, y + h];
const asIs = (box: Bbox): Bbox => box;

type Write = (box: Bbox) => object;
const written =
  (
    write: (box: Bbox) => readonly number[],
    area: (w: number, h: number) => number | undefined = (w, h) => w * h,
  ): Write =>
  (box) => ({ bbox: write(box), area: area(box[2], box[3]) });

/** Writes the first of BOXES in the one way and the others in another. */
const mixed =
  (first: typeof asIs, others: typeof asIs): Write =>
  (box) =>
    written(box === BOXES[0] ? first : others)(box);

const cocoOf = (writes: readonly Write[], size: object, boxes: readonly Bbox[]) => ({
  images: writes.map((_, i) => ({ ...image(i, `${i}.jpg`), ...size })),
  annotations: writes.flatMap((write, i) => boxes.map((box) => annotation(i, write(box)))),
});
const pathsOf = (writes: readonly Write[]) => writes.map((_, i) => `${i}.jpg`);

function read(writes: readonly Write[], size: object = {}, boxes = BOXES) {
  const merged = merge({ 'c.json': cocoOf(writes, size, boxes) }, pathsOf(writes));
  const found = merged.images.map((one) =>
    one.boxes.map(({ x, y, width, height }) => [x, y, width, height].map((n) => Math.round(100 * n) / 100)),
  );
  return { merged, found };
}
const sortedBy = (boxes: readonly Bbox[]) => [...boxes].sort((a, b) => a[1] - b[1]);
const sorted = sortedBy(BOXES);

describe('the area of boxes without polygons', () => {
  it.each<[string, Write]>([
    ['corners', written(corners)],
    ['corners with the last pixel', written(([x, y, w, h]) => [x, y, x + w - 1, y + h - 1])],
    ['corners with fractions', written((box) => corners(box).map((n) => n + 0.25))],
    ['corners with rounded areas', written(corners, (w, h) => Math.round(w * h + 0.4))],
  ])('the area shows that boxes inside their images are corners: %s', (what, write) => {
    const { merged, found } = read([write]);
    const shift = what === 'corners with fractions' ? 0.25 : 0;
    const less = what === 'corners with the last pixel' ? 1 : 0;
    expect(found).toEqual([sorted.map(([x, y, w, h]) => [x + shift, y + shift, w - less, h - less])]);
    expect(merged.findings).toMatchObject([{ code: 'BOXES_CONVERTED', count: 4 }]);
    expect(merged.findings[0]?.message).toContain('corners [left, top, right, bottom] (4)');
  });

  it('the area shows which images have corners if a file was merged from two', () => {
    const { merged, found } = read([written(asIs), written(corners), written(asIs)]);
    expect(found).toEqual([sorted, sorted, sorted]);
    expect(merged.findings).toMatchObject([{ code: 'BOXES_CONVERTED', count: 4, examples: ['1.jpg'] }]);
  });

  it('the area shows which boxes of an image are corners, and which are not', () => {
    for (const image of [mixed(asIs, corners), mixed(corners, asIs)]) {
      const writes = Array.from({ length: 3 }, () => image);
      const { merged, found } = read(writes, {}, BOXES.slice(0, 3));
      expect(found).toEqual(writes.map(() => sortedBy(BOXES.slice(0, 3))));
      expect(codesOf(merged)).toEqual(['BOXES_CONVERTED']);
    }
  });

  it('the area of masks beside corners does not hide that all boxes are corners', () => {
    const write: Write = (box) => ({ bbox: corners(box), area: box[2] * box[3] * (box[0] === 4 ? 0.7 : 1) });
    expect(read([write]).found).toEqual([sorted]);
  });

  it('boxes without area are corners if those of their image are', () => {
    const some: Write = (box) => ({ bbox: corners(box), ...(box[0] === 4 ? {} : { area: box[2] * box[3] }) });
    expect(read([some, written(asIs)]).found).toEqual([sorted, sorted]);
  });

  it('the area shows corners with y before x if only these fit the images', () => {
    const boxes = BOXES.map(([x, y, w, h]): Bbox => [x + 44, y, w, h]);
    const { merged, found } = read(
      [written(([x, y, w, h]) => [y, x, y + h, x + w])],
      { width: 200, height: 42 },
      boxes,
    );
    expect(found).toEqual([sortedBy(boxes)]);
    expect(merged.findings[0]?.message).toContain('corners [top, left, bottom, right]');
  });

  it.each<[string, Write]>([
    ['percent', written(([x, y, w, h]) => [x, y / 0.8, w, h / 0.8])],
    ['fractions', written(([x, y, w, h]) => [x / 100, y / 80, w / 100, h / 80])],
    ['corners in fractions', written(([x, y, w, h]) => [x / 100, y / 80, (x + w) / 100, (y + h) / 80])],
  ])('the area in pixels shows that boxes are %s', (_what, write) => {
    const boxes: readonly Bbox[] = [...BOXES, [70, 50, 28, 29], [1, 40, 50, 38], [45, 60, 54, 19]];
    expect(read([write], {}, boxes).found).toEqual([sortedBy(boxes)]);
  });

  it.each<[string, number]>([
    ['percent', 0.5],
    ['fractions', 0.005],
  ])(
    'many boxes in %s of square images are not taken for those of smaller copies, with polygons or without',
    (_what, unit) => {
      const boxes: readonly Bbox[] = [...BOXES, [140, 150, 58, 48], [1, 40, 50, 38], [145, 60, 54, 19]];
      const write = written((box) => box.map((n) => n * unit));
      const withPolygon: Write = (box) => {
        const [x, y, right, bottom] = corners(box);
        return { ...write(box), segmentation: [[x, y, right, y, right, bottom, x, bottom]] };
      };
      for (const one of [write, withPolygon]) {
        const { found } = read([one, one, one], { width: 200, height: 200 }, boxes);
        expect(found).toEqual(Array(3).fill(sortedBy(boxes)));
      }
    },
  );

  it('a COCO file is refused with the possible conventions if areas show fractions of which several fit', () => {
    const boxes: readonly Bbox[] = [
      [20, 20, 10, 12],
      [40, 30, 20, 10],
      [50, 50, 14, 12],
    ];
    const write = written(([x, y, w, h]) => [x / 100, y / 80, w / 100, h / 80]);
    const error = refusal({ 'c.json': cocoOf([write], {}, boxes) }, ['0.jpg']);
    expect(error).toMatchObject({ type: 'CocoInvalid', details: { file: 'c.json' } });
    expect(error.message).toContain(
      '[left, top, width, height] in fractions of the image size or centre [x, y, width, height] in fractions',
    );
  });

  it.each<[string, (w: number, h: number) => number | undefined]>([
    ['is that of their boxes', (w, h) => w * h],
    ['includes the last pixel', (w, h) => (w + 1) * (h + 1)],
    ['is that of smaller masks', (w, h) => Math.round(w * h * 0.71)],
    ['is that of a larger original', (w, h) => w * h * 4],
    ['is zero', () => 0],
    ['is one', () => 1],
    ['is missing', () => undefined],
  ])('boxes are read as [left, top, width, height] if their area %s', (_what, area) => {
    const { merged, found } = read([written(asIs, area)]);
    expect(found).toEqual([sorted]);
    expect(merged.findings).toEqual([]);
  });

  it('areas that an exporter computed from width and height as if they were corners do not change boxes', () => {
    const boxes: readonly Bbox[] = [...BOXES, [8, 2, 60, 50], [2, 4, 20, 60], [40, 40, 12, 20]];
    const wrong: Write = ([x, y, w, h]) => ({ bbox: [x, y, w, h], area: (w - x) * (h - y) });
    expect(read([wrong], {}, boxes).found).toEqual([sortedBy(boxes)]);
  });

  it('an area that fits corners by chance does not change boxes of smaller masks', () => {
    const chance: Write = ([x, y, w, h]) => ({ bbox: [x, y, w, h], area: (w - x) * (h - y) });
    const writes = [...Array<Write>(60).fill(written(asIs, (w, h) => Math.round(w * h * 0.71))), chance];
    const boxes: readonly Bbox[] = [[4, 5, 30, 20]];
    const { merged, found } = read(writes, {}, boxes);
    expect(found.flat()).toEqual(writes.map(() => boxes[0]));
    expect(merged.findings).toEqual([]);
  });

  it.each([
    ['fractions', 200],
    ['percent', 2],
  ])('boxes in %s beside polygons are not taken for a smaller copy of square images', (_what, scale) => {
    const write: Write = ([x, y, w, h]) => ({
      bbox: [x / scale, y / scale, w / scale, h / scale],
      segmentation: [[x, y, x + w, y, x + w, y + h, x, y + h]],
      area: w * h,
    });
    const { merged, found } = read([write, write, write], { width: 200, height: 200 });
    expect(found).toEqual([sorted, sorted, sorted]);
    expect(merged.findings).toMatchObject([{ code: 'BOXES_FROM_SHAPES', count: 12 }]);
  });

  it('boxes in percent of square images are not taken for a smaller copy', () => {
    const write = written(([x, y, w, h]) => [x / 2, y / 2, w / 2, h / 2]);
    const boxes: readonly Bbox[] = [...BOXES, [120, 130, 60, 50], [1, 150, 40, 45], [180, 2, 19, 40]];
    const { merged, found } = read([write, write], { width: 200, height: 200 }, boxes);
    expect(found).toEqual([sortedBy(boxes), sortedBy(boxes)]);
    expect(merged.findings).toMatchObject([{ code: 'BOXES_CONVERTED', count: 14 }]);
  });

  it('a COCO file is refused if areas and positions show that all boxes refer to a smaller copy of their images', () => {
    const half = written(([x, y, w, h]) => [x / 2, y / 2, w / 2, h / 2]);
    const coco = cocoOf([half, half, half], {}, BOXES);
    const error = refusal({ 'annotations/instances_default.json': coco }, ['0.jpg', '1.jpg', '2.jpg']);
    expect(error.message).toMatch(
      /^annotations\/instances_default\.json: the area of all annotations is 4 times that of their bbox/,
    );
    expect(error.message).toContain(
      'If the image files have that size, write it into the image records; if not, multiply each bbox by 2.',
    );
  });

  it('a COCO file is refused if areas and positions show that the boxes of some images refer to a smaller copy', () => {
    const half = written(([x, y, w, h]) => [x / 2, y / 2, w / 2, h / 2]);
    const writes = [
      ...Array.from({ length: 5 }, () => half),
      ...Array.from({ length: 7 }, () => written(asIs)),
    ];
    const error = refusal({ 'c.json': cocoOf(writes, {}, BOXES) }, pathsOf(writes));
    expect(error.message).toContain('the area of all annotations of 5 images (20 boxes) is 4 times');
    expect(error.message).toContain('Multiply each bbox of these images by 2');
  });

  it('a COCO file is refused if areas show that boxes refer to copies of one square size', () => {
    const sizes = [
      [100, 80],
      [80, 100],
      [120, 60],
      [120, 120],
    ] as const;
    const boxes: readonly Bbox[] = [...BOXES, [60, 50, 38, 28]];
    const images = sizes.map(([width, height], i) => ({ ...image(i, `${i}.jpg`), width, height }));
    const annotations = sizes.flatMap(([width, height], i) =>
      boxes.map(([x, y, w, h]) =>
        annotation(i, {
          bbox: [x / 2, (y * 50) / 80, w / 2, (h * 50) / 80],
          area: ((w * width) / 100) * ((h * height) / 80),
        }),
      ),
    );
    const error = refusal(
      { 'c.json': { images, annotations } },
      images.map((_, i) => `${i}.jpg`),
    );
    expect(error.message).toContain('the area of all annotations is 2.9 to 5.8 times that of their bbox');
  });

  it.each<[string, (i: number, w: number, h: number) => number]>([
    ['larger by another factor in each image', (i, w, h) => (2 + ((i * 7) % 10)) * w * h],
    ['the same for all boxes', () => 400],
  ])('areas that are %s do not refuse a COCO file with small boxes in the corner', (_what, areaOf) => {
    const boxes: readonly Bbox[] = [[4, 5, 12, 9]];
    const writes = Array.from({ length: 20 }, (_, i) => written(asIs, (w, h) => areaOf(i, w, h)));
    expect(read(writes, {}, boxes).merged.findings).toEqual([]);
  });

  it('larger areas in some images do not refuse a COCO file if boxes of these images lie all over them', () => {
    const larger = written(asIs, (w, h) => 4 * w * h);
    const boxes: readonly Bbox[] = [...BOXES, [60, 50, 30, 20]];
    const writes = [
      ...Array.from({ length: 5 }, () => larger),
      ...Array.from({ length: 7 }, () => written(asIs)),
    ];
    expect(read(writes, {}, boxes).merged.findings).toEqual([]);
  });
});
