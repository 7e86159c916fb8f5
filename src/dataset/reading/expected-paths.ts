import { byCodePoint } from '../../lib/order.js';
import type { CocoFile } from './coco.js';
import type { CocoImage } from './image-records.js';
import { folderOf, pathBelow } from './resolve.js';

/** An image record with the COCO file that it comes from. */
interface FileRecord {
  readonly file: CocoFile;
  readonly image: CocoImage;
}

/** Says where the files of records would be expected: in the folder of the other images of their COCO file. */
export class ExpectedPaths {
  readonly #folders = new Map<CocoFile, Map<string, number>>();
  readonly #chosen = new Map<CocoFile, string>();

  /** @param placed the records whose files were found, by path */
  constructor(placed: ReadonlyMap<string, readonly FileRecord[]>) {
    for (const [path, placements] of placed) {
      for (const { file, image } of placements) {
        const folder = folderBefore(path, image.fileName);
        if (folder === undefined) continue;
        const counts = this.#folders.get(file) ?? new Map<string, number>();
        counts.set(folder, (counts.get(folder) ?? 0) + 1);
        this.#folders.set(file, counts);
      }
    }
  }

  /** The path where the missing file of a record would be expected; beside the COCO file if all its images are missing. */
  of({ file, image }: FileRecord): string {
    const chosen = this.#chosen.get(file) ?? this.#mostFrequent(file) ?? folderOf(file.path);
    this.#chosen.set(file, chosen);
    return pathBelow(chosen, image.fileName);
  }

  #mostFrequent(file: CocoFile): string | undefined {
    const counts = [...(this.#folders.get(file) ?? [])];
    return counts.sort(([a, m], [b, n]) => n - m || byCodePoint(a, b))[0]?.[0];
  }
}

/** The folder to which a file_name is relative; undefined if the path does not end with it. */
function folderBefore(path: string, fileName: string): string | undefined {
  const name = pathBelow('', fileName).normalize('NFC');
  if (path === name) return '';
  return path.endsWith(`/${name}`) ? path.slice(0, -name.length - 1) : undefined;
}
