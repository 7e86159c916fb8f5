import type { DatasetError } from '../../../src/dataset/model/errors.js';
import type { ArchiveEntry } from '../../../src/dataset/model/types.js';
import { jsonInMemory } from '../../../src/dataset/reading/json-file.js';
import { mergeCoco } from '../../../src/dataset/reading/merge.js';
import { refusalOf } from '../../support/refusal.js';
import { finish } from '../../support/steps.js';

export const CATEGORIES = [
  { id: 0, name: 'lesions' },
  { id: 1, name: 'nodule' },
  { id: 2, name: 'pustule' },
];

export const entry = (path: string): ArchiveEntry => ({
  path,
  offset: 0,
  compressedSize: 1,
  size: 1,
  crc32: 0,
  method: 0,
  modified: '2025-01-01T00:00:00',
});

export interface Coco {
  readonly images: readonly object[];
  readonly annotations: readonly object[];
  readonly categories?: readonly object[];
}

export const image = (id: number | string, name: string) => ({ id, file_name: name, width: 100, height: 80 });
export const annotation = (imageId: number | string, more: object = {}) => ({
  id: 1,
  image_id: imageId,
  category_id: 1,
  bbox: [1, 2, 30, 40],
  iscrowd: 0,
  ...more,
});

/** Returns the categories that the annotations use, so that only tests about unused classes have any. */
function usedCategories({ annotations }: Coco): readonly object[] {
  return CATEGORIES.filter(({ id }) =>
    annotations.some((one) => 'category_id' in one && one.category_id === id),
  );
}

/** Merges COCO files given by path. A file is an object, or a string or buffer with its content. */
export function merge(
  files: Readonly<Record<string, Coco | string | Buffer>>,
  paths: readonly string[],
  { keepCrowd = false } = {},
) {
  const json = Object.entries(files).map(([path, coco]) =>
    jsonInMemory(
      path,
      Buffer.isBuffer(coco)
        ? coco
        : Buffer.from(
            typeof coco === 'string' ? coco : JSON.stringify({ categories: usedCategories(coco), ...coco }),
          ),
    ),
  );
  return finish(mergeCoco(json, [...paths, ...Object.keys(files)].map(entry), { keepCrowd }));
}

export function refusal(
  files: Readonly<Record<string, Coco | string | Buffer>>,
  paths: readonly string[] = ['a.jpg'],
): DatasetError {
  return refusalOf(() => merge(files, paths));
}

type Merged = ReturnType<typeof merge>;
export const pathsOf = (merged: Merged) => merged.images.map(({ path }) => path);
export const codesOf = (merged: Merged) => merged.findings.map(({ code }) => code);

/** Reads one annotation with these fields. Returns its box as [x, y, width, height], or undefined if it was dropped. */
export function readBox(more: object) {
  const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations: [annotation(1, more)] } }, [
    'a.jpg',
  ]);
  const [box] = merged.images[0]?.boxes ?? [];
  return { merged, box: box && [box.x, box.y, box.width, box.height] };
}
