import { describe, expect, it } from '@jest/globals';
import { annotation, codesOf, image, merge } from './coco-export.js';

const numbers = Array.from({ length: 9 }, (_, i) => i);
const imagesOf = (name: string, count: number) =>
  numbers.slice(0, count).map((i) => image(i, `${name}${i}.jpg`));
const labelled = (name: string, count: number) => ({
  images: imagesOf(name, count),
  annotations: numbers.slice(0, count).map((i) => annotation(i)),
});
const pathsIn = (folder: string, name: string, count: number) =>
  imagesOf(name, count).map((one) => `${folder}/${one.file_name}`);

const TRAIN = pathsIn('train', 'a', 9);
const codes = ['SPLITS_UNLABELLED', 'COCO_FILES_UNLABELLED'];
const reported = (merged: ReturnType<typeof merge>) =>
  merged.findings.filter(({ code }) => codes.includes(code));

describe('COCO files without a usable annotation', () => {
  it.each<[string, readonly object[], string]>([
    ['no annotation', [], '0 annotations'],
    [
      'only annotations of an undefined category',
      [annotation(0, { category_id: 99 }), annotation(1, { category_id: 99 })],
      '2 annotations, none of them usable',
    ],
    ['only annotations of unknown images', [annotation(77)], '1 annotation, none of them usable'],
  ])('a split whose COCO file has %s is reported as a whole split', (_what, annotations, listed) => {
    const merged = merge(
      { 'train/c.json': labelled('a', 9), 'valid/c.json': { images: imagesOf('b', 2), annotations } },
      [...TRAIN, ...pathsIn('valid', 'b', 2)],
    );
    expect(reported(merged)).toEqual([
      expect.objectContaining({
        ...{ code: 'SPLITS_UNLABELLED', count: 2, unit: 'images' },
        headline: expect.stringMatching(/^2 of 11 images are in COCO files that hold a whole split /),
        examples: [`valid/c.json: 2 images, ${listed}`],
      }),
    ]);
  });

  it('the test split is a whole split without its labels, although the valid split has some', () => {
    const merged = merge(
      {
        'train/c.json': labelled('a', 9),
        'valid/c.json': labelled('b', 2),
        'test/c.json': { images: imagesOf('t', 2), annotations: [] },
      },
      [...TRAIN, ...pathsIn('valid', 'b', 2), ...pathsIn('test', 't', 2)],
    );
    expect(reported(merged)).toMatchObject([
      { code: 'SPLITS_UNLABELLED', examples: ['test/c.json: 2 images, 0 annotations'] },
    ]);
  });

  it('a COCO file without annotations is reported with its images if it is no split of its own', () => {
    const merged = merge(
      { 'one.json': labelled('a', 9), 'two.json': { images: imagesOf('b', 3), annotations: [] } },
      [...pathsIn('images', 'a', 9), ...pathsIn('images', 'b', 3)],
    );
    expect(reported(merged)).toMatchObject([
      { code: 'COCO_FILES_UNLABELLED', count: 3, examples: ['two.json: 3 images, 0 annotations'] },
    ]);
    expect(reported(merged)[0]?.message).toMatch(
      /If objects are to be found .* If the images show none on purpose/,
    );
  });

  it('a COCO file without annotations is not reported if another file labels its images', () => {
    const merged = merge(
      { 'one.json': labelled('a', 9), 'two.json': { images: imagesOf('a', 9), annotations: [] } },
      pathsIn('images', 'a', 9),
    );
    expect(codesOf(merged)).toEqual([]);
  });
});
