import { byCodePoint } from '../../lib/order.js';
import { DatasetError } from '../model/errors.js';

const IMAGE_FILE = /\.(jpe?g|png|webp|tiff?|gif|avif|heic|heif|bmp|mpo)$/i;

export const isImageFile = (path: string) => IMAGE_FILE.test(path);

/** Finds the file of the archive that a `file_name` means, for every layout that exporters write. */
export class FileResolver {
  private readonly paths: ReadonlySet<string>;
  /** Image files by their names in small letters: Windows and macOS keep none apart that differ in case alone. */
  private readonly byBaseName = new Map<string, string[]>();
  private readonly cocoFolders: ReadonlySet<string>;
  private readonly imageFolders = new Set<string>();
  private readonly searched = new Map<string, readonly string[]>();

  constructor(paths: readonly string[], cocoFiles: readonly string[]) {
    this.paths = new Set(paths);
    this.cocoFolders = new Set(cocoFiles.map(folderOf));
    for (const path of paths.filter(isImageFile).sort(byCodePoint)) {
      const base = baseName(path).toLowerCase();
      const same = this.byBaseName.get(base);
      if (same) same.push(path);
      else this.byBaseName.set(base, [path]);
      for (const folder of foldersAround(path)) this.imageFolders.add(folder);
    }
  }

  /**
   * Path in the archive and whether the bare name alone led there; undefined where it has no such file.
   * @throws DatasetError ImageAmbiguous where the bare name fits several files
   */
  resolve(
    cocoFile: string,
    fileName: string,
  ): { readonly path: string; readonly byName: boolean } | undefined {
    const name = fileName.normalize('NFC');
    for (const folder of foldersOf(cocoFile)) {
      const path = join(folder, name);
      if (path !== undefined && this.paths.has(path)) return { path, byName: false };
    }
    const path = this.byName(cocoFile, name);
    return path === undefined ? undefined : { path, byName: true };
  }

  /** By its bare name, first among the files below the JSON's folder, then below the folder above. */
  private byName(cocoFile: string, fileName: string): string | undefined {
    const base = baseName(fileName);
    const folder = folderOf(cocoFile);
    const search = `${folder}/${base}`;
    const found = this.searched.get(search) ?? this.sameName(folder, base);
    this.searched.set(search, found);
    if (found.length <= 1) return found[0];
    throw new DatasetError(
      'ImageAmbiguous',
      `${cocoFile}: the image ${JSON.stringify(fileName)} could be any of ${found.slice(0, 5).join(', ')}. Write its folder into file_name, or leave out the JSON file if others describe its images.`,
      { file: cocoFile, record: fileName, examples: found.slice(0, 20), count: found.length },
    );
  }

  private sameName(folder: string, base: string): readonly string[] {
    const alike = this.byBaseName.get(base.toLowerCase()) ?? [];
    const same = alike.filter((path) => baseName(path) === base);
    const exact = this.around(folder, same);
    return exact.length > 0 ? exact : this.around(folder, alike);
  }

  private around(folder: string, same: readonly string[]): readonly string[] {
    const inside = same.filter((path) => isBelow(folder, path));
    if (inside.length > 0) return inside;
    const above = folderOf(folder);
    return same.filter((path) => isBelow(above, path) && !this.isAnothers(folder, path));
  }

  /** Where `valid/` and `train/` each have images and a COCO file, a name in valid's never means a file of train's. */
  private isAnothers(folder: string, path: string): boolean {
    if (!this.imageFolders.has(folder)) return false;
    const owner = foldersAround(path).find((around) => this.cocoFolders.has(around));
    return owner !== undefined && !isBelow(owner, `${folder}/`);
  }
}

/** What exporters write around a subset's name: `instances_train2017`, `train_annotations`, `train.coco`. */
const AROUND_SUBSET =
  /^(?:instances|person_keypoints|labels|annotations|coco)[_-]|[_.-](?:annotations?|labels|coco|instances)$/gi;

/**
 * Where exporters put images, seen from the JSON: beside it (Roboflow), in `images/` beside it (Label Studio) or
 * beside its folder (CVAT), in a folder named as the subset in any of these (COCO: `instances_train2017.json`,
 * `images/train2017/` or `train2017/`), in `data/` (FiftyOne).
 */
function foldersOf(cocoFile: string): string[] {
  const folder = folderOf(cocoFile);
  const above = folderOf(folder);
  const subset = baseName(cocoFile)
    .replace(/\.json$/i, '')
    .replace(AROUND_SUBSET, '');
  return [
    folder,
    join(folder, `images/${subset}`),
    join(folder, 'images'),
    join(folder, 'data'),
    join(folder, subset),
    join(above, `images/${subset}`),
    join(above, subset),
    join(above, 'images'),
    above,
  ].filter((path) => path !== undefined);
}

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));
/** The folders that a path lies in, the innermost first, without the archive itself. */
function foldersAround(path: string): string[] {
  const folders: string[] = [];
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) folders.push(folder);
  return folders;
}

const isBelow = (folder: string, path: string) => folder === '' || path.startsWith(`${folder}/`);

/** The path that a name means seen from a folder; undefined where it leads out of the archive. */
function join(folder: string, name: string): string | undefined {
  const segments: string[] = folder === '' ? [] : folder.split('/');
  for (const segment of name.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

/** Where a file that the archive doesn't have would lie. */
export const expectedPath = (cocoFile: string, fileName: string): string =>
  join(folderOf(cocoFile), fileName) ?? fileName;
