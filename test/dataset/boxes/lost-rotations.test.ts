import { describe, expect, it } from '@jest/globals';
import { curated, type Drawn, drawn, findingOf } from '../curating/images.js';

const SETTINGS = { minClassImages: 5 };
const UPRIGHT = { width: 480, height: 640 };
const LYING = { width: 640, height: 480 };

/** Boxes of upright images, all over these. */
const images = (stored: typeof UPRIGHT, coco = UPRIGHT, bottom = 640): Drawn[] =>
  Array.from({ length: 40 }, (_, i) => {
    const box = { label: 'acne', x: (i * 37) % 380, y: (i * 61) % (bottom - 100), width: 100, height: 100 };
    return drawn(`${i}.jpg`, [box], { stored, coco });
  });

const codes = (seen: Drawn[]) => curated(seen, SETTINGS).findings.map(({ code }) => code);

describe('images that have lost their EXIF orientation', () => {
  it('images without EXIF orientation are reported if boxes and sizes refer to the rotated image', () => {
    const finding = findingOf(curated(images(LYING), SETTINGS), 'IMAGES_NOT_ROTATED');
    expect(finding).toMatchObject({ count: 40, unit: 'images' });
    expect(finding?.message).toContain('have no EXIF orientation');
    expect(codes(images(LYING))).not.toContain('SIZE_MISMATCH');
  });

  it.each<[string, Drawn[]]>([
    ['their files have the stated size', images(UPRIGHT)],
    ['their boxes fit the files as they are', images(LYING, UPRIGHT, 480)],
    ['they have another size', images(LYING, { width: 240, height: 640 })],
  ])('images are not called rotated if %s', (_what, seen) => {
    expect(codes(seen)).not.toContain('IMAGES_NOT_ROTATED');
  });
});
