import { describe, expect, it } from '@jest/globals';
import { refusalOf } from '../../support/refusal.js';
import { type Coco, codesOf, merge } from './coco-export.js';

const WIDTH = 400;
const HEIGHT = 300;

/** The one box of each image, in pixels. */
const BOXES = Array.from(
  { length: 20 },
  (_, i) => [10 + 12 * i, 241 - 12 * i, 40 + 5 * i, 30 + 3 * i] as const,
);
type Numbers = (typeof BOXES)[number];

interface Label {
  readonly bbox?: readonly number[];
  readonly area?: number;
  readonly segmentation?: readonly (readonly number[])[];
}

const polygon = ([x, y, w, h]: Numbers) => [[x, y, x + w, y, x + w, y + h, x, y + h]];
const corners = ([x, y, w, h]: Numbers) => [x, y, x + w, y + h];
const areaOf = ([, , w, h]: Numbers) => w * h;

const LAYOUTS = {
  'in one folder': (i: number) => `annotations/${i}.json`,
  'in folders of their own': (i: number) => `images/${i}/coco.json`,
  'in folders of splits': (i: number) => `${i % 2 ? 'train' : 'valid'}/${i}.json`,
};
type Layout = keyof typeof LAYOUTS;

/** An export with one COCO file per image, in which the ids of images and categories begin again. */
function perImage(labelOf: (box: Numbers, index: number) => Label, layout: Layout = 'in one folder') {
  const files = BOXES.map((box, i): [string, Coco] => [
    LAYOUTS[layout](i),
    {
      images: [{ id: 1, file_name: `${i}.jpg`, width: WIDTH, height: HEIGHT }],
      annotations: [{ id: 1, image_id: 1, category_id: 1, ...labelOf(box, i) }],
      categories: [{ id: 1, name: i % 2 ? 'nut' : 'bolt' }],
    },
  ]);
  return Object.fromEntries(files);
}

const FILES = BOXES.map((_, i) => `images/${i}.jpg`);

/** The boxes in the order of `BOXES`, in whole pixels. */
const read = (merged: ReturnType<typeof merge>) =>
  FILES.map((path) =>
    merged.images
      .find((one) => one.path === path)
      ?.boxes.map(({ label, x, y, width, height }) => [label, ...[x, y, width, height].map(Math.round)]),
  );
const TRUTH = BOXES.map((box, i) => [[i % 2 ? 'nut' : 'bolt', ...box]]);

describe('an export with one COCO file per image', () => {
  it.each<[string, string, (box: Numbers, index: number) => Label]>([
    ['corners with areas', 'BOXES_CONVERTED', (box) => ({ bbox: corners(box), area: areaOf(box) })],
    [
      'corners, of which half have polygons',
      'BOXES_CONVERTED',
      (box, i) => ({ bbox: corners(box), ...(i % 2 ? { segmentation: polygon(box) } : {}) }),
    ],
    [
      'percent with areas in pixels',
      'BOXES_CONVERTED',
      (box) => ({
        bbox: box.map((n, k) => (100 * n) / (k % 2 ? HEIGHT : WIDTH)),
        area: areaOf(box),
      }),
    ],
    ['negative sizes', 'BOXES_CONVERTED', ([x, y, w, h]) => ({ bbox: [x + w, y + h, -w, -h] })],
    [
      'placeholders beside polygons',
      'BOXES_FROM_SHAPES',
      (box) => ({ bbox: [0, 0, WIDTH, HEIGHT], segmentation: polygon(box) }),
    ],
    [
      'boxes of smaller versions of the images, beside polygons',
      'BOXES_FROM_SHAPES',
      (box) => ({ bbox: box.map((n) => n / 3), segmentation: polygon(box) }),
    ],
  ])('has its boxes right if it has %s', (_name, code, labelOf) => {
    const merged = merge(perImage(labelOf), FILES);
    expect(read(merged)).toEqual(TRUTH);
    expect(codesOf(merged)).toContain(code);
  });

  it.each(Object.keys(LAYOUTS) as Layout[])(
    'has its boxes read like those of the other files %s',
    (layout) => {
      const merged = merge(
        perImage((box) => ({ bbox: corners(box), area: areaOf(box) }), layout),
        FILES,
      );
      expect(read(merged)).toEqual(TRUTH);
    },
  );

  it('has classes joined by their names, since each file counts its own from 1', () => {
    const merged = merge(
      perImage((box) => ({ bbox: box })),
      FILES,
    );
    expect(merged.labels).toEqual(['bolt', 'nut']);
    expect(read(merged)).toEqual(TRUTH);
  });

  it('is refused with the first file and the number of others if boxes and areas contradict each other', () => {
    const half = (box: Numbers) => ({ bbox: box.map((n) => n / 2), area: areaOf(box) });
    const error = refusalOf(() => merge(perImage(half), FILES));
    expect(error.message).toMatch(
      /^annotations\/0\.json and 19 more: the area of all annotations is 4 times that of their bbox/,
    );
  });
});

describe('a COCO file with a few boxes', () => {
  it('is not read like the files of another export', () => {
    const other = {
      images: [{ id: 1, file_name: 'z.jpg', width: WIDTH, height: HEIGHT }],
      annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [20, 30, 60, 80] }],
      categories: [{ id: 1, name: 'nut' }],
    };
    const ofCorners = perImage((box, i) => ({
      bbox: corners(box),
      ...(i % 2 ? { segmentation: polygon(box) } : {}),
    }));
    const merged = merge({ ...ofCorners, 'other/labels.json': other }, [...FILES, 'z.jpg']);
    expect(read(merged)).toEqual(TRUTH);
    expect(merged.images.find(({ path }) => path === 'z.jpg')?.boxes).toEqual([
      { label: 'nut', x: 20, y: 30, width: 60, height: 80 },
    ]);
  });
});
