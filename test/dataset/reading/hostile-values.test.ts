import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { manifestText } from '../../../src/custom-labels/write-manifest.js';
import { curate } from '../../../src/dataset/curating/curate.js';
import { DatasetError } from '../../../src/dataset/model/errors.js';
import { DEFAULT_DATASET_SETTINGS } from '../../../src/dataset/model/settings.js';
import type { PreprocessedImage } from '../../../src/dataset/model/types.js';
import type { MergedDataset } from '../../../src/dataset/reading/merge.js';
import { validateManifests } from '../../support/manifests.js';
import { annotation, CATEGORIES, image, merge } from './coco-export.js';

const NAMES = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg', 'f.jpg'];
const SOUND = {
  info: {},
  images: NAMES.map((name, id) => image(id, name)),
  annotations: NAMES.flatMap((_, id) => [
    annotation(id, { id, segmentation: [[1, 2, 31, 2, 31, 42]] }),
    annotation(id, { id: 100 + id, bbox: [50, 20, 30, 40], category_id: 2 }),
    annotation(id, { id: 200 + id, bbox: null, segmentation: { size: [80, 100], counts: [4000, 20, 3980] } }),
  ]),
  categories: CATEGORIES,
};

/** Values as raw JSON: numbers out of range, numbers as text, names of object properties, deep nesting. */
const TOKENS = [
  ...['NaN', 'Infinity', '-Infinity', '1e999', '-1e308', '5e-324', '-0', '9007199254740993', '1E+2'],
  ...['"1e999"', '" 12 "', '"0x10"', '"NaN"', '"-5"', '""', '"\\u0000"', '"\\ud800"', '"a\\nb"', '"é"'],
  ...['"__proto__"', '"constructor"', '{"__proto__":{"iscrowd":1}}', '{"toString":1}', '{"length":1e9}'],
  ...[
    'null',
    'true',
    'false',
    '[]',
    '{}',
    '[[]]',
    '[null]',
    '[[[[[1]]]]]',
    '[1,2,3,4,5]',
    '["1","2","3","4"]',
  ],
  ...['{"size":[1e9,1e9],"counts":"ooooooo"}', '{"size":[10,10],"counts":[0,1e9]}', '[[1,2,"x"]]'],
  ...['"../../a.jpg"', '"/etc/passwd"', '"a.jpg/"', '"."', '".."', '"C:\\\\a.jpg"', `"${'n'.repeat(300)}"`],
  `${'['.repeat(40)}1${']'.repeat(40)}`,
  `${'{"a":'.repeat(70)}1${'}'.repeat(70)}`,
];

/** Returns the paths to all values in a JSON value. */
function pathsIn(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => pathsIn(item, [...path, key]))];
}
const VALUE_PATHS = pathsIn(SOUND).slice(1);

type Change = { readonly path: number; readonly token: string; readonly kind: 'set' | 'remove' | 'rename' };
const change: fc.Arbitrary<Change> = fc.record({
  path: fc.nat(VALUE_PATHS.length - 1),
  token: fc.constantFrom(...TOKENS),
  kind: fc.constantFrom('set' as const, 'set' as const, 'set' as const, 'remove' as const, 'rename' as const),
});

/** Returns the COCO file with these changes as text, including tokens that JSON.stringify cannot write. */
function textOf(changes: readonly Change[]): string {
  const root: Record<string, unknown> = structuredClone(SOUND);
  changes.forEach(({ path, kind }, i) => {
    const keys = VALUE_PATHS[path] ?? [];
    let parent: unknown = root;
    for (const key of keys.slice(0, -1)) {
      parent = typeof parent === 'object' ? (parent as Record<string, unknown> | null)?.[key] : undefined;
    }
    if (typeof parent !== 'object' || parent === null) return;
    const record = parent as Record<string, unknown>;
    const key = String(keys.at(-1));
    if (kind === 'set') record[key] = `<token ${i}>`;
    else if (kind === 'rename') record[`<key ${i}>`] = record[key];
    if (kind !== 'set') delete record[key];
  });
  return JSON.stringify(root)
    .replace(/"<token (\d+)>"/g, (_match, i: string) => changes[Number(i)]?.token ?? 'null')
    .replace(/"<key (\d+)>"/g, '"__proto__"');
}

/** Returns the manifests of the dataset as if all images had their COCO size; undefined if curating refuses it. */
function manifestsOf(merged: MergedDataset): { train: string; val: string } | undefined {
  const size = { width: 100, height: 80 };
  const result = (path: string): PreprocessedImage => ({
    ...{ status: 'preprocessed', path, key: `k/${path}`, sourceSha256: path, bytes: 1, untouched: true },
    ...{ stored: size, output: size, orientation: 1 },
  });
  try {
    const curation = curate({
      images: merged.images.map((one) => ({ image: one, result: result(one.path) })),
      missing: merged.rejected,
      annotationsFound: merged.annotations.found,
      droppedWhileReading: merged.annotations.dropped,
      groupOf: new Map(),
      sameAs: new Map(),
      unmoved: [],
      lowContrast: [],
      settings: { ...DEFAULT_DATASET_SETTINGS, minClassImages: 1, valSplit: 0.3, maxRejectedRatio: 1 },
    });
    const labels = curation.labels.map(({ label }) => label);
    const context = { bucket: 'bucket', dataset: 'd', creationDate: '2025-09-14T08:30:12' };
    const { found, used, dropped } = curation.annotations;
    expect(found).toBe(used + Object.values(dropped).reduce((sum, n) => sum + n, 0));
    const [train, val] = [curation.train, curation.val].map((images) =>
      manifestText(images, labels, context),
    );
    return { train: train ?? '', val: val ?? '' };
  } catch (error) {
    if (error instanceof DatasetError) return undefined;
    throw error;
  }
}

interface Seen {
  refused: number;
  manifests: number;
}

/** Fails unless the file with these changes is refused with a typed error or gives valid manifests. */
function check(changes: readonly Change[], seen: Seen): void {
  let merged: MergedDataset;
  try {
    merged = merge({ 'c.json': textOf(changes) }, NAMES);
  } catch (error) {
    expect(error).toBeInstanceOf(DatasetError);
    seen.refused += 1;
    return;
  }
  for (const { x, y, width, height } of merged.images.flatMap(({ boxes }) => boxes)) {
    expect(Number.isFinite(x + y + width * height) && width > 0 && height > 0).toBe(true);
  }
  const texts = manifestsOf(merged);
  if (texts === undefined) return;
  seen.manifests += 1;
  const { train, val, refusal } = validateManifests(texts.train, texts.val);
  expect([train.invalid, train.ignored, val.invalid, val.ignored, refusal]).toEqual([0, 0, 0, 0, null]);
}

describe('a COCO file with hostile values', () => {
  it('a COCO file with hostile values is refused with a typed error or gives manifests that satisfy every rule', () => {
    const seen: Seen = { refused: 0, manifests: 0 };
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => check(changes, seen)),
      { numRuns: 1_000 },
    );
    expect(seen.refused).toBeGreaterThan(50);
    expect(seen.manifests).toBeGreaterThan(50);
    expect(({} as Record<string, unknown>).iscrowd).toBeUndefined();
  });

  it('a COCO file is read or refused with a typed error if any single value is an object without a text', () => {
    for (const path of VALUE_PATHS.keys()) {
      check([{ path, token: '{"toString":1}', kind: 'set' }], { refused: 0, manifests: 0 });
    }
  });
});
