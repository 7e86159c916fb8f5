import { byCodePoint } from '../../lib/order.js';
import { type Steps, visit } from '../../lib/steps.js';
import { Drops } from '../model/drops.js';
import type { DatasetFinding } from '../model/findings.js';
import type { ReadingSettings } from '../model/settings.js';
import type { ArchiveEntry, LabelledImage, RejectedRecord } from '../model/types.js';
import { absentImages } from './absent-images.js';
import type { CocoFile } from './coco.js';
import { contradictionsOf, refuseContradictions } from './contradictions.js';
import { differentNames } from './different-names.js';
import { refuseExchangedFiles } from './exchanged-files.js';
import { readingFindings } from './findings.js';
import { annotationsOf } from './image-records.js';
import { type ChosenRecords, chooseRecords } from './join-files.js';
import { joinedLabels } from './join-labels.js';
import type { JsonFile } from './json-file.js';
import { labelFiles } from './label-files.js';
import { inTwoClasses, joinRecords, ofFirst, type ReadImage, rejectedRecord } from './labelled-images.js';
import { lossFindings, shapeFindings } from './losses.js';
import { memberFindings } from './member-findings.js';
import { nestedArchives, nestedFinding } from './nested-archives.js';
import { inOneSize } from './one-size.js';
import { overwrittenImages } from './overwritten.js';
import { readPlacedFiles } from './placed-files.js';
import type { ArchivePaths, Placements, UnusedRecord } from './placements.js';
import { predictedBoxes } from './predictions.js';
import { cocoMissing, noUsableImages, refuseUnknownIds } from './refusals.js';
import { refuseShiftedIds, shiftFindings } from './shift-findings.js';
import { shiftedFiles } from './shifted-files.js';
import { structureFindings } from './structure-findings.js';
import { unlabelledFiles } from './unlabelled-files.js';
import { manyUnlisted, unlistedImages } from './unlisted.js';

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

/**
 * Merges the COCO files of an archive into one dataset in which no image counts twice. Yields regularly.
 * @param aliases other readings of paths whose code page is not known: one map from name to path per code page
 * @param unreadable paths of entries that cannot be read, such as links
 * @param otherFiles files that may have labels in other formats; they are read only to report these
 * @throws DatasetError CocoMissing, CocoInvalid, ImageAmbiguous, NoUsableImages
 */
export function* mergeCoco(
  jsonFiles: readonly JsonFile[],
  entries: readonly ArchiveEntry[],
  settings: ReadingSettings,
  aliases: ArchivePaths['aliases'] = [],
  unreadable: ReadonlySet<string> = new Set(),
  otherFiles: readonly JsonFile[] = [],
): Steps<MergedDataset> {
  const paths = entries.map(({ path }) => path);
  const files = yield* readPlacedFiles(jsonFiles, { paths, aliases }, settings);
  if (files === undefined) throw yield* cocoMissing(jsonFiles, entries, otherFiles);
  const { missing, skipped, ambiguous, preference, withoutImages } = files;
  const { placed, finding: sizesDiffer } = inOneSize(files.placed);
  const chosen: Chosen = new Map([...placed].map(([path, placements]) => [path, chooseRecords(placements)]));
  const counting = countingFiles(placed, chosen, missing);
  refuseInconsistent(counting);
  refuseExchangedFiles(placed, missing, paths);
  const [inner] = nestedArchives(paths);
  const lost = rejectMissing(missing, counting, inner);
  const read = yield* readImages(chosen);
  const absent = [...lost.rejected, ...lost.unused.map(({ rejected }) => rejected)].sort(byPath);
  if (read.length === 0) throw noUsableImages(absent, lost.names, paths, withoutImages);

  const images = read.map(({ image }) => image);
  const contradictions = contradictionsOf(chosen.values(), preference);
  refuseContradictions(contradictions, images.filter(({ boxes }) => boxes.length > 0).length);
  const labels = labelsOf(images);
  const annotations = countAnnotations(read, counting, lost.annotations);
  refuseShiftedIds([...counting]);
  if (labels.length === 0) refuseUnknownIds([...counting], annotations.dropped);
  const unlisted = unlistedImages(paths, new Set([...placed.keys(), ...unreadable]));
  const defined = new Set([...counting].flatMap((file) => file.defined));
  const inOtherFormats = yield* labelFiles([...jsonFiles, ...otherFiles], images, defined);
  const oddities = {
    ...{ labels, unlisted, skipped, contradictions },
    ...odditiesOf(chosen, images, labels, defined),
  };
  const owned = [...chosen].flatMap(([path, { own }]) => own.map(({ image }) => ({ path, image })));
  return {
    images,
    rejected: lost.rejected,
    labels,
    annotations,
    unlisted,
    findings: [
      ...lossFindings(read, [...counting], annotations.found),
      ...shapeFindings(owned),
      ...[
        predictedBoxes(owned, annotations.found),
        absentImages(withoutImages, annotations.found),
        joinedLabels([...counting]),
        sizesDiffer,
        differentNames(chosen),
        manyUnlisted(unlisted, [...placed.keys()]),
        shiftedFiles({
          listed: [...placed.keys()],
          missing: absent.map(({ path }) => path),
          unlisted,
        }),
        nestedFinding(paths, absent.length),
      ].filter((finding) => finding !== undefined),
      ...unlabelledFiles(chosen),
      ...structureFindings([...counting], [...ambiguous, ...lost.unused]),
      ...shiftFindings([...counting]),
      ...memberFindings([...counting]),
      ...inOtherFormats,
      ...readingFindings(oddities),
    ],
    cocoFiles: filesUsed(counting),
  };
}

