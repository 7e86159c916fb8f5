import { byCodePoint } from '../../lib/order.js';
import { visit } from '../../lib/steps.js';
import { Drops } from '../model/drops.js';
import { DatasetError } from '../model/errors.js';
import type { DatasetFinding } from '../model/findings.js';
import type { ReadingSettings } from '../model/settings.js';
import type { ArchiveEntry, LabelledImage, RejectedRecord, SourceBox } from '../model/types.js';
import { type CocoFile, readCocoFile } from './coco.js';
import { byPreference, copyFolder } from './coco-files.js';
import { readingFindings } from './findings.js';
import type { CocoImage } from './image-records.js';
import { byPosition, type ChosenRecords, chooseRecords, contradictionsOf, distinct } from './join-files.js';
import { lossFindings, shapeFindings } from './losses.js';
import { type ArchivePaths, type Placement, type Placements, placeRecords, recordOf } from './placements.js';
import { cocoMissing, noUsableImages } from './refusals.js';
import { expectedPath, isImageFile } from './resolve.js';

export interface MergedDataset {
  /** Images whose file is in the archive, sorted by path. */
  readonly images: readonly LabelledImage[];
  /** Image records without a file. */
  readonly rejected: readonly RejectedRecord[];
  /** Classes with at least one usable annotation, sorted. */
  readonly labels: readonly string[];
  readonly annotations: { readonly found: number; readonly dropped: Readonly<Record<string, number>> };
  /** Image files that no COCO file names, sorted. */
  readonly unlisted: readonly string[];
  readonly findings: readonly DatasetFinding[];
  /** The COCO files that count, with their SHA-256. */
  readonly cocoFiles: readonly { readonly path: string; readonly sha256: string }[];
}

interface JsonFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/**
 * Merges the COCO files of an archive into one dataset in which no image counts twice. Yields regularly.
 * @param aliases other readings of paths whose code page is not known: one map from name to path per code page
 * @throws DatasetError CocoMissing, CocoInvalid, ImageAmbiguous, NoUsableImages
 */
export function* mergeCoco(
  jsonFiles: readonly JsonFile[],
  entries: readonly ArchiveEntry[],
  settings: ReadingSettings,
  aliases: ArchivePaths['aliases'] = [],
): Generator<undefined, MergedDataset> {
  const paths = entries.map(({ path }) => path);
  const read = yield* readFiles(jsonFiles, { paths, aliases }, settings);
  if (read === undefined) throw cocoMissing(jsonFiles, entries);
  const { placed, missing, skipped } = read;
  const chosen = new Map([...placed].map(([path, placements]) => [path, chooseRecords(placements)]));
  const counting = countingFiles(placed, chosen, missing);
  const drops = new Drops({});
  for (const file of counting) drops.add('unknown-image', file.orphans);

  const rejected = [...missing.values()].flatMap((placements) => {
    const own = ofFirst(placements.filter(({ file }) => counting.has(file)));
    for (const { image } of own) drops.add('image-rejected', annotationsOf(image));
    return own[0] ? toRejected(own[0], own) : [];
  });
  const images: LabelledImage[] = [];
  yield* visit(chosen.entries(), ([path, { own }]) => images.push(toImage(path, own, drops)));
  if (images.length === 0) throw noUsableImages(rejected, paths);
  images.sort((a, b) => byCodePoint(a.path, b.path));

  const labels = new Set(images.flatMap(({ boxes }) => boxes.map(({ label }) => label)));
  const sortedLabels = [...labels].sort(byCodePoint);
  const unlisted = paths
    .filter((path) => isImageFile(path) && copyFolder(path, []) !== 'hidden' && !placed.has(path))
    .sort(byCodePoint);
  const dropped = drops.sorted();
  const kept = images.reduce((sum, { boxes }) => sum + boxes.length, 0);
  const found = kept + Object.values(dropped).reduce((sum, n) => sum + n, 0);
  const pathsWhere = (holds: (records: ChosenRecords) => boolean) =>
    [...chosen].flatMap(([path, records]) => (holds(records) ? [path] : [])).sort(byCodePoint);
  const owned = [...chosen].flatMap(([path, { own }]) => own.map(({ image }) => ({ ...image, path })));
  const repeated = images.map(({ path, boxes }) => {
    const all = chosen.get(path)?.own.reduce((sum, { image }) => sum + image.boxes.length, 0) ?? 0;
    return { path, dropped: { duplicate: all - boxes.length } };
  });
  const cocoPaths = new Set([...counting].map(({ path }) => path));
  return {
    images,
    rejected: rejected.sort((a, b) => byCodePoint(a.path, b.path)),
    labels: sortedLabels,
    annotations: { found, dropped },
    unlisted,
    findings: [
      ...lossFindings([...owned, ...repeated], [...counting], found),
      ...shapeFindings(owned),
      ...readingFindings({
        labels: sortedLabels,
        empty: [...new Set([...counting].flatMap(({ defined }) => defined))]
          .filter((label) => !labels.has(label))
          .sort(byCodePoint),
        unlisted,
        disagreeing: pathsWhere(({ contradicting }) => contradicting.length > 0),
        contradictions: contradictionsOf(chosen.values()),
        skipped,
        repeated: pathsWhere(
          ({ own }) => ofFirst(own).reduce((sum, { image }) => sum + image.records, 0) > 1,
        ),
        swapped: pathsWhere(({ own }) => own.some(({ image }) => image.swapped > 0)),
        inTwoClasses: images.filter(({ boxes }) => inTwoClasses(boxes)).map(({ path }) => path),
      }),
    ],
    cocoFiles: jsonFiles
      .filter(({ path }) => cocoPaths.has(path))
      .map(({ path, sha256 }) => ({ path, sha256 }))
      .sort((a, b) => byCodePoint(a.path, b.path)),
  };
}

