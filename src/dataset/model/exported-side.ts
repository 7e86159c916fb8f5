import type { Side } from './types.js';

/** `train`, `valid`, `test2017` as a folder; with `_`, `-` or `.` between words also within a COCO file's name. */
const SUBSET = /^(?:(?<train>train|training)|valid|validation|val|test|testing)\d*$/i;

/**
 * The side that an exporter put an image on, valid and test being val; null where nothing says it. The COCO file's name
 * goes first (`instances_train2017.json`), then the innermost folder of the image, then of the COCO file.
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
/** The innermost first. */
const foldersOf = (path: string) => path.split('/').slice(0, -1).reverse();
