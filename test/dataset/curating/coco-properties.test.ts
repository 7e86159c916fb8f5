import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { manifestText } from '../../../src/custom-labels/write-manifest.js';
import { curate } from '../../../src/dataset/curating/curate.js';
import { DatasetError, REFUSAL_TYPES } from '../../../src/dataset/model/errors.js';
import { versionImageLines } from '../../../src/dataset/model/version-images.js';
import { textOf } from '../../../src/lib/text-lines.js';
import { validateManifests } from '../../support/manifests.js';
import { merge } from '../reading/coco-export.js';
import { drawn, inputOf } from './images.js';

const CONTEXT = { bucket: 'bucket', dataset: 'd', creationDate: '2025-09-14T08:30:12' };
const FOLDERS = ['train', 'valid'];
const SIZES = [
  { width: 640, height: 480 },
  { width: 64, height: 1280 },
  { width: 1280, height: 900 },
];

/** A value in the position of a number: usually a number. */
const number = fc.oneof(
  { arbitrary: fc.noBias(fc.integer({ min: -30, max: 300 }).map((n) => n / 1.3)), weight: 60 },
  { arbitrary: fc.integer({ min: 0, max: 400 }).map(String), weight: 3 },
  {
    arbitrary: fc.constantFrom<unknown>(null, 'x', [], {}, true, -1e308, 1e308, '1e999', 5e-324),
    weight: 1,
  },
);
const hostile = (fields: fc.Arbitrary<object>) =>
  fc.oneof(
    { arbitrary: fields, weight: 2000 },
    { arbitrary: fc.constantFrom<unknown>(null, 3, 'text', [], { __proto__: null }), weight: 1 },
  );

const images = fc.array(
  hostile(
    fc
      .record({
        n: fc.noBias(fc.integer({ min: 0, max: 24 })),
        // Sometimes the id of another image.
        apart: fc.noBias(fc.integer({ min: 0, max: 900 })).map((n) => (n === 1 ? 1 : 0)),
        width: fc.constantFrom<unknown>(640, '480', 1280, 0, null),
        height: fc.constantFrom<unknown>(480, 640, 900, -1, null),
      })
      .map(({ n, apart, ...size }) => ({ id: n + apart, file_name: `${n}.jpg`, ...size })),
  ),
  { minLength: 10, maxLength: 30, size: 'max' },
);
const annotations = fc.array(
  hostile(
    fc.record(
      {
        image_id: fc.noBias(fc.integer({ min: 0, max: 26 })),
        category_id: fc.noBias(fc.integer({ min: 0, max: 5 })),
        bbox: fc.oneof(
          { arbitrary: fc.tuple(number, number, number, number), weight: 20 },
          { arbitrary: fc.constantFrom<unknown>(null, [], [1, 2], '1,2,3,4'), weight: 1 },
        ),
        segmentation: fc.constantFrom<unknown>(
          [],
          [[1, 1, 90, 1, 90, 80]],
          { counts: 'x', size: [1, 1] },
          null,
        ),
        iscrowd: fc.constantFrom<unknown>(0, 0, 0, 0, 0, 0, 0, 1),
      },
      { requiredKeys: ['image_id', 'category_id', 'bbox'] },
    ),
  ),
  { minLength: 20, maxLength: 80, size: 'max' },
);
const categories = fc
  .constantFrom(
    ['lesions', 'acne', 'mole', '10', '__proto__'],
    ['acne', 'acne ', 'Acne', 'constructor', 'a b'],
    ['a', 'b'],
  )
  .map((names) => names.map((name, id) => ({ id, name, supercategory: 'lesions' })));

const files = fc.tuple(...FOLDERS.map(() => fc.record({ images, annotations, categories })));
const settings = fc.record({
  split: fc.constantFrom('curator' as const, 'curator' as const, 'export' as const),
  valSplit: fc.constantFrom(0.1, 0.3, 0.5),
  minClassImages: fc.integer({ min: 1, max: 4 }),
  perClassCap: fc.integer({ min: 4, max: 30 }),
  maxRejectedRatio: fc.constant(1),
});

type Files = typeof files extends fc.Arbitrary<infer T> ? T : never;

/** The files of the curated version, or the refusal. */
function curatedFiles(
  from: Files,
  chosen: typeof settings extends fc.Arbitrary<infer T> ? T : never,
  order: <T>(list: readonly T[]) => T[] = (list) => [...list],
): string[] | DatasetError {
  const cocoFiles = from.map(({ images: a, annotations: b, categories: c }, i): [string, string] => [
    `${FOLDERS[i]}/_annotations.coco.json`,
    JSON.stringify({ images: order(a), annotations: order(b), categories: order(c) }),
  ]);
  const paths = FOLDERS.flatMap((folder) => Array.from({ length: 20 }, (_, n) => `${folder}/${n}.jpg`));
  try {
    const merged = merge(Object.fromEntries(order(cocoFiles)), order(paths));
    const seen = merged.images.map((image) => {
      const size = SIZES[image.path.length % SIZES.length];
      return { image, result: drawn(image.path, [], size ? { stored: size } : {}).result };
    });
    const curation = curate(
      inputOf(order(seen), chosen, {
        missing: order(merged.rejected),
        annotationsFound: merged.annotations.found,
        droppedWhileReading: merged.annotations.dropped,
      }),
    );
    const labels = curation.labels.map(({ label }) => label);
    return [
      manifestText(curation.train, labels, CONTEXT),
      manifestText(curation.val, labels, CONTEXT),
      textOf(versionImageLines(curation.train, curation.val)),
      JSON.stringify([curation.images, curation.annotations, curation.findings, merged.findings]),
    ];
  } catch (error) {
    if (error instanceof DatasetError) return error;
    throw error;
  }
}

describe('arbitrary COCO files', () => {
  it('arbitrary COCO files are refused by a typed error or become manifests that satisfy every rule', () => {
    let accepted = 0;
    fc.assert(
      fc.property(files, settings, (from, chosen) => {
        const made = curatedFiles(from, chosen);
        if (made instanceof DatasetError) {
          expect(REFUSAL_TYPES).toContain(made.type);
          return;
        }
        const { findings, train, val } = validateManifests(made[0] ?? '', made[1] ?? '');
        const own = chosen.split === 'export' ? 'ERROR_INSUFFICIENT_LABEL_OVERLAP' : '';
        expect(findings.filter(({ code }) => code !== own)).toEqual([]);
        expect([train.invalid, val.invalid, train.ignored, val.ignored]).toEqual([0, 0, 0, 0]);
        accepted += 1;
      }),
      { numRuns: 150 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  it('arbitrary COCO files give the same bytes for any order of files, images, annotations and categories', () => {
    let accepted = 0;
    fc.assert(
      fc.property(files, settings, fc.integer({ min: 1, max: 1000 }), (from, chosen, seed) => {
        const made = curatedFiles(from, chosen);
        const other = curatedFiles(from, chosen, shuffledBy(seed));
        if (made instanceof DatasetError) {
          expect(other).toMatchObject({ type: made.type });
          return;
        }
        expect(other).toEqual(made);
        accepted += 1;
      }),
      { numRuns: 150 },
    );
    expect(accepted).toBeGreaterThan(20);
  });
});

/** Shuffles lists, in the same way for the same seed. */
function shuffledBy(seed: number) {
  let state = seed;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return <T>(list: readonly T[]): T[] =>
    list
      .map((item) => ({ item, at: next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
}
