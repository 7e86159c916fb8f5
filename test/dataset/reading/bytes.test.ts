import { beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { picture, zipOf } from '../../support/archives.js';
import { readWhole } from '../../support/whole-archive.js';
import { annotation, CATEGORIES, image } from './coco-export.js';

const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });

const SPLITS = ['train', 'valid'];
const NUMBERS = Array.from({ length: 8 }, (_, n) => n);
const IMAGES = [...NUMBERS.map((n) => image(n, `${n}.jpg`)), image(90, 'gone.jpg')];
const ANNOTATIONS = NUMBERS.flatMap((n) => [
  annotation(n, { category_id: 1 + (n % 2) }),
  annotation(n, { category_id: 1 + (n % 2), bbox: [40, 20 + n, 30, 30] }),
  annotation(n, { category_id: 2, bbox: [1, 2, 30, 40] }),
  annotation(n, { bbox: [n, n, 1, 1] }),
]);

let pictures: [string, Buffer][];
beforeAll(async () => {
  pictures = await Promise.all(
    SPLITS.flatMap((split, s) =>
      NUMBERS.map(async (n): Promise<[string, Buffer]> => [`${split}/${n}.jpg`, await picture(s * 50 + n)]),
    ),
  );
  // A copy in the other folder: both images must be on the same side of the split.
  pictures.push(['valid/copy.jpg', pictures[0]?.[1] ?? Buffer.alloc(0)]);
});

it('the order of records, annotations, categories and ZIP entries does not change the manifests and reports', async () => {
  const outcome = async (
    images: readonly object[],
    annotations: readonly object[],
    categories: readonly object[],
    order: readonly number[],
  ) => {
    const coco = JSON.stringify({ images, annotations, categories });
    const files: [string, string | Buffer][] = [
      ...pictures,
      ['train/_annotations.coco.json', coco],
      ['valid/_annotations.coco.json', coco],
    ];
    const entries = order.flatMap((i) => (files[i] ? [files[i]] : []));
    const whole = await readWhole(await zipOf(Object.fromEntries(entries)), { maxRejectedRatio: 0.5 });
    const { trainManifest, valManifest, labelsTxt, labelsJson, curation } = whole;
    return { trainManifest, valManifest, labelsTxt, labelsJson, curation: JSON.stringify(curation) };
  };
  const places = Array.from({ length: pictures.length + 2 }, (_, i) => i);
  const expected = await outcome(IMAGES, ANNOTATIONS, CATEGORIES, places);
  expect(expected.trainManifest.split('\n').length + expected.valManifest.split('\n').length).toBe(18);
  await fc.assert(
    fc.asyncProperty(
      shuffled(IMAGES),
      shuffled(ANNOTATIONS),
      shuffled(CATEGORIES),
      shuffled(places),
      async (...input) => {
        expect(await outcome(...input)).toEqual(expected);
      },
    ),
    { numRuns: 12 },
  );
});
