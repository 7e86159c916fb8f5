import { describe, expect, it } from '@jest/globals';
import { qualityOf } from '../../../src/dataset/curating/quality.js';
import type { DatasetSettings } from '../../../src/dataset/model/settings.js';
import { type Coco, merge } from '../reading/coco-export.js';
import { curated, drawn } from './images.js';

const IMAGES = 400;
const CATEGORIES = [
  { id: 1, name: 'acne' },
  { id: 2, name: 'Acne' },
  ...Array.from({ length: 20 }, (_, i) => ({ id: 100 + i, name: `rare ${i}` })),
];
const name = (i: number) => `${String(i).padStart(4, '0')}.jpg`;
const images = Array.from({ length: IMAGES }, (_, i) => ({
  id: i,
  file_name: name(i),
  width: 640,
  height: 480,
}));
/** Box `n` of an image, well inside it, on another place in each image. */
const box = (image: number, n = 0, more: object = {}) => ({
  ...{ id: image, image_id: image, category_id: 1 },
  bbox: [(n % 10) * 60 + (image % 30), Math.floor(n / 10) * 60 + (Math.floor(image / 30) % 14), 50, 50],
  ...more,
});

type Kept = Pick<Coco, 'annotations'> & {
  readonly images?: readonly object[];
  readonly files?: readonly number[];
  /** Further COCO files. */
  readonly others?: Readonly<Record<string, Coco>>;
};

/** One box per image; the first `lost` images have their boxes changed. */
const changed =
  (change: (image: number) => object) =>
  (lost: number): Kept => ({
    annotations: images.map((_, i) => box(i, 0, i < lost ? change(i) : {})),
  });

/** The first `lost` images are in a COCO file of their own, which has no annotations. */
const withoutLabels = (lost: number, file: string): Kept => ({
  images: images.slice(lost),
  annotations: images.slice(lost).map(({ id }) => box(id)),
  others: { [file]: { images: images.slice(0, lost), annotations: [], categories: CATEGORIES } },
});

/** Reads and curates a dataset of one COCO file and weighs its findings. */
function verdict(
  { annotations, images: records = images, files, others }: Kept,
  more: Partial<DatasetSettings> = {},
) {
  const paths = (files ?? images.map((_, i) => i)).map(name);
  const own = { images: records, annotations, categories: CATEGORIES };
  const merged = merge({ 'c.json': own, ...others }, paths);
  const curation = curated(
    merged.images.map((image) => ({ image, result: drawn(image.path, []).result })),
    { perClassCap: 10_000, maxRejectedRatio: 0.9, ...more },
    {
      missing: merged.rejected,
      annotationsFound: merged.annotations.found,
      droppedWhileReading: merged.annotations.dropped,
    },
  );
  const findings = [...curation.findings, ...merged.findings];
  return qualityOf({ dataset: 'skin', refusal: null, findings, counts: curation });
}

