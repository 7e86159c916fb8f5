import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import { DatasetError } from '../model/errors.js';
import type { CocoFile } from './coco.js';
import type { Placements } from './placements.js';
import { baseName, folderOf, isImageFile } from './resolve.js';

/** A COCO file all of whose images were found in one folder. */
interface InFolder {
  readonly file: CocoFile;
  readonly folder: string;
  /** The names in the file and those in the folder, as text that can be compared. */
  readonly stated: string;
  readonly there: string;
}

/**
 * Refuses COCO files of two splits that were exchanged, so that their records find pictures of the other split under the same
 * names: each file names exactly the images in the folder of the other one, and not those in its own.
 * @throws DatasetError CocoInvalid with both files and their folders
 */
export function refuseExchangedFiles(
  placed: Placements,
  missing: Placements,
  paths: readonly string[],
): void {
  // One of two splits has more images, whose records find no file.
  if (missing.size === 0) return;
  const files = filesInFolders(placed, paths).sort((a, b) => byCodePoint(a.file.path, b.file.path));
  const byStated = groupBy(files, ({ stated }) => stated);
  for (const one of files) {
    const other = byStated.get(one.there)?.find(({ there }) => there === one.stated);
    if (one.stated === one.there || !other) continue;
    throw new DatasetError(
      'CocoInvalid',
      `${one.file.path} and ${other.file.path} are exchanged: the first names exactly the images in ${other.folder}/, and the second those in ${one.folder}/. Exchange the two files.`,
      { file: one.file.path, examples: [one.file.path, other.file.path] },
    );
  }
}

function filesInFolders(placed: Placements, paths: readonly string[]): InFolder[] {
  const folders = new Map<CocoFile, Set<string>>();
  for (const [path, placements] of placed) {
    for (const { file } of placements) {
      folders.set(file, (folders.get(file) ?? new Set()).add(folderOf(path)));
    }
  }
  const images = groupBy(paths.filter(isImageFile), folderOf);
  const namesIn = new Map([...images].map(([folder, all]) => [folder, namesOf(all)]));
  return [...folders].flatMap(([file, [folder, ...others]]) =>
    folder === undefined || others.length > 0
      ? []
      : [
          {
            ...{ file, folder },
            stated: namesOf(file.images.map(({ fileName }) => fileName)),
            there: namesIn.get(folder) ?? '',
          },
        ],
  );
}

const namesOf = (paths: readonly string[]) => paths.map(baseName).sort(byCodePoint).join('/');
