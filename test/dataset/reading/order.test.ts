import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonInMemory } from '../../../src/dataset/reading/json-file.js';
import { mergeCoco } from '../../../src/dataset/reading/merge.js';
import { mergedCocoJson } from '../../../src/dataset/reading/merged-json.js';
import { finish } from '../../support/steps.js';
import { annotation, CATEGORIES, entry, image, merge } from './coco-export.js';

const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });

/** Two splits and a copy that disagrees, with a case of each reason to drop, reject or warn. */
const numbers = [0, 1, 2, 3, 4, 5];
const CATEGORY_LIST = [...CATEGORIES, { id: 7, name: 'Nodule' }];
const IMAGES = [
  ...numbers.map((i) => image(i, `${i}.jpg`)),
  { ...image(20, '0.jpg'), width: 7 },
  image(21, 'gone.jpg'),
  image(22, 'gone too.jpg'),
];
const ANNOTATIONS = [
  ...numbers.flatMap((i) => [annotation(i), annotation(i, { bbox: [i, 1, 5, 5], category_id: 2 })]),
  annotation(1, { bbox: [1, 2, 30, 41] }),
  annotation(1, { bbox: [1, 2, 30, 41], category_id: 2 }),
  annotation(1),
  annotation(20),
  annotation(2, { iscrowd: 1 }),
  annotation(3, { bbox: [1, 1, 0, 1] }),
  annotation(4, { bbox: [1] }),
  annotation(5, { category_id: 7 }),
  annotation(5, { category_id: 99 }),
  annotation(21),
  annotation(77),
];
const COPY = { images: [image(1, '3.jpg')], annotations: [annotation(1, { bbox: [8, 8, 8, 8] })] };
const PATHS = [
  ...numbers.flatMap((i) => [`a/${i}.jpg`, `b/${i}.jpg`]),
  'z.jpg',
  'y.jpg',
  'a/_annotations.coco.json',
];

describe('mergeCoco', () => {
  it('returns the same bytes for any order of files, records, annotations and entries', () => {
    const result = (
      images: readonly object[],
      annotations: readonly object[],
      categories: readonly object[],
      order: readonly number[],
      paths: readonly string[],
    ) => {
      const texts: [string, object][] = [
        ['a/_annotations.coco.json', { images, annotations, categories }],
        ['b/_annotations.coco.json', { annotations: ANNOTATIONS, categories, images: IMAGES }],
        ['a/copy.json', { ...COPY, categories }],
      ];
      const files = order.flatMap((i) => {
        const [path, coco] = texts[i] ?? [];
        return path === undefined ? [] : [jsonInMemory(path, Buffer.from(JSON.stringify(coco)))];
      });
      const merged = finish(mergeCoco(files, paths.map(entry), { keepCrowd: false }));
      // The hash of a file is another one if its records are in another order.
      const cocoFiles = merged.cocoFiles.map(({ path }) => path);
      return JSON.stringify({ ...merged, cocoFiles }) + [...mergedCocoJson(merged)].join('');
    };
    const expected = result(IMAGES, ANNOTATIONS, CATEGORY_LIST, [0, 1, 2], PATHS);
    for (const seen of [
      'crowd',
      'empty-box',
      'invalid-box',
      'duplicate',
      'unknown-category',
      'unknown-image',
      'image-rejected',
      'IMAGES_UNLISTED',
      'COCO_FILES_DISAGREE',
      'IMAGE_RECORDS_REPEATED',
      'LABELS_ALIKE',
      'BOXES_IN_TWO_CLASSES',
    ]) {
      expect(expected).toContain(`"${seen}"`);
    }
    fc.assert(
      fc.property(
        shuffled(IMAGES),
        shuffled(ANNOTATIONS),
        shuffled(CATEGORY_LIST),
        shuffled([0, 1, 2]),
        shuffled(PATHS),
        (...input) => {
          expect(result(...input)).toBe(expected);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the merged COCO file', () => {
  const merged = merge(
    {
      'train/c.json': { images: IMAGES, annotations: ANNOTATIONS },
      'valid/c.json': {
        images: [image(1, 'x.jpg')],
        annotations: [annotation(1, { bbox: [0.5, 1.25, 7, 9] })],
      },
    },
    ['train/0.jpg', 'train/1.jpg', 'train/2.jpg', 'train/3.jpg', 'train/4.jpg', 'train/5.jpg', 'valid/x.jpg'],
  );
  const text = [...mergedCocoJson(merged)].join('');

  it('the merged COCO file has ids from 1, sorted, and the fields that other tools expect', () => {
    const coco = JSON.parse(text);
    expect(coco.images.map((one: { id: number }) => one.id)).toEqual(
      coco.images.map((_: unknown, i: number) => i + 1),
    );
    expect(coco.images[1]).toEqual({ id: 2, file_name: 'train/1.jpg', width: 100, height: 80 });
    expect(coco.categories).toEqual([
      { id: 1, name: 'nodule', supercategory: 'none' },
      { id: 2, name: 'pustule', supercategory: 'none' },
    ]);
    expect(coco.annotations.at(-1)).toEqual({
      id: coco.annotations.length,
      image_id: 7,
      category_id: 1,
      bbox: [0.5, 1.25, 7, 9],
      area: 63,
      iscrowd: 0,
      segmentation: [],
    });
  });

  it('the merged COCO file is read as the same dataset', () => {
    const again = merge(
      { 'coco.json': text },
      merged.images.map(({ path }) => path),
    );
    const content = ({ images, labels }: typeof merged) => ({
      labels,
      images: images.map(({ path, width, height, boxes }) => ({ path, width, height, boxes })),
    });
    expect(content(again)).toEqual(content(merged));
    expect(again.annotations.dropped).toEqual({});
  });
});
