import { describe, expect, it } from '@jest/globals';
import { exportedSide } from '../../../src/dataset/model/exported-side.js';
import { boxOf, curated, type Drawn, drawn, findingOf, names } from '../curating/images.js';

const EXPORT = { split: 'export', minClassImages: 2, perClassCap: 100 } as const;

describe('exportedSide', () => {
  it.each([
    ['train/a.jpg', 'train/_annotations.coco.json', 'train'],
    ['valid/a.jpg', 'valid/_annotations.coco.json', 'val'],
    ['validation/a.jpg', 'validation/_annotations.coco.json', 'val'],
    ['test/a.jpg', 'test/_annotations.coco.json', 'val'],
    ['export/Test/a.jpg', 'export/Test/_annotations.coco.json', 'val'],
    ['images/train2017/a.jpg', 'annotations/instances_train2017.json', 'train'],
    ['images/a.jpg', 'annotations/instances_val2017.json', 'val'],
    ['images/train/a.jpg', 'annotations/instances_default.json', 'train'],
    ['train/images/a.jpg', 'train/labels.json', 'train'],
    ['test/train/a.jpg', 'test/instances_default.json', 'train'],
    ['images/a.jpg', 'annotations/test.json', 'val'],
  ])('puts %s of %s into %s', (path, cocoFile, side) => {
    expect(exportedSide({ path, cocoFile })).toBe(side);
  });

  it.each([
    ['a.jpg', '_annotations.coco.json'],
    ['images/train_001.jpg', 'result.json'],
    ['trains/valid.jpg', 'trains/labels.json'],
    ['latest/a.jpg', 'latest/contested.json'],
  ])('finds no split for %s of %s', (path, cocoFile) => {
    expect(exportedSide({ path, cocoFile })).toBeNull();
  });
});

describe('SPLIT=export', () => {
  const inFolder = (folder: string, count: number, label = 'acne', from = 0): Drawn[] =>
    Array.from({ length: count }, (_, i) =>
      drawn(`${folder}/${label}${i + from}.jpg`, [boxOf(label)], {
        cocoFile: `${folder}/_annotations.coco.json`,
      }),
    );
  it('keeps the train folder and merges valid and test into val, whatever VAL_SPLIT is', () => {
    const { train, val } = curated(
      [...inFolder('train', 12), ...inFolder('valid', 5, 'acne', 20), ...inFolder('test', 3, 'acne', 40)],
      { ...EXPORT, valSplit: 0.9 },
    );
    expect(names(train).every((name) => name.startsWith('train/'))).toBe(true);
    expect([train.length, val.length]).toEqual([12, 8]);
  });

  it('reports validation images that are copies of training images', () => {
    const images = [...inFolder('train', 12), ...inFolder('valid', 5)];
    const groupOf = new Map([
      ['train/acne3.jpg', 'photo'],
      ['train/acne11.jpg', 'photo'],
      ['valid/acne0.jpg', 'photo'],
      ['valid/acne1.jpg', 'photo'],
      ['valid/acne2.jpg', 'other'],
      ['valid/acne3.jpg', 'other'],
    ]);
    const finding = findingOf(curated(images, EXPORT, { groupOf }), 'SPLIT_LEAKS');
    expect(finding).toMatchObject({
      count: 2,
      examples: ['valid/acne0.jpg = train/acne11.jpg', 'valid/acne1.jpg = train/acne11.jpg'],
    });
    expect(finding?.message).toContain('2 of 5 validation images are copies');
    expect(findingOf(curated(images, { ...EXPORT, split: 'curator' }, { groupOf }), 'SPLIT_LEAKS')).toBe(
      undefined,
    );
  });

  it('counts rare classes over both sides and caps train only', () => {
    const images = [
      ...inFolder('train', 30),
      ...inFolder('valid', 20),
      ...inFolder('train', 3, 'mole'),
      ...inFolder('test', 3, 'mole'),
      ...inFolder('train', 2, 'rare'),
      ...inFolder('valid', 2, 'rare'),
    ];
    const curation = curated(images, { split: 'export', minClassImages: 5, perClassCap: 10 });
    expect(curation.labels).toEqual([
      { label: 'acne', train: { images: 10, boxes: 10 }, val: { images: 20, boxes: 20 } },
      { label: 'mole', train: { images: 3, boxes: 3 }, val: { images: 3, boxes: 3 } },
    ]);
    expect(curation.droppedClasses).toEqual([{ label: 'rare', images: 4 }]);
    expect(curation.images.left).toMatchObject({ balancedAway: 20, emptiedByClassDrop: 4 });
  });

  it('drops and reports classes that are missing in train', () => {
    const both = drawn('valid/both.jpg', [boxOf('acne'), boxOf('mole', { x: 200 })]);
    const images = [...inFolder('train', 12), ...inFolder('valid', 3), ...inFolder('valid', 4, 'mole'), both];
    for (const enableBalance of [true, false]) {
      const curation = curated(images, { ...EXPORT, enableBalance });
      expect(curation.labels.map(({ label }) => label)).toEqual(['acne']);
      expect(curation.images).toMatchObject({ train: 12, val: 4, left: { emptiedByClassDrop: 4 } });
      expect(curation.annotations.dropped).toEqual({ 'class-dropped': 5 });
      expect(findingOf(curation, 'CLASSES_ONLY_IN_VAL')?.examples).toEqual(['mole: 5 images']);
      expect(findingOf(curation, 'IMAGES_PARTLY_UNLABELLED')?.examples).toEqual(['valid/both.jpg']);
      expect(curation.droppedClasses).toEqual([{ label: 'mole', images: 5 }]);
    }
  });

  it.each([
    ['no split', inFolder('images', 12), /no folder or COCO file is named .* images\/acne0\.jpg/],
    [
      'images outside it',
      [...inFolder('train', 9), ...inFolder('valid', 2), ...inFolder('more', 1)],
      /1 of 12 images .* more\/acne0\.jpg/,
    ],
    ['only train', inFolder('train', 12), /valid and test contain no labelled image/],
    ['no train', inFolder('test', 12), /train contains no labelled image/],
    [
      'other classes in val',
      [...inFolder('train', 9), ...inFolder('valid', 3, 'mole')],
      /no class of its valid and test folders is in train/,
    ],
  ])('refuses an export with %s and suggests SPLIT=curator', (_, images, message) => {
    const act = () => curated(images, EXPORT);
    expect(act).toThrow(message);
    expect(act).toThrow(expect.objectContaining({ type: 'SplitImpossible' }));
    expect(act).toThrow(/Set SPLIT=curator|or set SPLIT=curator/);
  });
});
