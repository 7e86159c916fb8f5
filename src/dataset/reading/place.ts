import { byCodePoint } from '../../lib/order.js';
import { visit } from '../../lib/steps.js';
import type { ArchiveEntry } from '../model/types.js';
import type { CocoFile, CocoImage } from './coco.js';
import { expectedPath, FileResolver } from './resolve.js';

/** An image record of a COCO file. */
export interface Place {
  readonly file: CocoFile;
  readonly image: CocoImage;
}

/** All that the COCO files say of one path, the file that counts first. */
export type Places = ReadonlyMap<string, readonly Place[]>;

/**
 * Ties each image record to its file in the archive, or to where that should be. Of several COCO files that
 * describe a path, those that lead there by folder and name go before those that only know its bare name. Pauses.
 * @throws DatasetError ImageAmbiguous
 */
export function* place(
  files: readonly CocoFile[],
  entries: readonly ArchiveEntry[],
): Generator<undefined, { placed: Places; missing: Places }> {
  const resolver = new FileResolver(
    entries.map(({ path }) => path),
    files.map(({ path }) => path),
  );
  const byPath = new Map<string, Place[]>();
  const byName = new Map<string, Place[]>();
  const missing = new Map<string, Place[]>();
  for (const file of files) {
    yield* visit(file.images.values(), (image) => {
      const found = resolver.resolve(file.path, image.fileName);
      const place = { file, image };
      if (!found) add(missing, expectedPath(file.path, image.fileName), place);
      else add(found.byName ? byName : byPath, found.path, place);
    });
  }
  for (const [path, places] of byName) for (const one of places) add(byPath, path, one);
  return { placed: byPath, missing };
}

function add(places: Map<string, Place[]>, path: string, place: Place): void {
  const same = places.get(path);
  if (same) same.push(place);
  else places.set(path, [place]);
}

/** The files that an image is taken from, and those that name nothing of the archive: all their images are missing. */
export function countingFiles(placed: Places, missing: Places): ReadonlySet<CocoFile> {
  const counting = new Set([...placed.values()].flatMap(([first]) => (first ? [first.file] : [])));
  const placing = new Set([...placed.values()].flat().map(({ file }) => file));
  for (const { file } of [...missing.values()].flat()) if (!placing.has(file)) counting.add(file);
  return counting;
}

/** The places in the file that counts; more than one where it describes an image by several records. */
export function ofFirst(places: readonly Place[]): readonly Place[] {
  return places.filter(({ file }) => file === places[0]?.file);
}

/** Characters of an id that is shown. */
const MAX_ID = 60;

/** One record of those that describe an image: the same one whatever their order in the file. */
export function recordOf(places: readonly Place[]): string {
  const [id = ''] = places.map(({ image }) => image.id).sort(byCodePoint);
  return `image id ${id.slice(0, MAX_ID)}`;
}
