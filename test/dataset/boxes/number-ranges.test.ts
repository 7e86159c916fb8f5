import { describe, expect, it } from '@jest/globals';
import { refusalOf } from '../../support/refusal.js';
import { curated, type Drawn, drawn, findingOf } from '../curating/images.js';

const SETTINGS = { minClassImages: 5 };
const COUNT = 60;

interface Size {
  readonly width: number;
  readonly height: number;
}
type Bbox = readonly [number, number, number, number];
/** Writes a box that is given in shares of its image. */
type Write = (box: Bbox, size: Size) => Bbox;

const pixels: Write = ([x, y, w, h], { width, height }) => [x * width, y * height, w * width, h * height];
const upTo =
  (end: number, form: (box: Bbox) => Bbox = (box) => box): Write =>
  ([x, y, w, h]) =>
    form([x * end, y * end, w * end, h * end]);
const corners = ([x, y, w, h]: Bbox): Bbox => [x, y, x + w, y + h];
/** Half of the boxes end at the right edge. */
const atEdge = ([x, y, w, h]: Bbox): Bbox => [x > 0.4 ? 1 - w : x, y, w, h];
const centres = ([x, y, w, h]: Bbox): Bbox => [x + w / 2, y + h / 2, w, h];

/** One box per image, from edge to edge over all images. */
function written(writeOf: (i: number) => Write, sizeOf: (i: number) => Size): Drawn[] {
  return Array.from({ length: COUNT }, (_, i) => {
    const [w, h] = [0.1 + ((i * 7) % 11) / 60, 0.1 + ((i * 5) % 13) / 70];
    const box: Bbox = [
      (((i * 37) % COUNT) / (COUNT - 1)) * (1 - w),
      (((i * 23) % COUNT) / (COUNT - 1)) * (1 - h),
      w,
      h,
    ];
    const size = sizeOf(i);
    const [x, y, width, height] = writeOf(i)(box, size);
    return drawn(`${i}.jpg`, [{ label: 'acne', x, y, width, height }], { stored: size, cocoFile: 'a.json' });
  });
}

const all = (write: Write) => () => write;
const some = (write: Write, every: number) => (i: number) => (i % every === 0 ? write : pixels);
const MIXED = (i: number): Size => (i % 2 === 0 ? { width: 640, height: 480 } : { width: 720, height: 960 });
const SMALL_AND_LARGE = (i: number): Size =>
  i % 2 === 0 ? { width: 640, height: 480 } : { width: 1400, height: 1200 };
const LARGE = (i: number): Size =>
  i % 2 === 0 ? { width: 1920, height: 1280 } : { width: 1600, height: 2400 };
const HD = (): Size => ({ width: 1920, height: 1080 });

const refused = (images: Drawn[]) => refusalOf(() => curated(images, SETTINGS));
const found = (images: Drawn[]) => findingOf(curated(images, SETTINGS), 'BOXES_IN_OTHER_CONVENTION');

