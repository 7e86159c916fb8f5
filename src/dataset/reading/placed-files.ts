import { byCodePoint } from '../../lib/order.js';
import type { Steps } from '../../lib/steps.js';
import { DatasetError } from '../model/errors.js';
import { formatOfBytes } from '../model/file-formats.js';
import type { ReadingSettings } from '../model/settings.js';
import { type BrokenFile, unneededFiles } from './broken-files.js';
import { ReadingBudget } from './budget.js';
import { type CocoFile, finishCocoFile, readCocoFile, type StartedFile, startCocoFile } from './coco.js';
import { copyFolder } from './coco-files.js';
import { joinLabels } from './join-labels.js';
import { headOf, type JsonFile } from './json-file.js';
import { type IdsOfFile, readingsOfExports } from './one-id-reading.js';
import {
  type ArchivePaths,
  type PlacedRecords,
  type Placement,
  type Placements,
  placeRecords,
} from './placements.js';
import { Preference } from './preference.js';
import { SmallFiles } from './shared-evidence.js';

/** The COCO files of an archive and the files of their images. */
export interface PlacedFiles extends PlacedRecords {
  /** COCO files that do not count, each with the reason. */
  readonly skipped: readonly string[];
  /** Those of them that are labels, but none of whose images is in the archive; all files if no image is. */
  readonly withoutImages: readonly CocoFile[];
  readonly preference: Preference;
}

/**
 * Reads the COCO files and finds their images. Copies in hidden or backup folders count only if no other COCO file
 * names an image of the archive. Returns undefined if there is no COCO file. Yields regularly.
 * @throws DatasetError CocoInvalid, ImageAmbiguous
 */
export function* readPlacedFiles(
  jsonFiles: readonly JsonFile[],
  archive: ArchivePaths,
  settings: ReadingSettings,
): Steps<PlacedFiles | undefined> {
  const budget = new ReadingBudget();
  const folderOfCopy = new Map(jsonFiles.map(({ path }) => [path, copyFolder(path, archive.paths)]));
  const originals = jsonFiles.filter(({ path }) => folderOfCopy.get(path) === undefined);
  const { files, downloads, broken } = yield* readAll(originals, settings, budget);
  const result = yield* placeFiles(files, archive);
  const damaged = yield* unneededFiles(broken, { files, placed: result.placed, paths: archive.paths });
  const copies = jsonFiles.filter(({ path }) => folderOfCopy.get(path) !== undefined);
  if (files.length > 0 && (result.placed.size > 0 || copies.length === 0)) {
    const skippedCopies = yield* namesOfCoco(copies, settings, budget);
    const reasons = skippedCopies.map((path) => `${path}: in a ${folderOfCopy.get(path)} folder`);
    return {
      ...result,
      skipped: [...result.skipped, ...reasons, ...downloads, ...damaged].sort(byCodePoint),
    };
  }
  const read = yield* readAll(copies, settings, budget);
  const all = [...files, ...read.files];
  const placed = all.length === 0 ? undefined : yield* placeFiles(all, archive);
  yield* unneededFiles(read.broken, {
    files: all,
    placed: placed?.placed ?? new Map(),
    paths: archive.paths,
  });
  return placed;
}

/** Bytes that show a file to stand for another one that was not downloaded. */
const HEAD_BYTES = 256;

/**
 * Reads COCO files. Small ones of one export are read with what all of them show. `broken` has those that cannot be read. Of the
 * other JSON files, `downloads` has those that stand for a file that was not downloaded, such as Git LFS pointers, with what to do.
 */
