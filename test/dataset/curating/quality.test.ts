import { describe, expect, it } from '@jest/globals';
import type { Curation } from '../../../src/dataset/curating/curate.js';
import { qualityOf } from '../../../src/dataset/curating/quality.js';
import { sortByHarm } from '../../../src/dataset/model/harm.js';
import { boxOf, curated, drawn, findingOf, imagesOf } from './images.js';

const SMALL = { minClassImages: 2, perClassCap: 1000, valSplit: 0.2 };
const quality = (curation: Curation, refusal: string | null = null) =>
  qualityOf({ dataset: 'skin', refusal, findings: curation.findings, counts: curation });

const exported = (i: number, copyOf?: number) => {
  const folder = i % 4 === 0 ? 'valid' : 'train';
  return {
    image: drawn(`${folder}/${i}.jpg`, [boxOf('acne', { x: 10 + i })], {
      cocoFile: `${folder}/_annotations.coco.json`,
    }),
    group: `photo ${copyOf ?? i}`,
  };
};
/** An export of 200 images; half of the images in its valid folder are copies of images in its train folder. */
const leaking = Array.from({ length: 200 }, (_, i) => exported(i, i % 8 === 0 ? i + 1 : i));
const images = leaking.map(({ image }) => image);
const groupOf = new Map(leaking.map(({ image, group }) => [image.image.path, group]));

describe('the quality of a dataset', () => {
  it('the quality of a dataset is unfit with a refusal, which is the message', () => {
    expect(quality(curated(imagesOf('acne', 60)), 'It has no labels.')).toMatchObject({
      quality: 'unfit',
      message: 'It has no labels.',
    });
  });

  it('the quality of a dataset is good without findings that concern scores', () => {
    expect(quality(curated(imagesOf('acne', 600), SMALL))).toEqual({
      quality: 'good',
      qualityReasons: [],
      message: 'skin is fit for training.',
    });
  });

  it('the quality of a dataset is unreliable with leaks in the split that is used', () => {
    const used = curated(images, { ...SMALL, split: 'export' }, { groupOf });
    expect(quality(used)).toMatchObject({
      quality: 'unreliable',
      message: expect.stringContaining('SPLIT_LEAKS'),
    });
  });

  it('says in sentences why scores are unreliable, the most harmful reason first', () => {
    const used = curated(images.slice(0, 32), { ...SMALL, split: 'export' }, { groupOf });
    expect(quality(used).message).toMatch(
      /^skin is fit for training, but scores of its models are unreliable\. \d+ of \d+ validation images are copies of training images .* \(SPLIT_LEAKS\)\. There are \d+ validation images \(FEW_VAL_IMAGES\)\./,
    );
  });

  it('the quality of a dataset states a reason in full if a file name looks like the end of a sentence', () => {
    const cocoFile = 'train/Foo. Bar.json';
    const corners = { x: 500, y: 300, width: 600, height: 400 };
    const written = Array.from({ length: 400 }, (_, i) =>
      drawn(`${i}.jpg`, [boxOf('acne', i % 10 === 0 ? corners : {})], { cocoFile }),
    );
    const { qualityReasons } = quality(curated(written, SMALL));
    const [reason] = qualityReasons.filter(({ code }) => code === 'BOXES_IN_OTHER_CONVENTION');
    expect(reason?.text).toMatch(/^Boxes are probably not .*in train\/Foo\. Bar\.json .*corners.*\.$/);
    expect(reason?.text).not.toContain('Check the boxes');
  });

  it('the quality of a dataset names the reasons with their codes, without advice', () => {
    const { qualityReasons } = quality(curated(imagesOf('acne', 20), SMALL));
    expect(qualityReasons).toContainEqual({ code: 'FEW_VAL_IMAGES', text: 'There are 4 validation images.' });
  });

  it('the quality of a dataset is unreliable if over half of the images have low contrast', () => {
    const blank = (count: number) => ({
      lowContrast: imagesOf('acne', count).map(({ image }) => image.path),
    });
    const { quality: most, message } = quality(curated(imagesOf('acne', 600), SMALL, blank(301)));
    expect(most).toBe('unreliable');
    expect(message).toContain('301 of 600 images are nearly uniform or nearly black');
    expect(quality(curated(imagesOf('acne', 600), SMALL, blank(300))).quality).toBe('good');
  });

  it('the quality of a dataset is not affected by leaks in the split of the export if Curator splits', () => {
    expect(quality(curated(images, SMALL, { groupOf }))).toMatchObject({ quality: 'good' });
  });

  it('the quality of a dataset is unreliable with fewer than nine validation images', () => {
    expect(quality(curated(imagesOf('acne', 44), SMALL)).quality).toBe('unreliable');
    expect(quality(curated(imagesOf('acne', 45), SMALL)).quality).toBe('good');
  });
});

