import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isGenericName } from '../../../src/dataset/copies/generic-name.js';
import { keepTogether } from '../../../src/dataset/copies/keep-together.js';

/** Images whose pixels have nothing in common: each is its own group of copies. */
const imagesOf = (paths: readonly string[]) => paths.map((path) => ({ path, group: `sha of ${path}` }));

/** The paths that stay together, in groups of two or more. */
function unitsOf(paths: readonly string[], groupBy = ''): string[][] {
  const { unitOf } = keepTogether(imagesOf(paths), groupBy);
  const units = new Map<string, string[]>();
  for (const [path, unit] of unitOf) units.set(unit, [...(units.get(unit) ?? []), path]);
  return [...units.values()].filter(({ length }) => length > 1);
}

describe('isGenericName', () => {
  it.each([
    '12_jpg',
    'IMG_0041_JPG',
    'n50_jpeg',
    'w54_jpg',
    'image-80_png',
    'DSC01234_jpg',
    'PXL_20230114_101112_jpg',
    'WhatsApp-Image-2023-01-14_jpeg',
    'Screenshot_2023_png',
    'img_video_0000000000000000036_jpg',
    '20230114_153012_jpg',
    '',
  ])('isGenericName is true for %s', (name) => {
    expect(isGenericName(name)).toBe(true);
  });

  it.each([
    'patient-anna-3_jpg',
    'healthy_teeth_107_jpg',
    'levle0_12_jpg',
    'ISIC_0024306_jpg',
    'Müller_1_jpg',
    '患者の写真_1_jpg',
    '5f2b8c91aa0e4d77_jpg',
    '0b6e9a52-1c3d-4e5f-8a7b-9c0d1e2f3a4b_png',
  ])('isGenericName is false for %s', (name) => {
    expect(isGenericName(name)).toBe(false);
  });
});

describe('keepTogether', () => {
  it('joins crops of one photo under one Roboflow source name, in any folder', () => {
    const crops = [
      'train/anna-left_jpg.rf.a1.jpg',
      'valid/anna-left_jpg.rf.b2.jpg',
      'test/anna-left_jpg.rf.c3.jpg',
    ];
    expect(unitsOf([...crops, 'train/bert-left_jpg.rf.d4.jpg'])).toEqual([crops]);
    expect(keepTogether(imagesOf(crops), '').sameSource).toEqual({ groups: 1, images: 3 });
  });

  it('does not join images under a generic source name', () => {
    expect(unitsOf(['train/12_jpg.rf.a1.jpg', 'valid/12_jpg.rf.b2.jpg'])).toEqual([]);
  });

  it('does not join names of other exporters', () => {
    expect(unitsOf(['train/anna.jpg', 'valid/anna.jpg'])).toEqual([]);
  });

  it('does not join a source name with more files than an exporter makes of a photo', () => {
    const named = (count: number) =>
      Array.from({ length: count }, (_, i) => `train/acne-face_jpg.rf.a${i}.jpg`);
    expect(unitsOf(named(64))).toEqual([named(64)]);
    expect(unitsOf(named(65))).toEqual([]);
  });

  it('does not count a source whose files are all copies', () => {
    const copies = ['a-face_jpg.rf.a1.jpg', 'a-face_jpg.rf.b2.jpg'].map((path) => ({ path, group: 'photo' }));
    expect(keepTogether(copies, '').sameSource).toEqual({ groups: 0, images: 0 });
  });

  it('joins images with one text in the first group of GROUP_BY', () => {
    const paths = ['p1/left.jpg', 'p1/right.jpg', 'p2/left.jpg', 'p2/right.jpg', 'other.jpg'];
    expect(unitsOf(paths, '^(p\\d+)/')).toEqual([
      ['p1/left.jpg', 'p1/right.jpg'],
      ['p2/left.jpg', 'p2/right.jpg'],
    ]);
    const { groupBy, unmatched } = keepTogether(imagesOf(paths), '^(p\\d+)/');
    expect(groupBy).toEqual({ groups: 2, images: 4 });
    expect(unmatched).toEqual(['other.jpg']);
  });

  it('joins GROUP_BY groups that share a copy', () => {
    const images = imagesOf(['p1/a.jpg', 'p1/b.jpg', 'p2/c.jpg', 'p3/d.jpg']).map((image) =>
      ['p1/b.jpg', 'p2/c.jpg'].includes(image.path) ? { ...image, group: 'photo' } : image,
    );
    const { unitOf } = keepTogether(images, '^(p\\d+)/');
    expect(new Set(['p1/a.jpg', 'p1/b.jpg', 'p2/c.jpg'].map((path) => unitOf.get(path))).size).toBe(1);
    expect(unitOf.get('p3/d.jpg')).not.toBe(unitOf.get('p1/a.jpg'));
  });

  it('refuses a GROUP_BY that takes too long on all paths together', () => {
    const paths = Array.from({ length: 100 }, (_, i) => `train/${'a'.repeat(80)}${i}.jpg`);
    expect(() => keepTogether(imagesOf(paths), '((?:a?){99}(?:a?){99})=', 1_000_000)).toThrow(
      /GROUP_BY=.* takes too long.*fewer repetitions/,
    );
  });

  it('does not depend on the order of the images', () => {
    const paths = ['p1/x-face_jpg.rf.1.jpg', 'p2/x-face_jpg.rf.2.jpg', 'p2/b.jpg', 'p3/c.jpg', 'p4/d.jpg'];
    const expected = keepTogether(imagesOf(paths), '^(p\\d)/');
    fc.assert(
      fc.property(fc.shuffledSubarray(paths, { minLength: paths.length }), (shuffled) => {
        const { unitOf, ...counts } = keepTogether(imagesOf(shuffled), '^(p\\d)/');
        expect(counts).toEqual({
          sameSource: expected.sameSource,
          groupBy: expected.groupBy,
          unmatched: expected.unmatched,
        });
        for (const [path, unit] of expected.unitOf) expect(unitOf.get(path)).toBe(unit);
      }),
    );
  });
});
