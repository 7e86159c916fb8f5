import { DatasetError } from './errors.js';

const IMAGE_FILE = /\.(jpe?g|png|webp|tiff?|gif|avif|heic|heif|bmp|mpo)$/i;

export const isImageFile = (path: string) => IMAGE_FILE.test(path);

/** Finds the file of the archive that a `file_name` means, for every layout that exporters write. */
export class FileResolver {
  private readonly paths: ReadonlySet<string>;
  private readonly byBaseName = new Map<string, string[]>();

  constructor(paths: readonly string[]) {
    this.paths = new Set(paths);
    for (const path of paths.filter(isImageFile)) {
      const base = baseName(path);
      const same = this.byBaseName.get(base);
      if (same) same.push(path);
      else this.byBaseName.set(base, [path]);
    }
  }

  /**
   * Path in the archive, or undefined where it has no such file.
   * @throws DatasetError ImageAmbiguous where the bare name fits several files
   */
  resolve(cocoFile: string, fileName: string): string | undefined {
    const name = fileName.normalize('NFC');
    for (const folder of foldersOf(cocoFile)) {
      const path = join(folder, name);
      if (path !== undefined && this.paths.has(path)) return path;
    }
    return this.byName(cocoFile, name);
  }

  /** By its bare name, first among the files below the JSON's folder, then below the folder above. */
  private byName(cocoFile: string, fileName: string): string | undefined {
    const same = this.byBaseName.get(baseName(fileName)) ?? [];
    const folder = folderOf(cocoFile);
    for (const tree of [folder, folderOf(folder)]) {
      const inside = same.filter((path) => tree === '' || path.startsWith(`${tree}/`));
      if (inside.length === 1) return inside[0];
      if (inside.length > 1) {
        throw new DatasetError(
          'ImageAmbiguous',
          `${cocoFile}: the image ${JSON.stringify(fileName)} could be any of ${inside.slice(0, 5).join(', ')}. Write its folder into file_name.`,
          { file: cocoFile, record: fileName, examples: inside.slice(0, 20), count: inside.length },
        );
      }
    }
    return undefined;
  }
}

/**
 * Where exporters put images, seen from the JSON: beside it (Roboflow), in `images/` beside it (Label Studio) or
 * beside its folder (CVAT), there in a folder named as the subset (COCO: `instances_train2017.json`,
 * `images/train2017/` or `train2017/`), in `data/` (FiftyOne).
 */
function foldersOf(cocoFile: string): string[] {
  const folder = folderOf(cocoFile);
  const above = folderOf(folder);
  const subset = /^(?:instances|person_keypoints|labels|annotations)_(.+)\.json$/i.exec(
    baseName(cocoFile),
  )?.[1];
  return [
    folder,
    join(folder, 'images'),
    join(folder, 'data'),
    ...(subset ? [join(above, `images/${subset}`), join(above, subset)] : []),
    join(above, 'images'),
    above,
  ].filter((path) => path !== undefined);
}

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Undefined where the path leads out of the archive. */
function join(folder: string, name: string): string | undefined {
  const segments: string[] = folder === '' ? [] : folder.split('/');
  for (const segment of name.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}
