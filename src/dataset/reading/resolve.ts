import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import { DatasetError, MAX_REFUSAL_EXAMPLES } from '../model/errors.js';
import { nameReadings } from './name-readings.js';
import { chooseByFolders, subsetIn } from './same-names.js';

const IMAGE_FILE = /\.(jpe?g|png|webp|tiff?|gif|avif|heic|heif|bmp|mpo)$/i;

export const isImageFile = (path: string) => IMAGE_FILE.test(path);

/**
 * Folders of pictures that were made from the photos and have their names: masks, pictures with drawn boxes, small copies.
 * Beside photos they are found only by their paths, so that they never stand in for a photo that is missing.
 */
const MADE_FROM_PHOTOS =
  /(?:^|\/)(?:masks?|segmentation_?(?:class|object|masks?)?|ground_?truth|gt|vis|visuali[sz]ations?|overlays?|thumb(?:nail)?s?|previews?)\//i;

/** The path in the archive and whether it was found by the bare name, or the files that the bare name fits. */
export type ResolvedName =
  | { readonly path: string; readonly byName: boolean }
  | { readonly candidates: readonly string[] };

/** Finds the file of the archive that a `file_name` means, in every layout that exporters write. */
export class FileResolver {
  private readonly paths: ReadonlySet<string>;
  /** Image files by name in lower case: Windows and macOS do not distinguish names that differ in case only. */
  private readonly byBaseName: NamedPaths;
  /** The same by name without extension. */
  private readonly byStem: ReadonlyMap<string, readonly string[]>;
  private readonly cocoFolders: ReadonlySet<string>;
  private readonly imageFolders: ReadonlySet<string>;
  private readonly searched = new Map<string, readonly string[]>();
  private readonly folders = new Map<string, readonly string[]>();

  constructor(paths: readonly string[], cocoFiles: readonly string[]) {
    this.paths = new Set(paths);
    this.cocoFolders = new Set(cocoFiles.map(folderOf));
    const images = paths.filter(isImageFile).sort(byCodePoint);
    const photos = images.filter((path) => !MADE_FROM_PHOTOS.test(path));
    const named = photos.length > 0 ? photos : images;
    this.byBaseName = new NamedPaths(named, (path) => baseName(path).toLowerCase());
    this.byStem = groupBy(named, (path) => stemOf(baseName(path)).toLowerCase());
    this.imageFolders = new Set(images.flatMap(foldersAround));
  }

  /**
   * Returns the file by its path, else by its bare name and the folders that the record or its COCO file names; undefined
   * if no file has this name.
   */
  resolve(cocoFile: string, fileName: string): ResolvedName | undefined {
    const name = fileName.normalize('NFC');
    const path = this.byPath(cocoFile, name);
    if (path !== undefined) return { path, byName: false };
    const found = this.byName(cocoFile, name);
    const [only, ...others] = found;
    if (only !== undefined && others.length === 0) return { path: only, byName: true };
    const among = only === undefined ? this.elsewhere(cocoFile, name) : found;
    const chosen = chooseByFolders(among, name, cocoFile);
    if (chosen !== undefined) return { path: chosen, byName: false };
    return only === undefined ? undefined : { candidates: found };
  }

  /**
   * Returns the only file that the name can mean when it is read as a URL, percent-encoded or with another extension;
   * undefined if none or several fit.
   */
  resolveLoosely(cocoFile: string, fileName: string): string | undefined {
    const found = this.looselyNamed(cocoFile, fileName);
    return 'path' in found ? found.path : onlyOne(found.candidates, cocoFile, found.name);
  }

  /** The files that a name can mean in this way if several fit; otherwise none. */
  looseCandidates(cocoFile: string, fileName: string): readonly string[] {
    const found = this.looselyNamed(cocoFile, fileName);
    return 'path' in found || found.candidates.length < 2 ? [] : found.candidates;
  }

  /** The file by its path, or else the files that the first reading of the name fits that fits any. */
  private looselyNamed(
    cocoFile: string,
    fileName: string,
  ): { readonly path: string } | { readonly name: string; readonly candidates: readonly string[] } {
    const names = [fileName.normalize('NFC'), ...nameReadings(fileName)];
    for (const name of names.slice(1)) {
      const path = this.byPath(cocoFile, name);
      if (path !== undefined) return { path };
      const candidates = this.byName(cocoFile, name);
      if (candidates.length > 0) return { name, candidates };
    }
    for (const name of names) {
      const candidates = this.bySameStem(cocoFile, name);
      if (candidates.length > 0) return { name, candidates };
    }
    return { name: fileName, candidates: [] };
  }

  private byPath(cocoFile: string, name: string): string | undefined {
    for (const folder of this.searchedFolders(cocoFile)) {
      const path = join(folder, name);
      if (path !== undefined && this.paths.has(path)) return path;
    }
    return undefined;
  }

  private searchedFolders(cocoFile: string): readonly string[] {
    const folders = this.folders.get(cocoFile) ?? foldersOf(cocoFile);
    this.folders.set(cocoFile, folders);
    return folders;
  }

  /** By the bare name, first among the files below the JSON's folder, then below its parent folder. */
  private byName(cocoFile: string, fileName: string): readonly string[] {
    const base = baseName(fileName);
    const folder = folderOf(cocoFile);
    const search = `${folder}/${base}`;
    const found = this.searched.get(search) ?? this.sameName(folder, base);
    this.searched.set(search, found);
    return found;
  }