describe('findings about images and boxes', () => {
  it('findings report the leaks of the split of the export, with pairs', () => {
    const finding = findingOf(curated(images, SMALL, { groupOf }), 'EXPORT_SPLIT_LEAKS');
    expect(finding).toMatchObject({ count: 25, severity: 'warning' });
    expect(finding?.message).toContain('25 of 50 images in the valid and test folders');
    expect(finding?.examples[0]).toBe('valid/0.jpg = train/1.jpg');
    expect(findingOf(curated(images, SMALL), 'EXPORT_SPLIT_LEAKS')).toBeUndefined();
  });

  it('findings report few photos behind many files', () => {
    const files = imagesOf('acne', 60);
    const photos = (each: number) => ({
      groupOf: new Map(files.map(({ image }, i) => [image.path, `photo ${Math.floor(i / each)}`])),
    });
    expect(findingOf(curated(files, SMALL, photos(3)), 'FEW_PHOTOS')).toMatchObject({
      count: 40,
      message: expect.stringContaining('60 images show 20 different photos'),
    });
    expect(findingOf(curated(files, SMALL, photos(2)), 'FEW_PHOTOS')).toBeUndefined();
  });

  it('findings report boxes that cover the whole image', () => {
    const whole = Array.from({ length: 40 }, (_, i) =>
      drawn(`whole${i}.jpg`, [boxOf('acne', { x: 5, y: 5, width: 630, height: 470 })]),
    );
    const curation = curated([...imagesOf('acne', 20), ...whole], SMALL);
    expect(findingOf(curation, 'BOXES_WHOLE_IMAGE')).toMatchObject({
      count: 40,
      message: expect.stringContaining('40 of 60 boxes cover the whole image'),
    });
    expect(quality(curation).message).toContain('BOXES_WHOLE_IMAGE');
    expect(
      findingOf(curated([...imagesOf('acne', 60), ...whole.slice(0, 4)], SMALL), 'BOXES_WHOLE_IMAGE'),
    ).toBe(undefined);
  });

  it('findings report classes that are drawn as single objects in some images and as regions in others', () => {
    const objects = Array.from({ length: 30 }, (_, i) =>
      drawn(
        `objects${i}.jpg`,
        Array.from({ length: 6 }, (__, k) => boxOf('acne', { x: 100 * k, width: 40, height: 40 })),
      ),
    );
    const region = (i: number) =>
      drawn(`region${i}.jpg`, [boxOf('acne', { x: 20, y: 20, width: 500, height: 300 })]);
    const regions = (count: number) => Array.from({ length: count }, (_, i) => region(i));
    expect(findingOf(curated([...objects, ...regions(10)], SMALL), 'BOXES_MIXED')).toMatchObject({
      count: 1,
      examples: ['objects0.jpg / region0.jpg: acne, single objects in 30 images, one large region in 10'],
    });
    expect(findingOf(curated([...objects, ...regions(4)], SMALL), 'BOXES_MIXED')).toBeUndefined();
  });
});

it.each<readonly [beyond: number, outside: number, all: number, expected: 'good' | 'unreliable']>([
  [10, 0, 100, 'unreliable'],
  [9, 5, 100, 'good'],
  [10, 5, 170, 'unreliable'],
  [0, 14, 100, 'good'],
  [10, 0, 150, 'good'],
])(
  'with %d boxes cut at the edge of their images and %d outside, of %d, a dataset is %s',
  (beyond, outside, all, expected) => {
    const xOf = (i: number) => (i < beyond ? 580 : i < beyond + outside ? 5000 : 20 + 3 * i);
    const images = Array.from({ length: all }, (_, i) =>
      drawn(`${i}.jpg`, [boxOf('acne', { x: xOf(i), y: 20 + 2 * (i % 99) })]),
    );
    const { qualityReasons } = quality(curated(images, SMALL));
    expect(qualityReasons.some(({ code }) => code === 'BOXES_BEYOND_IMAGE')).toBe(expected === 'unreliable');
  },
);

describe('sortByHarm', () => {
  const of = (code: string, severity: 'error' | 'warning' = 'warning') => ({
    ...{ code, severity, message: '', count: 1, examples: [] },
  });

  it('puts errors first, then wrong scores, wrong boxes, lost data and notes', () => {
    const sorted = sortByHarm([
      of('GROUPS_TOO_LARGE'),
      of('BALANCE_LEFT_OUT'),
      of('SIZE_MISMATCH'),
      of('SPLIT_LEAKS'),
      of('NoClassLeft', 'error'),
    ]);
    expect(sorted.map(({ code }) => code)).toEqual([
      'NoClassLeft',
      'SPLIT_LEAKS',
      'SIZE_MISMATCH',
      'BALANCE_LEFT_OUT',
      'GROUPS_TOO_LARGE',
    ]);
  });
});