interface PlacedFiles {
  readonly placed: Placements;
  readonly missing: Placements;
  /** COCO files that do not count, each with the reason. */
  readonly skipped: readonly string[];
}

/**
 * Reads the COCO files and finds their images. Copies in hidden or backup folders count only where no other COCO file
 * names an image of the archive. Returns undefined where there is no COCO file.
 */
function* readFiles(
  jsonFiles: readonly JsonFile[],
  archive: ArchivePaths,
  settings: ReadingSettings,
): Generator<undefined, PlacedFiles | undefined> {
  const folderOfCopy = new Map(jsonFiles.map(({ path }) => [path, copyFolder(path, archive.paths)]));
  const originals = jsonFiles.filter(({ path }) => folderOfCopy.get(path) === undefined);
  const files = yield* readAll(originals, settings);
  const result = yield* placeFiles(files, archive);
  const copies = jsonFiles.filter(({ path }) => folderOfCopy.get(path) !== undefined);
  if (files.length > 0 && (result.placed.size > 0 || copies.length === 0)) {
    const skippedCopies = yield* namesOfCoco(copies, settings);
    const reasons = skippedCopies.map((path) => `${path}: in a ${folderOfCopy.get(path)} folder`);
    return { ...result, skipped: [...result.skipped, ...reasons].sort(byCodePoint) };
  }
  const all = [...files, ...(yield* readAll(copies, settings))];
  return all.length === 0 ? undefined : yield* placeFiles(all, archive);
}

function* readAll(
  jsonFiles: readonly JsonFile[],
  settings: ReadingSettings,
): Generator<undefined, CocoFile[]> {
  const files: CocoFile[] = [];
  for (const { path, bytes } of jsonFiles) {
    const file = yield* readCocoFile(path, bytes, settings);
    if (file) files.push(file);
  }
  return files;
}

/** The paths of the files that are COCO, broken or not. */
function* namesOfCoco(
  jsonFiles: readonly JsonFile[],
  settings: ReadingSettings,
): Generator<undefined, string[]> {
  const paths: string[] = [];
  for (const { path, bytes } of jsonFiles) {
    try {
      if (yield* readCocoFile(path, bytes, settings)) paths.push(path);
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      paths.push(path);
    }
  }
  return paths;
}

/** A file of whose images none is in the archive does not count where another file has some. */
function* placeFiles(files: readonly CocoFile[], archive: ArchivePaths): Generator<undefined, PlacedFiles> {
  const { placed, missing } = yield* placeRecords([...files].sort(byPreference), archive);
  const placing = new Set([...placed.values()].flat().map(({ file }) => file));
  if (placing.size === 0) return { placed, missing, skipped: [] };
  const foreign = files.filter((file) => !placing.has(file) && file.images.length > 0);
  const own = [...missing].flatMap(([path, placements]): [string, readonly Placement[]][] => {
    const left = placements.filter(({ file }) => placing.has(file));
    return left.length > 0 ? [[path, left]] : [];
  });
  return {
    placed,
    missing: new Map(own),
    skipped: foreign
      .map(({ path, images }) => `${path}: none of its ${images.length} images is in the archive`)
      .sort(byCodePoint),
  };
}

/** The files that images are taken from; where there are none, all files. */
function countingFiles(
  placed: Placements,
  chosen: ReadonlyMap<string, ChosenRecords>,
  missing: Placements,
): ReadonlySet<CocoFile> {
  const records =
    placed.size > 0 ? [...chosen.values()].flatMap(({ own }) => own) : [...missing.values()].flat();
  return new Set(records.map(({ file }) => file));
}

/** The records of the first file; more than one where it describes an image by several. */
function ofFirst(placements: readonly Placement[]): readonly Placement[] {
  return placements.filter(({ file }) => file === placements[0]?.file);
}

function toImage(path: string, own: readonly Placement[], drops: Drops): LabelledImage {
  const all = own.flatMap(({ image }) => image.boxes);
  const boxes = distinct(all);
  drops.add('duplicate', all.length - boxes.length);
  for (const { image } of own) {
    for (const [reason, count] of Object.entries(image.dropped)) drops.add(reason, count);
  }
  const stated = (side: 'width' | 'height') => {
    const [value = null, ...others] = new Set(own.map(({ image }) => image[side]));
    return others.length === 0 ? value : null;
  };
  return {
    path,
    cocoFile: own[0]?.file.path ?? '',
    record: recordOf(ofFirst(own)),
    width: stated('width'),
    height: stated('height'),
    annotations: own.reduce((sum, { image }) => sum + annotationsOf(image), 0),
    boxes,
  };
}

/** Whether two boxes of an image, which are sorted, differ in their classes only. */
function inTwoClasses(boxes: readonly SourceBox[]): boolean {
  return boxes.some((box, i) => {
    const before = boxes[i - 1];
    return before !== undefined && byPosition(before, box) === 0;
  });
}

function annotationsOf(image: CocoImage): number {
  return image.boxes.length + Object.values(image.dropped).reduce((sum, n) => sum + n, 0);
}

/** Characters of a name that are shown; some tools write a whole image into file_name. */
const MAX_PATH = 300;

function toRejected({ file, image }: Placement, own: readonly Placement[]): RejectedRecord {
  const path = expectedPath(file.path, image.fileName).slice(0, MAX_PATH);
  return {
    status: 'rejected',
    path,
    cocoFile: file.path,
    record: recordOf(own),
    reason: 'missing-in-archive',
    message: `${file.path} names ${JSON.stringify(image.fileName.slice(0, MAX_PATH))}, which is not in the archive.`,
  };
}
