import { describe, expect, it } from '@jest/globals';
import { refusalOf } from '../../support/refusal.js';
import { curated, type Drawn, drawn, findingOf } from '../curating/images.js';

const SETTINGS = { minClassImages: 5 };
const SIZE = { width: 640, height: 480 };

type Bbox = [number, number, number, number];
type Write = (x: number, y: number, width: number, height: number) => Bbox;

/** Boxes all over the images, written by `write` into one COCO file, or into one per image. */
function written(
  write: Write,
  { count = 40, cocoFile = (_i: number): string => 'a.json', size = SIZE } = {},
): Drawn[] {
  return Array.from({ length: count }, (_, i) => {
    const x = 20 + ((i * 97) % 430);
    const y = 20 + ((i * 61) % 310);
    const [left, top, width, height] = write(x, y, 100 + ((i * 37) % 110), 80 + ((i * 29) % 80));
    const box = { label: 'acne', x: left, y: top, width, height };
    return drawn(`${i}.jpg`, [box], { stored: size, cocoFile: cocoFile(i) });
  });
}

const corners: Write = (x, y, width, height) => [x, y, x + width, y + height];

const refused = (images: Drawn[]) => refusalOf(() => curated(images, SETTINGS));
const found = (images: Drawn[], code: string) => findingOf(curated(images, SETTINGS), code);

