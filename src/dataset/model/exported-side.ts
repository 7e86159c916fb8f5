import type { Side } from './types.js';

/** A folder such as `train`, `valid` or `test2017`, or a word of a COCO file's name between `_`, `-` or `.`. */
const SUBSET = /^(?:(?<train>train|training)|valid|validation|val|test|testing)\d*$/i;

/**
 * The split that the export put an image in: `train`, or `val` for valid and test; null if neither names nor folders say
 * it. The name of the COCO file decides first (`instances_train2017.json`), then the innermost folder of the image, then
 * the innermost folder of the COCO file.
 */
export function exportedSide({ path, cocoFile }: { path: string; cocoFile: string }): Side | null {
  const words = baseName(cocoFile).split(/[_.-]/);
  for (const word of [...words, ...foldersOf(path), ...foldersOf(cocoFile)]) {
    const subset = SUBSET.exec(word);
    if (subset) return subset.groups?.train ? 'train' : 'val';
  }
  return null;
}

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);
/** The folders of a path, the innermost first. */
const foldersOf = (path: string) => path.split('/').slice(0, -1).reverse();