const LOSSES: readonly (readonly [what: string, code: string, dataset: (lost: number) => Kept])[] = [
  ['crowds', 'MANY_BOXES_LOST', changed(() => ({ iscrowd: 1 }))],
  ['boxes without width', 'MANY_BOXES_LOST', changed(() => ({ bbox: [5, 5, 0, 5] }))],
  ['boxes that cannot be read', 'MANY_BOXES_LOST', changed(() => ({ bbox: 'left' }))],
  ['boxes outside their image', 'MANY_BOXES_LOST', changed(() => ({ bbox: [5000, 5000, 50, 50] }))],
  ['boxes that are too small', 'MANY_BOXES_LOST', changed(() => ({ bbox: [5, 5, 2, 2] }))],
  ['panoptic segments', 'MANY_BOXES_LOST', changed(() => ({ segments_info: [] }))],
  ['categories that are not defined', 'MANY_BOXES_LOST', changed(() => ({ category_id: 77 }))],
  ['images that are not defined', 'MANY_BOXES_LOST', changed((i) => ({ image_id: 10_000 + i }))],
  ['deleted annotations', 'BOXES_DELETED', changed(() => ({ deleted: true }))],
  ['predictions of a model', 'BOXES_PREDICTED', changed((i) => ({ score: 0.3 + i / 1000 }))],
  ['rare classes', 'MANY_OF_DROPPED_CLASSES', changed((i) => ({ category_id: 100 + Math.floor(i / 20) }))],
  [
    'images of rare classes with few of the boxes',
    'MANY_OF_DROPPED_CLASSES',
    (lost) => ({
      annotations: images.flatMap((_, i) =>
        i < lost
          ? [box(i, 0, { category_id: 100 + Math.floor(i / 20) })]
          : [0, 1, 2, 3, 4].map((n) => box(i, n)),
      ),
    }),
  ],
  [
    'repeated annotations',
    'BOXES_REPEATED',
    (lost) => ({
      annotations: images.flatMap((_, i) => (i < lost ? [box(i), box(i)] : [box(i)])),
    }),
  ],
  [
    'boxes above the maximum per image',
    'MANY_BOXES_LOST',
    (lost) => ({
      annotations: images.flatMap((_, i) =>
        i < lost / 4 ? Array.from({ length: 9 }, (__, n) => box(i, n)) : [box(i)],
      ),
    }),
  ],
  [
    'images that are missing',
    'IMAGES_REJECTED',
    (lost) => ({
      annotations: images.map((_, i) => box(i)),
      files: images.flatMap((_, i) => (i < lost ? [] : [i])),
    }),
  ],
  [
    'all images of one COCO file that are missing',
    'COCO_IMAGES_ABSENT',
    (lost) => {
      const [absent, present] = [images.slice(0, lost), images.slice(lost)];
      const cocoOf = (records: typeof images) => ({
        images: records,
        annotations: records.map(({ id }) => box(id)),
        categories: CATEGORIES,
      });
      return {
        ...cocoOf(present),
        files: present.map(({ id }) => id),
        others: { 'train/t.json': cocoOf(absent) },
      };
    },
  ],
  [
    'all labels of one of several COCO files',
    'COCO_FILES_UNLABELLED',
    (lost) => withoutLabels(lost, 'd.json'),
  ],
  [
    'images that were never annotated',
    'MANY_NEVER_ANNOTATED',
    (lost) => ({ annotations: images.flatMap((_, i) => (i < lost ? [] : [box(i)])) }),
  ],
  [
    'images that lost their only box',
    'MANY_IMAGES_EMPTIED',
    (lost) => ({
      annotations: images.flatMap((_, i) =>
        i < lost ? [box(i, 0, { iscrowd: 1 })] : [0, 1, 2, 3, 4].map((n) => box(i, n)),
      ),
    }),
  ],
  [
    'images in no COCO file',
    'MANY_IMAGES_UNLISTED',
    (lost) => ({
      annotations: images.slice(lost).map(({ id }) => box(id)),
      images: images.slice(lost),
    }),
  ],
];

describe('a large loss', () => {
  it.each(LOSSES)('a large loss makes a dataset unreliable above 20 %%: %s', (what, code, dataset) => {
    const settings = what.includes('maximum') ? { maxBoxPerImage: 4 } : {};
    const large = verdict(dataset(IMAGES * 0.36), settings);
    expect(large.quality).toBe('unreliable');
    expect(large.qualityReasons.map((reason) => reason.code)).toContain(code);
    expect(verdict(dataset(IMAGES * 0.14), settings)).toMatchObject({ quality: 'good', qualityReasons: [] });
  });

  it('a large loss is any loss of all labels of a split of the export', () => {
    const { quality, qualityReasons } = verdict(withoutLabels(IMAGES * 0.1, 'valid.json'));
    expect(quality).toBe('unreliable');
    expect(qualityReasons.map(({ code }) => code)).toEqual(['SPLITS_UNLABELLED']);
  });

  it('a large loss is not what class balancing excludes, since it chooses at random', () => {
    const { quality } = verdict(changed(() => ({}))(0), { perClassCap: 100 });
    expect(quality).toBe('good');
  });
});

describe('a class that is dropped beside a class of nearly the same name', () => {
  it('a class that is dropped beside a class of nearly the same name makes a dataset unreliable above 5 % of the images', () => {
    const alike = changed(() => ({ category_id: 2 }));
    const { quality, qualityReasons } = verdict(alike(30));
    expect([quality, qualityReasons.map(({ code }) => code)]).toEqual([
      'unreliable',
      ['LABELS_ALIKE_DROPPED'],
    ]);
    expect(verdict(alike(10)).quality).toBe('good');
    expect(verdict(alike(120)).quality).toBe('good');
  });
});
