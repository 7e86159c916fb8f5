import { describe, expect, it } from '@jest/globals';
import type { DatasetSettings } from '../../../src/dataset/model/settings.js';
import { boxOf, curated, type Drawn, drawn, findingOf, imagesOf } from './images.js';

const NAMES: Readonly<Record<string, keyof DatasetSettings>> = {
  VAL_SPLIT: 'valSplit',
  PER_CLASS_CAP: 'perClassCap',
  MIN_CLASS_IMAGES: 'minClassImages',
  ENABLE_BALANCE: 'enableBalance',
  SPLIT: 'split',
};

/** The changes that a message advises, alternatives apart. */
function advised(message: string): Partial<DatasetSettings>[] {
  const [, text = ''] = /[Ss]et ((?:[A-Z_]+=[\w.]*\w(?: and | or )?)+)/.exec(message) ?? [];
  return text
    .split(' or ')
    .filter((one) => one !== '')
    .map((one) =>
      Object.fromEntries(
        one.split(' and ').map((setting) => {
          const [name = '', value = ''] = setting.split('=');
          return [NAMES[name], value === 'false' ? false : value === 'curator' ? value : Number(value)];
        }),
      ),
    );
}

/** Images that all show twelve boxes of `acne` and one of `mole`. */
const shared = Array.from({ length: 90 }, (_, i) =>
  drawn(`shared${i}.jpg`, [
    ...Array.from({ length: 12 }, (__, k) => boxOf('acne', { x: 10 * k })),
    boxOf('mole', { x: 300 }),
  ]),
);
const exported = (folder: string, label: string, count: number): Drawn[] =>
  Array.from({ length: count }, (_, i) =>
    drawn(`${folder}/${label}${i}.jpg`, [boxOf(label)], { cocoFile: `${folder}/_annotations.coco.json` }),
  );

const CASES: readonly [string, readonly Drawn[], Partial<DatasetSettings>][] = [
  ['FEW_VAL_IMAGES', imagesOf('acne', 400), { perClassCap: 400 }],
  ['FEW_VAL_IMAGES', imagesOf('acne', 1000), {}],
  ['FEW_TEST_IMAGES', imagesOf('acne', 60), {}],
  ['FEW_TEST_BOXES', [...imagesOf('acne', 60), ...imagesOf('mole', 200)], {}],
  ['FEW_TRAIN_IMAGES', [...imagesOf('acne', 100), ...imagesOf('mole', 8)], { minClassImages: 5 }],
  ['BALANCE_LEFT_OUT', imagesOf('acne', 400), {}],
  ['CLASSES_DROPPED', [...imagesOf('acne', 100), ...imagesOf('mole', 38)], { valSplit: 0.3 }],
  ['LABELS_IMBALANCED', [...imagesOf('acne', 400), ...imagesOf('mole', 40)], { perClassCap: 400 }],
  [
    'CLASSES_ONLY_IN_VAL',
    [...exported('train', 'acne', 100), ...exported('valid', 'acne', 20), ...exported('valid', 'mole', 100)],
    { split: 'export' },
  ],
];

describe('advice in findings', () => {
  it.each(CASES)('advice about %s removes the finding when it is followed', (code, images, settings) => {
    const message = findingOf(curated(images, settings), code)?.message ?? '';
    const changes = advised(message);
    expect(changes).not.toEqual([]);
    for (const change of changes) {
      expect(findingOf(curated(images, { ...settings, ...change }), code)).toBeUndefined();
    }
  });

  it('does not suggest a lower cap for imbalanced classes that share their images', () => {
    const finding = findingOf(curated(shared), 'LABELS_IMBALANCED');
    expect(finding?.examples).toEqual(['mole: 81']);
    expect(finding?.message).not.toContain('PER_CLASS_CAP');
    expect(finding?.message).toContain('Label more of them');
    expect(findingOf(curated(shared, { perClassCap: 40 }), 'LABELS_IMBALANCED')).toBeDefined();
  });

  it('names no setting if none helps', () => {
    const finding = findingOf(curated(imagesOf('acne', 45)), 'FEW_VAL_IMAGES');
    expect(finding?.message).toMatch(/Add images\.$/);
  });

  it('does not suggest VAL_SPLIT for the split of an export, which ignores it', () => {
    const images = [...exported('train', 'acne', 60), ...exported('valid', 'acne', 5)];
    const finding = findingOf(curated(images, { split: 'export' }), 'FEW_TEST_IMAGES');
    expect(finding?.message).not.toContain('VAL_SPLIT');
  });
});

describe('the default settings', () => {
  it('the default settings give no finding about few validation images of a class at the cap', () => {
    const images = ['acne', 'mole', 'wart'].flatMap((label) => imagesOf(label, 90));
    const codes = curated(images).findings.map(({ code }) => code);
    expect(codes).toEqual(['FEW_VAL_IMAGES']);
  });

  it('the default settings give no finding for twelve classes at the cap', () => {
    const images = Array.from({ length: 12 }, (_, i) => imagesOf(`class ${i}`, 90)).flat();
    expect(curated(images).findings).toEqual([]);
  });
});
