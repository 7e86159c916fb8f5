import { baseName } from '../../lib/base-name.js';
import type { Side } from './types.js';

/** A folder such as `train`, `valid` or `test2017`, or a word of a COCO file's name between `_`, `-` or `.`. */
const SUBSET = /^(?:(?<train>train|training)|(?<val>valid|validation|val)|(?<test>test|testing))\d*$/i;

interface ImagePlace {
  /** Path of the image in the archive. */
  readonly path: string;
  /** Path of the COCO file that describes it. */
  readonly cocoFile: string;
}

export type SubsetName = 'train' | 'val' | 'test';

/** A split of an export, and the side of Curator's split that it stands for. */
export interface ExportedSubset {
  readonly name: SubsetName;
  readonly side: Side;
}

/**
 * The split that the export put an image in; null if neither names nor folders say it. The name of the COCO file decides first (`instances_train2017.json`), then the innermost folder of the image, then
 * the innermost folder of the COCO file.
 */
export function exportedSubset({ path, cocoFile }: ImagePlace): ExportedSubset | null {
  const words = baseName(cocoFile).split(/[_.-]/);
  for (const word of [...words, ...foldersOf(path), ...foldersOf(cocoFile)]) {
    const name = subsetNamed(word);
    if (name) return { name, side: name === 'train' ? 'train' : 'val' };
  }
  return null;
}

/** The split that a word such as `valid` or `test2017` names; undefined if it names none. */
export function subsetNamed(word: string): SubsetName | undefined {
  const groups = SUBSET.exec(word)?.groups;
  if (!groups) return undefined;
  return groups.train ? 'train' : groups.val ? 'val' : 'test';
}

/** The side that the export put an image on: `train`, or `val` for valid and test; null if nothing says it. */
export const exportedSide = (image: ImagePlace): Side | null => exportedSubset(image)?.side ?? null;

/** The path of a COCO file with `*` for each word that names a split, such as `annotations/instances_*.json`. */
export const withoutSubset = (cocoFile: string): string =>
  cocoFile
    .split(/([/_.-])/)
    .map((word) => (SUBSET.test(word) ? '*' : word))
    .join('');

/** The folders of a path, the innermost first. */
const foldersOf = (path: string) => path.split('/').slice(0, -1).reverse();
