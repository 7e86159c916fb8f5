import { describe, expect, it } from '@jest/globals';
import type { Size } from '../../../src/dataset/model/types.js';
import { createRandom } from '../../../src/lib/random.js';
import { curated, type Drawn, drawn, findingOf } from '../curating/images.js';

const SETTINGS = { minClassImages: 5 };
const SIZES: readonly Size[] = [
  { width: 640, height: 480 },
  { width: 480, height: 640 },
  { width: 512, height: 512 },
];

type Bbox = [x: number, y: number, width: number, height: number];
type Write = (x: number, y: number, width: number, height: number) => Bbox;

const centre: Write = (x, y, width, height) => [x + width / 2, y + height / 2, width, height];
const asIs: Write = (x, y, width, height) => [x, y, width, height];

/** Boxes anywhere inside the images, written by `write`. */
function written(
  write: Write,
  {
    count = 120,
    cocoFile = 'a.json',
    sizes = SIZES,
    sides: [least, most] = [30, 150],
    scale = 1,
    start = (random: ReturnType<typeof createRandom>, room: number): number => random.integer(0, room),
  } = {},
): Drawn[] {
  const random = createRandom(3);
  return Array.from({ length: count }, (_, i) => {
    const stored = sizes[i % sizes.length] ?? { width: 640, height: 480 };
    const boxes = Array.from({ length: 2 }, () => {
      const [w, h] = [random.integer(least, most), random.integer(least, most)];
      const before = [start(random, stored.width - w), start(random, stored.height - h), w, h] as const;
      const [x, y, width, height] = write(...before);
      return { label: 'acne', x: x * scale, y: y * scale, width: width * scale, height: height * scale };
    });
    return drawn(`${cocoFile}-${i}.jpg`, boxes, { stored, cocoFile });
  });
}

const boxesOf = (images: Drawn[]) =>
  curated(images, SETTINGS).boxed.candidates.map(({ path, boxes }) => ({ path, boxes }));
const centredIn = (images: Drawn[]) => findingOf(curated(images, SETTINGS), 'BOXES_CENTRED');

describe('boxes without polygons that refer to their centre', () => {
  it.each<[string, Parameters<typeof written>[1]]>([
    ['images of several shapes', {}],
    ['square images', { sizes: [{ width: 512, height: 512 }] }],
    ['small objects', { sides: [12, 30], count: 900 }],
  ])(
    'boxes are read from their centre, with a warning, if only so do they lie inside their images: %s',
    (_what, over) => {
      expect(boxesOf(written(centre, over))).toEqual(boxesOf(written(asIs, over)));
      expect(centredIn(written(centre, over))?.unit).toBe('images');
      expect(centredIn(written(asIs, over))).toBeUndefined();
    },
  );

  it('a small split is read from the centre if all splits together show it', () => {
    const splits = (write: Write) => [
      ...written(write, { cocoFile: 'train.json' }),
      ...written(write, { cocoFile: 'valid.json', count: 12 }),
    ];
    expect(boxesOf(splits(centre))).toEqual(boxesOf(splits(asIs)));
    expect(centredIn(splits(centre))?.count).toBe(132);
  });

  it('a COCO file with boxes from the corner keeps them beside a file with boxes from the centre', () => {
    const corner = written(asIs, { cocoFile: 'b.json' });
    const both = boxesOf([...written(centre), ...corner]);
    expect(both).toEqual(expect.arrayContaining(boxesOf(corner)));
    expect(both).toEqual(expect.arrayContaining(boxesOf(written(asIs))));
  });

  it.each([
    ['lie in the middle of larger images than these', { scale: 1.45, start: middle }],
    ['refer to larger images', { scale: 1.3 }],
    ['refer to smaller images', { scale: 0.7 }],
    ['are too few to show it', { count: 10 }],
  ])('boxes are read from their corner if they %s', (_what, over) => {
    expect(centredIn(written(asIs, over))).toBeUndefined();
  });
});

/** A place near the middle, as that of a face in a portrait. */
function middle(random: ReturnType<typeof createRandom>, room: number): number {
  return Math.round(room * (0.35 + 0.1 * (random.next() + random.next() + random.next())));
}