describe('boxes in numbers of another range than pixels', () => {
  it.each<[string, Write, (i: number) => Size, number]>([
    ['percent', upTo(100), MIXED, 100],
    ['corners in percent', upTo(100, corners), MIXED, 100],
    ['centres in percent', upTo(100, centres), MIXED, 100],
    ['0 to 1000 in larger images', upTo(1000), LARGE, 1000],
    ['corners from 0 to 1000 in larger images', upTo(1000, corners), LARGE, 1000],
    ['0 to 1000 in smaller images', upTo(1000), MIXED, 1000],
    ['corners from 0 to 1000 in smaller images', upTo(1000, corners), MIXED, 1000],
    ['0 to 1024 in larger images', upTo(1024), LARGE, 1024],
  ])('boxes in numbers of another range are refused with the range: %s', (_what, write, sizeOf, end) => {
    const error = refused(written(all(write), sizeOf));
    expect(error).toMatchObject({ type: 'CocoInvalid', details: { file: 'a.json', count: COUNT } });
    expect(error.message).toContain(`all 60 boxes lie within 0 to ${end}, though`);
    expect(error.message).toContain(
      `multiply x by the image width and y by its height, and divide by ${end}.`,
    );
  });

  it('boxes in numbers of another range are refused with both remedies if the path of the COCO file is usual', () => {
    const images = written(all(upTo(1000)), LARGE).map(({ image, result }) => ({
      image: { ...image, cocoFile: 'train/_annotations.coco.json' },
      result,
    }));
    expect(refused(images).message).toContain(
      'Export again with each bbox as [left, top, width, height] in pixels. Or multiply x by the image width',
    );
  });

  it('boxes from 0 to 1000 cause a warning if they are outside only one side of their images by much', () => {
    const finding = found(written(all(upTo(1000)), HD));
    expect(finding).toMatchObject({ count: COUNT });
    expect(finding?.message).toContain('all 60 boxes lie within 0 to 1000');
  });

  it.each<[string, (i: number) => Write, (i: number) => Size]>([
    ['in pixels', all(pixels), MIXED],
    ['in pixels of large images', all(pixels), LARGE],
    [
      'of objects in the left half of large images',
      all(([x, y, w, h], size) => pixels([x / 2.2, y, w / 2, h], size)),
      HD,
    ],
    ['of logos in a corner', all(([x, y]) => [10 + x * 30, 10 + y * 30, 50, 40]), LARGE],
    ['of images that have 1000 pixels', all(pixels), () => ({ width: 1000, height: 1000 })],
    [
      'of small objects in a corner of some images',
      some(([x, y]) => [5 + x * 70, 5 + y * 70, 20, 20], 10),
      MIXED,
    ],
  ])('no other range is suspected for boxes %s', (_what, writeOf, sizeOf) => {
    expect(found(written(writeOf, sizeOf))).toBeUndefined();
  });
});

