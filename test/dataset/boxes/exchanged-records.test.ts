import { describe, expect, it } from '@jest/globals';
import type { Size } from '../../../src/dataset/model/types.js';
import { curated, type Drawn, drawn, findingOf } from '../curating/images.js';

const SETTINGS = { minClassImages: 5 };
const SIZES: readonly Size[] = [
  { width: 640, height: 480 },
  { width: 480, height: 640 },
  { width: 800, height: 600 },
  { width: 500, height: 500 },
];
const sizeAt = (i: number): Size => SIZES[i % SIZES.length] ?? { width: 640, height: 480 };

/** 40 images whose boxes lie inside the size that their record states. */
const images = (statedOf: (i: number) => Size, storedOf: (i: number) => Size = sizeAt): Drawn[] =>
  Array.from({ length: 40 }, (_, i) => {
    const coco = statedOf(i);
    const [x, y] = [(i * 37) % (coco.width - 100), (i * 61) % (coco.height - 100)];
    const box = { label: 'acne', x, y, width: 100, height: 100 };
    return drawn(`${String(i).padStart(2, '0')}.jpg`, [box], { stored: storedOf(i), coco });
  });

const codes = (seen: Drawn[]) => curated(seen, SETTINGS).findings.map(({ code }) => code);

describe('records of a COCO file that state sizes of other images', () => {
  it('records that state the sizes of other images are reported as mixed up, not as rotated or resized images', () => {
    const shifted = images((i) => sizeAt(i + 1));
    const finding = findingOf(curated(shifted, SETTINGS), 'RECORDS_EXCHANGED');
    expect(finding).toMatchObject({ count: 40, unit: 'images' });
    expect(finding?.examples[0]).toBe('00.jpg: 480 x 640 stated, the file is 640 x 480');
    expect(codes(shifted)).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(?:IMAGES_NOT_ROTATED|SIZE_MISMATCH|SIZES_AMBIGUOUS)$/),
      ]),
    );
  });

  it('records are compared over all COCO files that describe one image each', () => {
    const single = images((i) => sizeAt(i + 1)).map((one, i) => ({
      ...one,
      image: { ...one.image, cocoFile: `${i}.json` },
    }));
    expect(findingOf(curated(single, SETTINGS), 'RECORDS_EXCHANGED')?.count).toBe(40);
  });

  it('images without boxes take part in the order of the records', () => {
    const half = images((i) => sizeAt(i + 1)).map((one, i) =>
      i % 3 === 0 ? { ...one, image: { ...one.image, boxes: [], annotations: 0 } } : one,
    );
    expect(findingOf(curated(half, SETTINGS), 'RECORDS_EXCHANGED')?.count).toBe(40);
  });

  it('only the images with the size of another one are counted', () => {
    const some = images((i) => sizeAt(i < 10 ? 9 - i : i));
    const finding = findingOf(curated(some, SETTINGS), 'RECORDS_EXCHANGED');
    expect(finding?.count).toBe(10);
  });

  it.each<[string, Drawn[]]>([
    ['all sizes are those of the files', images(sizeAt)],
    [
      'all images were resized',
      images((i) => ({ width: sizeAt(i).width * 2, height: sizeAt(i).height * 2 })),
    ],
    [
      'only width and height are exchanged',
      images((i) => ({ width: sizeAt(i).height, height: sizeAt(i).width })),
    ],
    [
      'files have two sizes only',
      images(
        (i) => sizeAt(2 * (i % 2) + 2),
        (i) => sizeAt(2 * (i % 2)),
      ),
    ],
  ])('records are not called mixed up if %s', (_what, seen) => {
    expect(codes(seen)).not.toContain('RECORDS_EXCHANGED');
  });
});
