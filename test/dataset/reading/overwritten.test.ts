import { describe, expect, it } from '@jest/globals';
import { annotation, codesOf, image, merge } from './coco-export.js';

type Bbox = readonly [number, number, number, number];
interface Label {
  readonly bbox: Bbox;
  readonly category?: number;
}

const NAMES = ['0.jpg', '1.jpg', '2.jpg', '3.jpg'];
const LEFT: Bbox = [2, 5, 20, 20];
const RIGHT: Bbox = [70, 50, 20, 25];
const MIDDLE: Bbox = [40, 30, 20, 20];

/** Merges a COCO file with several records per image. `recordsOf` returns the boxes of each record of image `n`. */
function merged(recordsOf: (n: number) => readonly (readonly Label[])[]) {
  const records = NAMES.flatMap((name, n) => recordsOf(n).map((labels) => ({ name, labels })));
  const coco = {
    images: records.map(({ name }, id) => image(id, name)),
    annotations: records.flatMap(({ labels }, id) =>
      labels.map(({ bbox, category = 1 }) => annotation(id, { bbox, category_id: category })),
    ),
  };
  return merge({ 'c.json': coco }, NAMES);
}

const overwrittenIn = (recordsOf: (n: number) => readonly (readonly Label[])[]) =>
  merged(recordsOf).findings.find(({ code }) => code === 'IMAGES_OVERWRITTEN');

describe('several records of one image with different boxes', () => {
  it.each<readonly [string, (n: number) => readonly (readonly Label[])[]]>([
    ['two records with one box each', () => [[{ bbox: LEFT }], [{ bbox: RIGHT }]]],
    ['three records', () => [[{ bbox: LEFT }], [{ bbox: RIGHT }], [{ bbox: MIDDLE }]]],
    ['two records with different classes', () => [[{ bbox: LEFT }], [{ bbox: RIGHT, category: 2 }]]],
    [
      'records of three folders of different lengths, with several boxes',
      (n) => [[{ bbox: LEFT }, { bbox: MIDDLE }], [{ bbox: RIGHT }], ...(n > 1 ? [[{ bbox: RIGHT }]] : [])],
    ],
  ])(
    'images whose records have boxes in different places are reported as pictures that overwrote one another: %s',
    (_, recordsOf) => {
      expect(overwrittenIn(recordsOf)).toMatchObject({ count: NAMES.length, examples: NAMES });
    },
  );

  it('only the images are reported whose records have boxes in different places', () => {
    expect(overwrittenIn((n) => [[{ bbox: LEFT }], ...(n === 2 ? [[{ bbox: RIGHT }]] : [])])).toMatchObject({
      count: 1,
      examples: ['2.jpg'],
    });
  });

  it.each<readonly [string, (n: number) => readonly (readonly Label[])[]]>([
    ['they have the same boxes', () => [[{ bbox: LEFT }], [{ bbox: LEFT }]]],
    ['two people drew the same objects', () => [[{ bbox: LEFT }], [{ bbox: [4, 6, 22, 19] }]]],
    ['only one of them has boxes', () => [[{ bbox: LEFT }], []]],
    [
      'each has one object, as many as the image shows',
      (n) => [LEFT, RIGHT, MIDDLE].slice(0, n === 0 ? 2 : 3).map((bbox) => [{ bbox }]),
    ],
    [
      'each has one class, as many as the image shows',
      (n) => [
        [{ bbox: LEFT }, { bbox: MIDDLE }],
        [{ bbox: RIGHT, category: 2 }],
        ...(n === 0 ? [] : [[{ bbox: [60, 5, 10, 10], category: 0 } as const]]),
      ],
    ],
  ])('records of one image are not reported as several pictures if %s', (_, recordsOf) => {
    expect(codesOf(merged(recordsOf))).toContain('IMAGE_RECORDS_REPEATED');
    expect(overwrittenIn(recordsOf)).toBeUndefined();
  });
});