/** Files that do not count cannot refuse a dataset. */
function refuseInconsistent(counting: ReadonlySet<CocoFile>): void {
  const [first] = [...counting]
    .flatMap(({ path, inconsistency }) => (inconsistency ? [{ path, inconsistency }] : []))
    .sort((a, b) => byCodePoint(a.path, b.path));
  if (first) throw first.inconsistency;
}

/** By path: the records of an image that count. */
type Chosen = ReadonlyMap<string, ChosenRecords>;

/** The files that images are taken from; if there are none, all files. */
function countingFiles(placed: Placements, chosen: Chosen, missing: Placements): ReadonlySet<CocoFile> {
  const records =
    placed.size > 0 ? [...chosen.values()].flatMap(({ own }) => own) : [...missing.values()].flat();
  return new Set(records.map(({ file }) => file));
}

/**
 * Rejects the annotated records whose file is not in the archive, and counts their annotations. Records without annotations
 * are `unused`: nothing is lost without them. `names` has the names that all of them state.
 * @param inner an archive within the archive, which may have the files
 */
function rejectMissing(missing: Placements, counting: ReadonlySet<CocoFile>, inner: string | undefined) {
  const rejected: RejectedRecord[] = [];
  const unused: (UnusedRecord & { readonly rejected: RejectedRecord })[] = [];
  const names: string[] = [];
  let annotations = 0;
  for (const [path, placements] of missing) {
    const [first, ...others] = ofFirst(placements.filter(({ file }) => counting.has(file)));
    if (!first) continue;
    const record = rejectedRecord(path, [first, ...others], inner);
    const found = [first, ...others].reduce((sum, { image }) => sum + annotationsOf(image), 0);
    const what = `${record.record} is not in the archive (${path})`;
    if (found > 0) rejected.push(record);
    else unused.push({ file: first.file, what, rejected: record });
    names.push(first.image.fileName);
    annotations += found;
  }
  return { rejected: rejected.sort(byPath), unused, names, annotations };
}

const byPath = (a: RejectedRecord, b: RejectedRecord) => byCodePoint(a.path, b.path);

function* readImages(chosen: Chosen): Generator<undefined, ReadImage[]> {
  const images: ReadImage[] = [];
  yield* visit(chosen.entries(), ([path, { own }]) => images.push(joinRecords(path, own)));
  return images.sort((a, b) => byCodePoint(a.image.path, b.image.path));
}

function labelsOf(images: readonly LabelledImage[]): string[] {
  const labels = new Set(images.flatMap(({ boxes }) => boxes.map(({ label }) => label)));
  return [...labels].sort(byCodePoint);
}

/** Counts the annotations of the files that count, and the dropped ones among them by reason. */
function countAnnotations(
  read: readonly ReadImage[],
  counting: ReadonlySet<CocoFile>,
  ofMissingImages: number,
): MergedDataset['annotations'] {
  const drops = new Drops({});
  for (const file of counting) drops.add('unknown-image', file.orphans);
  drops.add('image-rejected', ofMissingImages);
  for (const { dropped } of read) drops.addAll(dropped);
  const dropped = drops.sorted();
  const kept = read.reduce((sum, { image }) => sum + image.boxes.length, 0);
  return { found: kept + Object.values(dropped).reduce((sum, n) => sum + n, 0), dropped };
}

function odditiesOf(
  chosen: Chosen,
  images: readonly LabelledImage[],
  labels: readonly string[],
  defined: ReadonlySet<string>,
) {
  const used = new Set(labels);
  const pathsIf = (holds: (records: ChosenRecords) => boolean) =>
    [...chosen].flatMap(([path, records]) => (holds(records) ? [path] : [])).sort(byCodePoint);
  return {
    empty: [...defined].filter((label) => !used.has(label)).sort(byCodePoint),
    disagreeing: pathsIf(({ compared }) => compared.some(({ contradicts }) => contradicts)),
    repeated: pathsIf(({ own }) => ofFirst(own).reduce((sum, { image }) => sum + image.records, 0) > 1),
    overwritten: overwrittenImages(chosen),
    swapped: pathsIf(({ own }) => swappedIn(own) > 0),
    swappedBoxes: [...chosen.values()].reduce((sum, { own }) => sum + swappedIn(own), 0),
    inTwoClasses: images.filter(({ boxes }) => inTwoClasses(boxes)).map(({ path }) => path),
  };
}

const swappedIn = (own: ChosenRecords['own']) => own.reduce((sum, { image }) => sum + image.swapped, 0);

function filesUsed(counting: ReadonlySet<CocoFile>) {
  return [...counting]
    .map(({ path, sha256 }) => ({ path, sha256 }))
    .sort((a, b) => byCodePoint(a.path, b.path));
}