  private sameName(folder: string, base: string): readonly string[] {
    const inside = this.byBaseName.below(folder, base.toLowerCase());
    const isSame = (path: string) => baseName(path) === base;
    const exact = inside.filter(isSame);
    if (exact.length > 0) return exact;
    const above = this.byBaseName.below(folderOf(folder), base.toLowerCase());
    const others = this.around(folder, above.filter(isSame));
    return others.length > 0 ? others : this.around(folder, above);
  }

  /** By the bare name in the whole archive, if no image is near the JSON, as in `coco/train/labels.json` and `train/`. */
  private elsewhere(cocoFile: string, fileName: string): readonly string[] {
    const folder = folderOf(cocoFile);
    const above = folderOf(folder);
    if (above === '' || this.imageFolders.has(above)) return [];
    const same = this.byBaseName.below('', baseName(fileName).toLowerCase());
    return same.filter((path) => !foldersAround(path).some((around) => this.cocoFolders.has(around)));
  }

  /** By the name without extension: first as a path, then as a bare name. */
  private bySameStem(cocoFile: string, name: string): readonly string[] {
    const base = baseName(name).toLowerCase();
    const stems = new Set([base, stemOf(base)]);
    const alike = [...stems].flatMap((stem) => (stem === '' ? [] : (this.byStem.get(stem) ?? [])));
    for (const folder of this.searchedFolders(cocoFile)) {
      const path = join(folder, name)?.toLowerCase();
      if (path === undefined) continue;
      const found = alike.filter((one) => [path, stemOf(path)].includes(stemOf(one).toLowerCase()));
      if (found.length > 0) return found;
    }
    return this.around(folderOf(cocoFile), alike);
  }

  private around(folder: string, same: readonly string[]): readonly string[] {
    const inside = same.filter((path) => isBelow(folder, path));
    if (inside.length > 0) return inside;
    const above = folderOf(folder);
    return same.filter((path) => isBelow(above, path) && !this.belongsToOther(folder, path));
  }

  /** Where `valid/` and `train/` each have images and a COCO file, a name in that of `valid` never means a file in `train`. */
  private belongsToOther(folder: string, path: string): boolean {
    if (!this.imageFolders.has(folder)) return false;
    const owner = foldersAround(path).find((around) => this.cocoFolders.has(around));
    return owner !== undefined && !isBelow(owner, `${folder}/`);
  }
}

/** Paths by a name that thousands of them can have, such as that of the first frame of each video. */
class NamedPaths {
  private readonly byName: ReadonlyMap<string, readonly string[]>;
  private readonly byFolder = new Map<string, ReadonlyMap<string, readonly string[]>>();

  constructor(paths: readonly string[], nameOf: (path: string) => string) {
    this.byName = groupBy(paths, nameOf);
  }

  /** The paths of a name below a folder, in the order in which they were given. */
  below(folder: string, name: string): readonly string[] {
    const paths = this.byName.get(name) ?? [];
    if (folder === '' || paths.length === 0) return paths;
    const byFolder = this.byFolder.get(name) ?? pathsByFolder(paths);
    this.byFolder.set(name, byFolder);
    return byFolder.get(folder) ?? [];
  }
}

function pathsByFolder(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byFolder = new Map<string, string[]>();
  for (const path of paths) {
    for (const folder of foldersAround(path)) {
      const inside = byFolder.get(folder);
      if (inside) inside.push(path);
      else byFolder.set(folder, [path]);
    }
  }
  return byFolder;
}

/** The refusal of an annotated image whose bare name fits several files. */
export function ambiguousName(cocoFile: string, fileName: string, found: readonly string[]): DatasetError {
  return new DatasetError(
    'ImageAmbiguous',
    `${cocoFile}: the image ${JSON.stringify(fileName)} could be any of ${found.slice(0, 5).join(', ')}. Write its folder into file_name, or remove the JSON file if others describe its images.`,
    { file: cocoFile, record: fileName, examples: found.slice(0, MAX_REFUSAL_EXAMPLES), count: found.length },
  );
}

/** The only file, or the one that the folders of the name or of the COCO file choose. */
const onlyOne = (found: readonly string[], cocoFile: string, name: string): string | undefined =>
  found.length === 1 ? found[0] : chooseByFolders(found, name, cocoFile);

/**
 * Returns the folders in which exporters put images: beside the JSON (Roboflow), in `images/` beside it (Label Studio) or
 * beside its folder (CVAT), in a folder named after the subset in any of these (COCO: `instances_train2017.json`,
 * `images/train2017/` or `train2017/`), or in `data/` (FiftyOne).
 */
function foldersOf(cocoFile: string): string[] {
  const folder = folderOf(cocoFile);
  const above = folderOf(folder);
  const subset = subsetIn(cocoFile);
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

export const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);
export const stemOf = (path: string) => path.replace(IMAGE_FILE, '');
export const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));
/** Returns the folders around a path, the innermost first, without the root. */
function foldersAround(path: string): string[] {
  const folders: string[] = [];
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) folders.push(folder);
  return folders;
}

export const isBelow = (folder: string, path: string) => folder === '' || path.startsWith(`${folder}/`);

/** Segments of a name that are no folders: `.`, `..` and none between slashes. */
const DOTS_OR_EMPTY = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** Returns the path of a name relative to a folder; undefined if it leads out of the archive. */
function join(folder: string, name: string): string | undefined {
  if (!DOTS_OR_EMPTY.test(name)) return folder === '' ? name : `${folder}/${name}`;
  const segments: string[] = folder === '' ? [] : folder.split('/');
  for (const segment of name.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

/** Returns the path of a name relative to a folder; the name itself if it leads out of the archive. */
export const pathBelow = (folder: string, name: string): string => join(folder, name) ?? name;