describe('some images of a COCO file with boxes in another convention', () => {
  it.each<[string, number, Write, number]>([
    ['in every second image', 2, upTo(1), 30],
    ['in every tenth image', 10, upTo(1), 6],
    ['as corners', 10, upTo(1, corners), 6],
    ['as centres', 10, upTo(1, centres), 6],
  ])('a COCO file is refused if all boxes of some images are fractions: %s', (_what, every, write, count) => {
    const error = refused(written(some(write, every), MIXED));
    expect(error).toMatchObject({ type: 'CocoInvalid', details: { file: 'a.json', count } });
    expect(error.message).toContain(`${count} of 60 boxes lie within 0 to 1, so they look like fractions`);
  });

  it.each<[string, number, number]>([
    ['in all images', 1, 60],
    ['in every second image', 2, 30],
    ['in every tenth image', 10, 6],
  ])(
    'a COCO file is refused if width and height are fractions beside positions in pixels: %s',
    (_what, every, count) => {
      const sizes: Write = (box, size) => {
        const [x, y] = pixels(box, size);
        return [x + 2, y + 2, box[2], box[3]];
      };
      const error = refused(written(some(sizes, every), MIXED));
      expect(error).toMatchObject({ type: 'CocoInvalid', details: { file: 'a.json', count } });
      expect(error.message).toContain(
        `${count} of 60 boxes have a width and height within 0 to 1, so these look like fractions`,
      );
    },
  );

  const positions: Write = (box, size) => {
    const [, , width, height] = pixels(box, size);
    return [0.001 + box[0], 0.001 + box[1], width, height];
  };

  it('a COCO file is refused if positions are fractions beside sizes in pixels', () => {
    const error = refused(written(all(positions), MIXED));
    expect(error.message).toContain(
      '60 of 60 boxes have a position within 0 to 1, so these look like fractions',
    );
  });

  it('positions in fractions in every second image cause a warning', () => {
    expect(found(written(some(positions, 2), MIXED))).toMatchObject({ count: 30 });
  });

  it('boxes that start near the upper left corner are not fractions', () => {
    const corner: Write = (box, size) => {
      const [, , width, height] = pixels(box, size);
      return [0.25, 0.5, width, height];
    };
    expect(found(written(all(corner), MIXED))).toBeUndefined();
  });

  it('fractions in one image do not hide that all other boxes are corners', () => {
    const asCorners: Write = (box, size) => corners(pixels(box, size));
    const error = refused(written((i) => (i === 7 ? upTo(1) : asCorners), MIXED));
    expect(error.message).toContain('look like corners [left, top, right, bottom]');
  });

  it('boxes of whole numbers up to one pixel are not fractions', () => {
    const clicks = written(
      some(() => [0, 0, 1, 1], 10),
      MIXED,
    );
    expect(findingOf(curated(clicks, SETTINGS), 'BOXES_TOO_SMALL')?.count).toBe(6);
  });

  it.each<[string, Write]>([
    ['[left, top, width, height]', upTo(100)],
    ['corners', upTo(100, corners)],
    ['centres', upTo(100, centres)],
  ])('boxes in percent in every second image cause a warning: %s', (_what, write) => {
    const finding = found(written(some(write, 2), MIXED));
    expect(finding).toMatchObject({ count: 30 });
    expect(finding?.message).toContain('in a.json 30 of 60 boxes lie within 0 to 100');
    expect(finding?.message).toContain('percent of the image size');
  });

  it.each<[string, Write]>([
    ['[left, top, width, height]', upTo(1000)],
    ['corners', upTo(1000, corners)],
  ])(
    'boxes from 0 to 1000 in every second image cause a warning if they reach beyond: %s',
    (_what, write) => {
      const finding = found(written(some(write, 2), SMALL_AND_LARGE));
      expect(finding?.message).toMatch(/in a\.json \d\d of 60 boxes lie within 0 to 1000/);
      expect(finding?.message).toContain('look relative to the image size');
    },
  );

  it('boxes of larger images in every second image are not taken for numbers from 0 to 1000', () => {
    const larger: Write = (box, { width, height }) =>
      pixels(box, { width: 1.5 * width, height: 1.5 * height });
    expect(found(written(some(larger, 2), SMALL_AND_LARGE))).toBeUndefined();
  });

  it.each<[string, Write, string]>([
    ['corners', (box, size) => corners(pixels(box, size)), 'corners [left, top, right, bottom]'],
    ['centres', (box, size) => centres(pixels(atEdge(box), size)), 'centre [x, y, width, height]'],
  ])(
    'boxes beyond their images in every second image are reported with the form that fits these images: %s',
    (_what, write, name) => {
      const small = (i: number): Size => ({ width: 300 + (i % 3), height: 300 + (i % 5) });
      const finding = found(written(some(write, 2), small));
      expect(finding?.message).toMatch(
        /boxes reach beyond their image .*: (?:the boxes of their images|they) look like/,
      );
      expect(finding?.message).toContain(name);
    },
  );
});

describe('boxes that reach far beyond their images', () => {
  it('centres are refused by name if many boxes reach beyond their image by a large part of their own side', () => {
    const wide: Write = (box, size) => centres(pixels(atEdge(box), size));
    const error = refused(written(all(wide), MIXED));
    expect(error.type).toBe('CocoInvalid');
    expect(error.message).toContain('look like centre [x, y, width, height]');
  });

  it('the refusal of boxes with y before x says that the images may have lost their EXIF orientation', () => {
    const exchanged: Write = (box, size) => {
      const [x, y, w, h] = pixels(box, size);
      return [y, x, h, w];
    };
    const { message } = refused(written(all(exchanged), HD));
    expect(message).toContain(
      '[top, left, height, width], or like boxes of images that lost an EXIF rotation by 90°',
    );
  });
});