describe('boxes without polygons in another convention', () => {
  it.each<[string, Write, RegExp]>([
    [
      'corners',
      corners,
      /^a\.json: \d+ of 40 boxes reach beyond .* look like corners \[left, top, right, bottom\]\./,
    ],
    [
      'fractions',
      (x, y, width, height) => [x / 640, y / 480, width / 640, height / 480],
      /^a\.json: 40 of 40 boxes lie within 0 to 1, so they look like fractions of the image size\./,
    ],
    [
      'corners in fractions',
      (x, y, width, height) => [x / 640, y / 480, (x + width) / 640, (y + height) / 480],
      /look like fractions of the image size/,
    ],
    [
      'edges in the order of Open Images',
      (x, y, width, height) => [x, x + width, y, y + height],
      /look like \[left, right, top, bottom\]/,
    ],
    [
      'edges in the order of face_recognition',
      (x, y, width, height) => [y, x + width, y + height, x],
      /look like \[top, right, bottom, left\]/,
    ],
    [
      'corners with y from below',
      (x, y, width, height) => [x, 480 - y, x + width, 480 - y - height],
      /look like \[left, bottom, right, top\], or like corners .* with y from the lower edge of the image\./,
    ],
  ])(
    'boxes in another convention are refused with the convention they look like: %s',
    (_what, write, message) => {
      const error = refused(written(write));
      expect(error.type).toBe('CocoInvalid');
      expect(error.message).toMatch(message);
      expect(error.message).toContain('Export again with each bbox as [left, top, width, height] in pixels.');
      expect(error.details).toMatchObject({ file: 'a.json' });
    },
  );

  it('boxes in another convention are counted in the singular if there is one', () => {
    const [only] = written((x, y, width, height) => [x / 640, y / 480, width / 640, height / 480]);
    expect(refused(only ? [only] : []).message).toMatch(/^a\.json: 1 of 1 box lies within 0 to 1,/);
  });

  it('boxes in another convention are refused if each image has a COCO file of its own', () => {
    const error = refused(written(corners, { cocoFile: (i) => `${String(i).padStart(2, '0')}.json` }));
    expect(error.message).toMatch(/^00\.json and 39 more: /);
  });

  it.each<[string, Write, string]>([
    [
      'percent',
      (x, y, width, height) => [x / 6.4, y / 4.8, width / 6.4, height / 4.8],
      'percent of the image size',
    ],
    [
      'centres',
      (x, y, width, height) => [x + width / 2, y + height / 2, width, height],
      'centre [x, y, width, height]',
    ],
    ['y before x', (x, y, width, height) => [y, x, height, width], '[top, left, height, width]'],
  ])(
    'boxes in another convention are warned about with the convention they look like: %s',
    (_what, write, name) => {
      const finding = found(written(write), 'BOXES_IN_OTHER_CONVENTION');
      expect(finding?.count).toBe(40);
      expect(finding?.message).toContain(name);
    },
  );

  /** Wide boxes that are all over the images. */
  const wide = (write: Write) =>
    Array.from({ length: 60 }, (_, i) => {
      const [x, y, width, height] = write((i * 97) % 440, (i * 61) % 420, 200, 60);
      return drawn(`${i}.jpg`, [{ label: 'acne', x, y, width, height }], {
        stored: SIZE,
        cocoFile: 'a.json',
      });
    });

  it('boxes in another convention are warned about if height is before width', () => {
    const finding = found(
      wide((x, y, width, height) => [x, y, height, width]),
      'BOXES_IN_OTHER_CONVENTION',
    );
    expect(finding?.count).toBe(60);
    expect(finding?.message).toContain('look like [left, top, height, width].');
  });

  it('wide boxes that are drawn over all edges are not taken for boxes with height before width', () => {
    const images = wide((x, y, width, height) => [1.5 * x - 40, 1.1 * y - 30, width, height]);
    expect(found(images, 'BOXES_IN_OTHER_CONVENTION')).toBeUndefined();
    expect(found(images, 'BOXES_BEYOND_IMAGE')?.count).toBeGreaterThanOrEqual(10);
  });

  it('boxes in another convention are not detected in square images if x and y are exchanged without polygons', () => {
    const size = { width: 640, height: 640 };
    const { findings } = curated(
      written((x, y, width, height) => [y, x, height, width], { size }),
      SETTINGS,
    );
    expect(findings.filter(({ code }) => code.startsWith('BOXES_'))).toEqual([]);
  });

  it('boxes beyond their images cause only a warning if they are few and no convention fits', () => {
    const images = written((x, y, width, height) => [x, y, width, height]);
    const odd = drawn('odd.jpg', [{ label: 'acne', x: 600, y: 20, width: 90, height: 50 }], {
      cocoFile: 'a.json',
    });
    expect(found([...images, odd], 'BOXES_BEYOND_IMAGE')).toMatchObject({
      count: 1,
      examples: ['odd.jpg'],
    });
    expect(found(images, 'BOXES_BEYOND_IMAGE')).toBeUndefined();
  });

  it('the warning about boxes beyond their images names the convention that fits these boxes', () => {
    const images = [
      ...written((x, y, width, height) => [x, y, width, height], { count: 400 }),
      ...written(corners, { count: 24 }).map(({ image, result }, i) => ({
        image: { ...image, path: `corners${i}.jpg` },
        result: { ...result, path: `corners${i}.jpg`, key: `k/corners${i}.jpg`, sourceSha256: `c${i}` },
      })),
    ];
    expect(found(images, 'BOXES_BEYOND_IMAGE')?.message).toContain('corners [left, top, right, bottom]');
  });

  it.each<[string, number, boolean]>([
    ['reach far beyond', 50, true],
    ['are drawn a little over the edge', 15, false],
  ])(
    'the warning about four boxes that %s names centres only if they can be in this convention',
    (_what, px, named) => {
      const images = [
        ...written((x, y, width, height) => [x, y, width, height]),
        ...Array.from({ length: 4 }, (_, i) => {
          const box = { label: 'acne', x: 540 + px, y: 100 + 20 * i, width: 100, height: 60 };
          return drawn(`over${i}.jpg`, [box], { stored: SIZE, cocoFile: 'a.json' });
        }),
      ];
      const finding = found(images, 'BOXES_BEYOND_IMAGE');
      expect(finding?.count).toBe(4);
      expect(finding?.message.includes('centre [x, y, width, height]')).toBe(named);
    },
  );

  it('the warning about another convention describes one of many COCO files and counts the others', () => {
    const percent: Write = (x, y, width, height) => [x / 6.4, y / 4.8, width / 6.4, height / 4.8];
    const images = written(percent, { count: 72, cocoFile: (i) => `part-${i % 6}.json` });
    const finding = found(images, 'BOXES_IN_OTHER_CONVENTION');
    expect(finding?.message.match(/part-\d\.json/g)).toHaveLength(1);
    expect(finding?.message).toContain('; and in 5 more files.');
  });

  it('another convention is not suspected if boxes lie in a corner of 100 pixels only, such as a logo', () => {
    const logos = written((x, y) => [8 + (x % 20), 8 + (y % 20), 60, 40]);
    expect(found(logos, 'BOXES_IN_OTHER_CONVENTION')).toBeUndefined();
  });

  it('another convention is not suspected in images of up to 100 pixels', () => {
    const small = written((x, y) => [x / 8, y / 8, 12, 12], { size: { width: 100, height: 90 } });
    expect(found(small, 'BOXES_IN_OTHER_CONVENTION')).toBeUndefined();
  });
});
