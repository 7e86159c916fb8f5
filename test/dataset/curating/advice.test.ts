import { describe, expect, it } from '@jest/globals';
import type { CurateInput } from '../../../src/dataset/curating/input.js';
import { qualityOf } from '../../../src/dataset/curating/quality.js';
import type { DatasetSettings } from '../../../src/dataset/model/settings.js';
import { refusalOf } from '../../support/refusal.js';
import { boxOf, curated, type Drawn, drawn, findingOf, imagesOf, rejected } from './images.js';

const NAMES: Readonly<Record<string, keyof DatasetSettings>> = {
  VAL_SPLIT: 'valSplit',
  PER_CLASS_CAP: 'perClassCap',
  MIN_CLASS_IMAGES: 'minClassImages',
  ENABLE_BALANCE: 'enableBalance',
  SPLIT: 'split',
  MIN_BOX_PX: 'minBoxPx',
  IMAGE_MAX_SIDE: 'imageMaxSide',
  MAX_REJECTED_RATIO: 'maxRejectedRatio',
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
  ['FEW_VAL_IMAGES', imagesOf('acne', 80), {}],
  ['FEW_VAL_IMAGES', imagesOf('acne', 1000), { perClassCap: 40, valSplit: 0.05 }],
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

/** Images of `stored` size, resized to 640 pixels, with one box each that is `width` pixels wide in the original. */
const narrow = (count: number, width: number): Drawn[] =>
  Array.from({ length: count }, (_, i) =>
    drawn(`${width} pixels ${i}.jpg`, [boxOf('acne', { width, height: 200 })], {
      stored: { width: 1280, height: 960 },
      output: { width: 640, height: 480 },
    }),
  );
/** The images as preprocessing gives them with another IMAGE_MAX_SIDE. */
const resized = (images: readonly Drawn[], side: number): Drawn[] =>
  images.map(({ image, result }) => {
    const scale = Math.min(1, side / result.stored.width);
    const output = { width: result.stored.width * scale, height: result.stored.height * scale };
    return { image, result: { ...result, output } };
  });
const ratherFew = { imageMaxSide: 640, minClassImages: 2, valSplit: 0.2 };

const REFUSED: readonly [string, readonly Drawn[], Partial<DatasetSettings>, Partial<CurateInput>][] = [
  ['SplitImpossible', imagesOf('acne', 9), { minClassImages: 2 }, {}],
  [
    'SplitImpossible',
    Array.from({ length: 30 }, (_, i) => imagesOf(`class ${i}`, 2)).flat(),
    { minClassImages: 2 },
    {},
  ],
  [
    'SplitImpossible',
    imagesOf('acne', 12),
    { minClassImages: 2 },
    { groupOf: new Map(imagesOf('acne', 12).map(({ image }, i) => [image.path, `photo ${i >> 1}`])) },
  ],
  ['SplitImpossible', imagesOf('acne', 50), { split: 'export' }, {}],
  ['SplitImpossible', exported('train', 'acne', 50), { split: 'export' }, {}],
  ['TooManyRejectedImages', imagesOf('acne', 70), {}, { missing: Array(30).fill(rejected('gone.jpg')) }],
  ['NoUsableImages', narrow(20, 6), ratherFew, {}],
  ['NoClassLeft', [...imagesOf('acne', 16), ...imagesOf('mole', 12)], {}, {}],
  ['NoClassLeft', imagesOf('acne', 9), {}, {}],
];

describe('advice in refusals', () => {
  it.each(REFUSED)(
    'about %s leads to a dataset that can be trained (case %#)',
    (type, images, settings, over) => {
      const refusal = refusalOf(() => curated(images, settings, over));
      expect(refusal.type).toBe(type);
      const [change = {}, ...others] = advised(refusal.message);
      expect([Object.keys(change).length > 0, others]).toEqual([true, []]);
      const { imageMaxSide } = change;
      const seen = imageMaxSide === undefined ? images : resized(images, imageMaxSide);
      const { train, val } = curated(seen, { ...settings, ...change }, over);
      expect(Math.min(train.length, val.length)).toBeGreaterThan(0);
    },
  );

  it.each([
    ['add images', imagesOf('acne', 1), { minClassImages: 1 }, {}],
    ['export again with a split', exported('train', 'acne', 1), { split: 'export', minClassImages: 1 }, {}],
    ['fix or replace the images', imagesOf('acne', 1), {}, { missing: [rejected('gone.jpg')] }],
  ] as const)('says to %s, and why no setting helps', (otherwise, images, settings, over) => {
    const { message } = refusalOf(() => curated(images, settings, over));
    expect(message.toLowerCase()).toMatch(new RegExp(`\\. no change of .*: .* ${otherwise}\\.$`));
    expect(advised(message)).toEqual([]);
  });
});

describe('advice about boxes that are too small', () => {
  it('names the IMAGE_MAX_SIDE and the MIN_BOX_PX that keep boxes, with their numbers', () => {
    const images = [...narrow(40, 14), ...narrow(4, 8), ...narrow(2, 5)];
    const { message = '' } = findingOf(curated(images, ratherFew), 'BOXES_TOO_SMALL') ?? {};
    const texts = [...message.matchAll(/([A-Z_]+)=(\d+), which keeps (\d) of 6 boxes/g)];
    expect(texts.map(([, name]) => name)).toEqual(['IMAGE_MAX_SIDE', 'MIN_BOX_PX']);
    for (const [, name = '', value, kept] of texts) {
      const change = { [NAMES[name] ?? '']: Number(value) };
      const seen = name === 'IMAGE_MAX_SIDE' ? resized(images, Number(value)) : images;
      const after = findingOf(curated(seen, { ...ratherFew, ...change }), 'BOXES_TOO_SMALL');
      expect(6 - (after?.count ?? 0)).toBe(Number(kept));
    }
  });

  it('names no MIN_BOX_PX if a more harmful finding would follow', () => {
    // Boxes of 3 pixels among boxes of 100 would be reported as outliers.
    const images = [...imagesOf('acne', 200), ...narrow(4, 4)];
    const kept = curated(images, { ...ratherFew, minBoxPx: 2 });
    expect(findingOf(kept, 'BOXES_OUTLYING')).toBeDefined();
    const { message } = findingOf(curated(images, ratherFew), 'BOXES_TOO_SMALL') ?? {};
    expect(message).toMatch(/ Take photos from a shorter distance\.$/);
  });
});

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
    const finding = findingOf(curated(imagesOf('acne', 20), { minClassImages: 2 }), 'FEW_VAL_IMAGES');
    expect(finding?.message).toMatch(/Add images\.$/);
  });

  it('does not suggest VAL_SPLIT for the split of an export, which ignores it', () => {
    const images = [...exported('train', 'acne', 60), ...exported('valid', 'acne', 5)];
    const finding = findingOf(curated(images, { split: 'export' }), 'FEW_TEST_IMAGES');
    expect(finding?.message).not.toContain('VAL_SPLIT');
  });
});

