import { describe, expect, it } from '@jest/globals';
import type { Size, SourceBox } from '../../../src/dataset/model/types.js';
import { createRandom } from '../../../src/lib/random.js';
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

/** 60 images with one box each, all over the size `drawnOn`. */
function allOver(drawnOn: Size, stated: Size, file = drawnOn): Drawn[] {
  const random = createRandom(3);
  return images(60, (i) => {
    const [width, height] = [random.integer(30, 90), random.integer(30, 90)];
    const box: SourceBox = {
      ...{ label: 'acne', width, height },
      x: random.integer(0, drawnOn.width - width),
      y: random.integer(0, drawnOn.height - height),
    };
    return drawn(`${String(i).padStart(3, '0')}.jpg`, [box], { stored: file, coco: stated });
  });
}

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
    .findings.filter(({ code }) => /^SIZES?_/.test(code))
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
  ])(
    'boxes with a wrong COCO size are read as pixels of the files, with a warning: %s',
    (_what, used, wrong) => {
      expect(misplaced(used)).toEqual([]);
      expect(warned(used)).toEqual([`SIZES_FROM_FILES ${wrong}`]);
    },
  );

  it.each<[string, Size, (i: number) => readonly [x: number, y: number, width: number, height: number]]>([
    [
      'three of 60 boxes reach beyond it',
      { width: 420, height: 380 },
      (i) => (i % 20 === 0 ? [0.7, 0.7, 0.3, 0.3] : [0.1, 0.1, 0.3, 0.3]),
    ],
    [
      'the boxes would fit it as centres too',
      { width: 380, height: 360 },
      (i) => [0.25 + (i % 10) / 50, 0.25 + (i % 7) / 50, 0.4, 0.4],
    ],
  ])(
    'boxes with a wrong COCO size are read as pixels of the files if one smaller size is stated for images of several shapes: %s',
    (_what, stated, placeOf) => {
      const used = images(60, (i) => {
        const file = i % 3 === 0 ? { width: 400, height: 600 } : { width: 600, height: 400 };
        const [x, y, width, height] = placeOf(i);
        const box = {
          ...{ label: 'acne', x: x * file.width, y: y * file.height },
          ...{ width: width * file.width, height: height * file.height },
        };
        return drawn(`${String(i).padStart(3, '0')}.jpg`, [box], { stored: file, coco: stated });
      });
      const { train, val, findings } = curated(used, SETTINGS);
      const byPath = new Map([...train, ...val].map(({ path, boxes }) => [path, boxes[0]]));
      const wrong = used.filter(({ image: { path, boxes } }) => {
        const [drawnBox, box] = [boxes[0], byPath.get(path)];
        return Math.abs((box?.left ?? -99) - (drawnBox?.x ?? 0)) > 1;
      });
      expect(wrong).toEqual([]);
      expect(findings.filter(({ code }) => /^SIZE|CONVENTION/.test(code))).toMatchObject([
        { code: 'SIZES_FROM_FILES', count: 60 },
      ]);
    },
  );

  it.each<[string, Size]>([
    ['smaller', { width: 200, height: 150 }],
    ['larger', { width: 1000, height: 750 }],
  ])(
    'boxes with a wrong COCO size are scaled without a warning if they were drawn on a %s copy',
    (_what, copy) => {
      const used = images(40, (i) => imageWith(i, wide, copy, copy));
      expect(misplaced(used)).toEqual([]);
      expect(warned(used)).toEqual([]);
    },
  );

  it('boxes with a wrong COCO size are scaled without a warning if images of several sizes were enlarged to one, some of them only little', () => {
    const used = images(40, (i) => {
      const copy = i % 2 === 0 ? { width: 200, height: 150 } : { width: 384, height: 288 };
      return imageWith(i, wide, copy, copy);
    });
    expect(misplaced(used)).toEqual([]);
    expect(warned(used)).toEqual([]);
  });

  it('boxes with a wrong COCO size are scaled, with a warning, if all images were halved and their boxes lie in the upper left quarter', () => {
    const twice = { width: 800, height: 600 };
    const used = images(40, (i) => imageWith(i, wide, twice));
    const { train, findings } = curated(used, SETTINGS);
    expect(train[0]?.boxes[0]?.width).toBeLessThan(61);
    expect(findings.find(({ code }) => code === 'SIZES_AMBIGUOUS')?.count).toBe(40);
  });

  it.each<[string, Size]>([
    ['reduced to half', { width: 800, height: 600 }],
    ['reduced to 80 %', { width: 500, height: 375 }],
    ['distorted', { width: 600, height: 400 }],
  ])(
    'boxes with a wrong COCO size are read as pixels of the files if they are all over these: all images were %s',
    (_what, stated) => {
      const used = allOver(wide, stated);
      const { train, val } = curated(used, SETTINGS);
      const lefts = new Map([...train, ...val].map(({ path, boxes }) => [path, boxes[0]?.left]));
      expect(used.filter(({ image }) => lefts.get(image.path) !== image.boxes[0]?.x)).toEqual([]);
      expect(warned(used)).toEqual([`SIZES_FROM_FILES ${used.length}`]);
    },
  );

  it('boxes with a wrong COCO size are scaled, with a warning, if they are all over the upper left half of the stated size but do not reach the edges of the file', () => {
    const used = allOver({ width: 340, height: 255 }, { width: 640, height: 480 }, wide);
    expect(warned(used)).toEqual(['SIZES_AMBIGUOUS 60']);
  });

  it('boxes with a wrong COCO size are scaled without a warning if they are all over that size and all images were enlarged by 20 %', () => {
    const used = allOver(
      { width: 400, height: 300 },
      { width: 400, height: 300 },
      { width: 480, height: 360 },
    );
    expect(warned(used)).toEqual([]);
  });

  it.each<[string, Size, Size]>([
    ['files slightly larger than stated', { width: 400, height: 300 }, { width: 384, height: 288 }],
    ['files slightly smaller than stated', { width: 384, height: 288 }, { width: 400, height: 300 }],
    ['files 2 % larger than stated', { width: 1020, height: 765 }, { width: 1000, height: 750 }],
    ['files 20 % larger than stated', { width: 480, height: 360 }, wide],
  ])(
    'boxes with a wrong COCO size are scaled, with a warning, if nothing shows which size is right: %s',
    (_what, file, stated) => {
      const smaller = {
        width: Math.min(file.width, stated.width),
        height: Math.min(file.height, stated.height),
      };
      const used = images(40, (i) =>
        imageWith(i, file, stated, { width: smaller.width - 30, height: smaller.height - 30 }),
      );
      expect(warned(used)).toEqual(['SIZES_AMBIGUOUS 40']);
      const { train } = curated(used, SETTINGS);
      const [box] = used.find(({ image }) => image.path === train[0]?.path)?.image.boxes ?? [];
      const scaled = ((box?.x ?? 0) * file.width) / stated.width;
      expect(Math.abs((train[0]?.boxes[0]?.left ?? 0) - scaled)).toBeLessThanOrEqual(1);
    },
  );

  it('boxes with a wrong COCO size are scaled, with a warning, in the few images of a COCO file whose size is an old one', () => {
    const used = images(40, (i) => imageWith(i, wide, i < 3 ? { width: 384, height: 288 } : wide));
    expect(warned(used)).toEqual(['SIZES_AMBIGUOUS 3']);
  });

  it.each<[string, Size]>([
    ['by a pixel', { width: 401, height: 299 }],
    ['by less than 1 %', { width: 403, height: 302 }],
  ])('boxes with a wrong COCO size are scaled without a warning if the sizes differ %s', (_what, stated) => {
    expect(warned(images(40, (i) => imageWith(i, wide, stated)))).toEqual([]);
  });

  it('boxes with a wrong COCO size are scaled without a warning if boxes end at the edges of the stated size, which is slightly smaller', () => {
    const stated = { width: 384, height: 288 };
    const atEdge = [{ label: 'acne', x: 300, y: 100, width: 84, height: 60 }];
    const used = images(40, (i) =>
      i < 5 ? drawn(`${i}.jpg`, atEdge, { stored: wide, coco: stated }) : imageWith(i, wide, stated, stated),
    );
    expect(warned(used)).toEqual([]);
    const { train, val } = curated(used, SETTINGS);
    const moved = [...train, ...val].find(({ path }) => path === '0.jpg')?.boxes[0];
    expect((moved?.left ?? 0) + (moved?.width ?? 0)).toBe(400);
  });

  it('boxes with a wrong COCO size refer to the image that EXIF rotates, though the records state the stored size', () => {
    const upright = { width: 300, height: 400 };
    const used = images(40, (i) => {
      const { image, result } = imageWith(i, upright, wide);
      return { image, result: { ...result, stored: wide, orientation: 6 as const, output: upright } };
    });
    expect(misplaced(used)).toEqual([]);
    expect(warned(used)).toEqual(['SIZES_FROM_FILES 40']);
  });

  it('boxes with a wrong COCO size are scaled if they were drawn on a larger copy and lie near its middle', () => {
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
