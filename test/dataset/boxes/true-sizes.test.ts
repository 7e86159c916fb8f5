import { describe, expect, it } from '@jest/globals';
import type { Size } from '../../../src/dataset/model/types.js';
import { curated, type Drawn, drawn } from '../curating/images.js';

const SETTINGS = { minClassImages: 5 };
const square: Size = { width: 200, height: 200 };
const wide: Size = { width: 400, height: 300 };

/** Boxes all over an image, as fractions of its sides. */
const PLACES = [
  [0.05, 0.05, 0.2, 0.2],
  [0.4, 0.1, 0.2, 0.3],
  [0.7, 0.6, 0.25, 0.3],
  [0.1, 0.7, 0.3, 0.25],
] as const;

/** An image of the size `file`, with boxes in pixels of `drawnOn`, whose COCO record states `stated`. */
function imageWith(i: number, file: Size, stated: Size | null, drawnOn = file): Drawn {
  const [x = 0, y = 0, width = 0, height = 0] = PLACES[i % PLACES.length] ?? [];
  const box = {
    ...{ label: 'acne', x: x * drawnOn.width, y: y * drawnOn.height },
    ...{ width: width * drawnOn.width, height: height * drawnOn.height },
  };
  return drawn(`${String(i).padStart(3, '0')}.jpg`, [box], { stored: file, coco: stated });
}

const images = (count: number, of: (i: number) => Drawn) => Array.from({ length: count }, (_, i) => of(i));

/** How far the boxes of the curated images lie from where they were drawn, in pixels of the file. */
function misplaced(used: readonly Drawn[]): string[] {
  const { train, val } = curated(used, SETTINGS);
  const boxesOf = new Map([...train, ...val].map(({ path, boxes }) => [path, boxes]));
  return used.flatMap(({ image: { path } }, i) => {
    const [x = 0, y = 0] = PLACES[i % PLACES.length] ?? [];
    const size = used[i]?.result.output ?? square;
    const [box] = boxesOf.get(path) ?? [];
    const isRight =
      box && Math.abs(box.left - x * size.width) <= 1 && Math.abs(box.top - y * size.height) <= 1;
    return isRight ? [] : [path];
  });
}

const warned = (used: readonly Drawn[]) =>
  curated(used, SETTINGS)
    .findings.filter(({ code }) => code === 'SIZES_FROM_FILES' || code === 'SIZE_MISMATCH')
    .map(({ code, count }) => `${code} ${count}`);

describe('boxes of images whose COCO records state a wrong size', () => {
  it.each<[string, Drawn[], number]>([
    [
      'the size of the first image for all images',
      images(40, (i) => imageWith(i, i < 10 ? square : wide, square)),
      30,
    ],
    [
      'the size of a larger first image for all images',
      images(60, (i) => imageWith(i, i < 10 ? wide : { width: 160, height: 120 }, wide)),
      50,
    ],
    ['width and height exchanged', images(20, (i) => imageWith(i, wide, { width: 300, height: 400 })), 20],
    [
      'width and height exchanged in a few images',
      images(60, (i) => imageWith(i, wide, i < 4 ? { width: 300, height: 400 } : wide)),
      4,
    ],
    [
      'width and height exchanged beside images with scaled boxes',
      images(60, (i) =>
        i < 8
          ? imageWith(i, wide, { width: 300, height: 400 })
          : imageWith(i, wide, { width: 200, height: 150 }, { width: 200, height: 150 }),
      ),
      8,
    ],
    ['1 x 1 for all images', images(20, (i) => imageWith(i, square, { width: 1, height: 1 })), 20],
  ])('are read as pixels of the files, with a warning: %s', (_what, used, wrong) => {
    expect(misplaced(used)).toEqual([]);
    expect(warned(used)).toEqual([`SIZES_FROM_FILES ${wrong}`]);
  });

  it.each<[string, Size]>([
    ['smaller', { width: 200, height: 150 }],
    ['larger', { width: 1000, height: 750 }],
  ])('are scaled without a warning where they were drawn on a %s copy', (_what, copy) => {
    const used = images(40, (i) => imageWith(i, wide, copy, copy));
    expect(misplaced(used)).toEqual([]);
    expect(warned(used)).toEqual([]);
  });

  it('are scaled, with a warning, where all images were halved and their boxes lie in the upper left quarter', () => {
    const twice = { width: 800, height: 600 };
    const used = images(40, (i) => imageWith(i, wide, twice));
    const { train, findings } = curated(used, SETTINGS);
    expect(train[0]?.boxes[0]?.width).toBeLessThan(61);
    expect(findings.find(({ code }) => code === 'SIZES_AMBIGUOUS')?.count).toBe(40);
  });

  it('refer to the image that EXIF rotates, though the records state the stored size', () => {
    const upright = { width: 300, height: 400 };
    const used = images(40, (i) => {
      const { image, result } = imageWith(i, upright, wide);
      return { image, result: { ...result, stored: wide, orientation: 6 as const, output: upright } };
    });
    expect(misplaced(used)).toEqual([]);
    expect(warned(used)).toEqual(['SIZES_FROM_FILES 40']);
  });

  it('are scaled where they were drawn on a larger copy and lie near its middle', () => {
    const copy = { width: 440, height: 330 };
    const used = images(40, (i) =>
      drawn(`${i}.jpg`, [{ label: 'acne', x: 110, y: 110, width: 110, height: 110 }], {
        ...{ stored: wide, coco: copy },
      }),
    );
    const { train } = curated(used, SETTINGS);
    expect(train[0]?.boxes[0]).toMatchObject({ left: 100, top: 100, width: 100, height: 100 });
  });
});