/** Images of a class of which the last ones have their box outside the image. */
const partlyOutside = (label: string, count: number, outside: number): Drawn[] =>
  Array.from({ length: count }, (_, i) =>
    drawn(`${label}${i}.jpg`, [boxOf(label, { x: i < count - outside ? 10 : 900 })]),
  );

describe('advice about too few images of a class if many boxes were lost', () => {
  it('a refusal names boxes outside their images as the cause and advises no setting, which would train on the rest', () => {
    const { type, message } = refusalOf(() => curated(partlyOutside('acne', 100, 70)));
    expect(type).toBe('NoClassLeft');
    expect(message).toContain(
      'Images per class: acne 30. 70 of 100 annotations (70 %) were lost: 70 outside the image. 70 of 100 annotations (70 %) reach beyond their image. Export again with the images that were labelled.',
    );
    expect(advised(message)).toEqual([]);
  });

  it('a refusal names other losses as the cause before a setting that trains on the rest', () => {
    const over = { annotationsFound: 90, droppedWhileReading: { crowd: 60 } };
    const { message } = refusalOf(() => curated(imagesOf('acne', 30), {}, over));
    expect(message).toMatch(
      /acne 30\. 60 of 90 annotations \(67 %\) were lost: 60 around groups of objects \(iscrowd with KEEP_CROWD=false\)\. .*KEEP_CROWD=true .*\. To train without them, set MIN_CLASS_IMAGES=30, which gives /,
    );
  });

  it('findings about dropped classes name the findings about the losses and advise no setting', () => {
    const images = [...imagesOf('acne', 60), ...partlyOutside('mole', 50, 30)];
    const curation = curated(images);
    const { message } = findingOf(curation, 'CLASSES_DROPPED') ?? {};
    expect(message).toMatch(
      /First fix the lost boxes and the boxes that reach beyond their images, which may be the cause\.$/,
    );
    expect(curation.findings.map((one) => one.message).join()).not.toContain('set MIN_CLASS_IMAGES');
  });

  it('the quality of a dataset is explained by lost boxes before the few validation images that follow from them', () => {
    const { findings, ...counts } = curated(partlyOutside('acne', 100, 55));
    const { quality, message } = qualityOf({ dataset: 'skin', refusal: null, findings, counts });
    expect(quality).toBe('unreliable');
    expect(message).toMatch(
      /are unreliable\. 55 of 100 annotations .*\(MANY_BOXES_LOST\)\. See also .*FEW_VAL_IMAGES/,
    );
  });

  it('a refusal for unusable images says to fix them before it names MAX_REJECTED_RATIO', () => {
    const missing = Array.from({ length: 30 }, () => rejected('gone.jpg'));
    const { message } = refusalOf(() => curated(imagesOf('acne', 70), {}, { missing }));
    expect(message).toMatch(
      / Fix or replace the images\. To train without them, set MAX_REJECTED_RATIO=0\.3, which gives 63 training and 7 validation images\.$/,
    );
  });
});