function* readAll(
  jsonFiles: readonly JsonFile[],
  settings: ReadingSettings,
  budget: ReadingBudget,
): Steps<{ files: CocoFile[]; downloads: string[]; broken: BrokenFile[] }> {
  const small = new SmallFiles(jsonFiles.map(({ path }) => path));
  const read: (CocoFile | StartedFile)[] = [];
  const ids: (IdsOfFile & { readonly json: JsonFile })[] = [];
  const downloads: string[] = [];
  const broken: BrokenFile[] = [];
  for (const json of jsonFiles) {
    const started = yield* unlessBroken(startCocoFile(json, settings, budget, small));
    if (started instanceof DatasetError) {
      broken.push({ json, refusal: started });
      continue;
    }
    if (started) {
      ids.push({ json, path: json.path, twofoldIds: started.pass.twofoldIds });
      read.push(started.shared ? started : yield* finishCocoFile(started, budget));
      continue;
    }
    // Read at once: the bytes of the file that was read last are still in memory.
    const format = formatOfBytes(yield* headOf(json, HEAD_BYTES));
    if (format?.kind === 'download') {
      downloads.push(`${json.path}: ${format.name}, not JSON. ${format.advice ?? ''}`);
    }
  }
  const readings = readingsOfExports(ids);
  for (const [index, { json, path }] of ids.entries()) {
    const readAs = readings.get(path);
    // Its records were counted when it was read first.
    const again = readAs && (yield* startCocoFile(json, settings, new ReadingBudget(), undefined, readAs));
    if (again) read[index] = yield* finishCocoFile(again, new ReadingBudget());
  }
  const files: CocoFile[] = [];
  for (const one of read) files.push('outline' in one ? yield* finishCocoFile(one, budget) : one);
  return { files: files.map((file, i) => withShared(file, read[i])), downloads, broken };
}

/** The result of reading a COCO file, or the refusal if the file is broken as a whole. */
function* unlessBroken<Result>(reading: Steps<Result>): Steps<Result | DatasetError> {
  try {
    return yield* reading;
  } catch (error) {
    if (error instanceof DatasetError && error.type === 'CocoInvalid') return error;
    throw error;
  }
}

/** The file with the inconsistency of all small files of its export. */
function withShared(file: CocoFile, read: CocoFile | StartedFile | undefined): CocoFile {
  const shared = read && 'outline' in read ? read.shared : undefined;
  return shared ? { ...file, inconsistency: shared.inconsistency } : file;
}

/** The paths of the files that are COCO, broken or not. */
function* namesOfCoco(
  jsonFiles: readonly JsonFile[],
  settings: ReadingSettings,
  budget: ReadingBudget,
): Steps<string[]> {
  const paths: string[] = [];
  for (const json of jsonFiles) {
    if (yield* unlessBroken(readCocoFile(json, settings, budget))) paths.push(json.path);
  }
  return paths;
}

/**
 * Places the images of COCO files. A file does not count if none of its images is in the archive and another file has
 * some, or if it has predictions of a model and another file has labels.
 */
function* placeFiles(read: readonly CocoFile[], archive: ArchivePaths): Generator<undefined, PlacedFiles> {
  const files = joinLabels(read);
  const preference = new Preference(files);
  const { placed, missing, ambiguous } = yield* placeRecords(preference.sorted, archive);
  const placing = new Set([...placed.values()].flat().map(({ file }) => file));
  if (placing.size === 0)
    return { placed, missing, ambiguous, skipped: [], withoutImages: files, preference };
  const isLabelled = [...placing].some(({ hasBoxes, isPredicted }) => hasBoxes && !isPredicted);
  const reasons = new Map(
    files.flatMap((file): [CocoFile, string][] => {
      if (isLabelled && file.isPredicted) return [[file, 'its boxes are predictions of a model (score)']];
      if (placing.has(file) || file.images.length === 0) return [];
      return [[file, `none of its images (${file.images.length}) is in the archive`]];
    }),
  );
  const counting = (placements: Placements): Placements => {
    if (reasons.size === 0) return placements;
    return new Map(
      [...placements].flatMap(([path, all]): [string, readonly Placement[]][] => {
        const left = all.filter(({ file }) => !reasons.has(file));
        return left.length > 0 ? [[path, left]] : [];
      }),
    );
  };
  return {
    placed: counting(placed),
    missing: counting(missing),
    ambiguous: ambiguous.filter(({ file }) => placing.has(file) && !reasons.has(file)),
    skipped: [...reasons].map(([{ path }, reason]) => `${path}: ${reason}`).sort(byCodePoint),
    withoutImages: [...reasons.keys()].filter((file) => !placing.has(file) && !file.isPredicted),
    preference,
  };
}
