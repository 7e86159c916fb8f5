import { describe, expect, it } from '@jest/globals';
import { boxOf, curated, drawn, findingOf, imagesOf } from './images.js';

const SMALL = { minClassImages: 2, perClassCap: 1000, valSplit: 0.2 };
describe('label findings', () => {
  it('label findings report classes with few training or validation images', () => {
    const curation = curated([...imagesOf('acne', 60), ...imagesOf('mole', 11)], SMALL);
    expect(findingOf(curation, 'FEW_TRAIN_IMAGES')).toMatchObject({ count: 1, examples: ['mole: 9'] });
    expect(findingOf(curation, 'FEW_TRAIN_IMAGES')?.message).toMatch(/label more images of them/);
    expect(findingOf(curation, 'FEW_TEST_IMAGES')?.examples).toEqual(['mole: 2']);
  });

  it('label findings report classes with few validation boxes, whatever their images', () => {
    const twoEach = imagesOf('acne', 25).map(({ image }) =>
      drawn(image.path, [boxOf('acne'), boxOf('acne', { x: 200 })]),
    );
    const curation = curated([...twoEach, ...imagesOf('mole', 40)], SMALL);
    expect(curation.labels.map(({ val }) => val)).toEqual([
      { images: 5, boxes: 10 },
      { images: 8, boxes: 8 },
    ]);
    expect(findingOf(curation, 'FEW_TEST_BOXES')).toMatchObject({ count: 1, examples: ['mole: 8'] });
  });

  it('label findings report fewer than nine validation images', () => {
    const small = findingOf(curated(imagesOf('acne', 44), SMALL), 'FEW_VAL_IMAGES');
    expect(small).toMatchObject({ severity: 'warning', count: 8 });
    expect(small?.message).toContain('There are 8 validation images');
    expect(findingOf(curated(imagesOf('acne', 45), SMALL), 'FEW_VAL_IMAGES')).toBeUndefined();
  });

  it('label findings report classes with more than 1,000 validation images, the maximum of the service', () => {
    const ofImages = (count: number) =>
      findingOf(
        curated(imagesOf('acne', count), { ...SMALL, enableBalance: false, valSplit: 0.5 }),
        'MANY_TEST_IMAGES',
      );
    expect(ofImages(2000)).toBeUndefined();
    expect(ofImages(2002)).toMatchObject({ count: 1, examples: ['acne: 1001'] });
    expect(ofImages(2002)?.message).toContain('Set VAL_SPLIT=0.1, or remove validation images');
  });

  it('label findings report classes with a tenth of the boxes of the most frequent class, whatever their images', () => {
    const many = (count: number) =>
      imagesOf('acne', 50).map(({ image }) =>
        drawn(
          image.path,
          Array.from({ length: count }, (_, i) => boxOf('acne', { x: i })),
        ),
      );
    const balanced = curated([...many(1), ...imagesOf('mole', 50)], SMALL);
    expect(findingOf(balanced, 'LABELS_IMBALANCED')).toBeUndefined();
    const imbalanced = curated([...many(12), ...imagesOf('mole', 50)], SMALL);
    expect(findingOf(imbalanced, 'LABELS_IMBALANCED')).toMatchObject({ count: 1, examples: ['mole: 40'] });
    expect(findingOf(imbalanced, 'LABELS_IMBALANCED')?.message).toContain('(480)');
  });

  it('label findings report a single class', () => {
    expect(findingOf(curated(imagesOf('acne', 60), SMALL), 'ONE_LABEL')?.examples).toEqual(['acne']);
    const two = [...imagesOf('acne', 60), ...imagesOf('mole', 60)];
    expect(findingOf(curated(two, SMALL), 'ONE_LABEL')).toBeUndefined();
  });

  it('label findings report boxes whose size or aspect ratio differs strongly from their class', () => {
    const usual = Array.from({ length: 40 }, (_, i) =>
      drawn(`usual${i}.jpg`, [boxOf('acne', { width: 80 + i, height: 120 - i })]),
    );
    const odd = [
      drawn('large.jpg', [boxOf('acne', { x: 0, y: 0, width: 640, height: 480 })]),
      drawn('small.jpg', [boxOf('acne', { width: 8, height: 8 })]),
      drawn('flat.jpg', [boxOf('acne', { width: 400, height: 30 })]),
      drawn('steep.jpg', [boxOf('acne', { width: 20, height: 300 })]),
    ];
    expect(findingOf(curated(usual, SMALL), 'BOXES_OUTLYING')).toBeUndefined();
    const finding = findingOf(curated([...usual, ...odd], SMALL), 'BOXES_OUTLYING');
    expect(finding?.count).toBe(4);
    expect(finding?.examples).toEqual([
      'flat.jpg: acne 400x30 at 10,20: much wider than other boxes of the class',
      'large.jpg: acne 640x480 at 0,0: much larger than other boxes of the class',
      'small.jpg: acne 8x8 at 10,20: much smaller than other boxes of the class',
      'steep.jpg: acne 20x300 at 10,20: much narrower than other boxes of the class',
    ]);
  });

  it('label findings compare boxes within their class, and only in classes with enough boxes', () => {
    const large = Array.from({ length: 30 }, (_, i) =>
      drawn(`large${i}.jpg`, [boxOf('face', { width: 400, height: 300 })]),
    );
    const few = [8, 300].map((side, i) =>
      drawn(`few${i}.jpg`, [boxOf('few', { width: side, height: side })]),
    );
    const images = [...imagesOf('acne', 60), ...large, ...few];
    expect(findingOf(curated(images, SMALL), 'BOXES_OUTLYING')).toBeUndefined();
  });

  it('label findings report copies of one photo with different classes, also copies without boxes', () => {
    const images = [
      ...imagesOf('acne', 30),
      ...imagesOf('mole', 30),
      drawn('two.jpg', [boxOf('acne'), boxOf('mole', { x: 300 })]),
      drawn('none.jpg', []),
    ];
    const groupOf = new Map([
      ['acne0001.jpg', 'same'],
      ['acne0002.jpg', 'same'],
      ['mole0003.jpg', 'differing'],
      ['two.jpg', 'differing'],
      ['acne0005.jpg', 'unlabelled'],
      ['none.jpg', 'unlabelled'],
    ]);
    expect(findingOf(curated(images, SMALL, { groupOf }), 'COPIES_DISAGREE')).toMatchObject({
      count: 2,
      examples: ['acne0005.jpg (acne) / none.jpg (none)', 'mole0003.jpg (mole) / two.jpg (acne, mole)'],
    });
    expect(findingOf(curated(images, SMALL), 'COPIES_DISAGREE')).toBeUndefined();
  });
});
