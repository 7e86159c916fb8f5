import { byCodePoint } from '../../lib/order.js';
import { visit } from '../../lib/steps.js';
import { Drops } from '../model/drops.js';
import type { DatasetFinding } from '../model/findings.js';
import type { ReadingSettings } from '../model/settings.js';
import type { ArchiveEntry, LabelledImage, RejectedRecord, SourceBox } from '../model/types.js';
import { type CocoFile, type CocoImage, readCocoFile } from './coco.js';
import { readingFindings } from './findings.js';
import { countingFiles, ofFirst, type Place, place, recordOf } from './place.js';
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

/**
 * Merges the COCO files of an archive into one dataset, in which no image counts twice. Pauses.
 * @throws DatasetError CocoMissing, CocoInvalid, ImageAmbiguous, NoUsableImages
 */
export function* mergeCoco(
  jsonFiles: readonly { readonly path: string; readonly bytes: Uint8Array; readonly sha256: string }[],
  entries: readonly ArchiveEntry[],
  settings: ReadingSettings,
): Generator<undefined, MergedDataset> {
  const files: CocoFile[] = [];
  for (const { path, bytes } of jsonFiles) {
    const file = yield* readCocoFile(path, bytes, settings);
    if (file) files.push(file);
  }
  files.sort(byPreference);
  if (files.length === 0) throw cocoMissing(jsonFiles, entries);
  const { placed, missing } = yield* place(files, entries);
  const counting = countingFiles(placed, missing);
  const drops = new Drops({});
  for (const file of counting) drops.add('unknown-image', file.orphans);

  const rejected = [...missing.values()].flatMap((places) => {
    const own = ofFirst(places.filter(({ file }) => counting.has(file)));
    for (const { image } of own) drops.add('image-rejected', annotationsOf(image));
    return own[0] ? toRejected(own[0], own) : [];
  });
  const images: LabelledImage[] = [];
  yield* visit(placed.entries(), ([path, places]) => images.push(toImage(path, ofFirst(places), drops)));
  if (images.length === 0) throw noUsableImages(rejected);
  images.sort((a, b) => byCodePoint(a.path, b.path));

  const labels = new Set(images.flatMap(({ boxes }) => boxes.map(({ label }) => label)));
  const sortedLabels = [...labels].sort(byCodePoint);
  const unlisted = entries
    .map(({ path }) => path)
    .filter((path) => isImageFile(path) && !placed.has(path))
    .sort(byCodePoint);
  const dropped = drops.sorted();
  const kept = images.reduce((sum, { boxes }) => sum + boxes.length, 0);
  const pathsWhere = (holds: (places: readonly Place[]) => boolean) =>
    [...placed].flatMap(([path, places]) => (holds(places) ? [path] : [])).sort(byCodePoint);
  const cocoPaths = new Set([...counting].map(({ path }) => path));
  return {
    images,
    rejected: rejected.sort((a, b) => byCodePoint(a.path, b.path)),
    labels: sortedLabels,
    annotations: { found: kept + Object.values(dropped).reduce((sum, n) => sum + n, 0), dropped },
    unlisted,
    findings: readingFindings({
      labels: sortedLabels,
      empty: [...new Set([...counting].flatMap(({ defined }) => defined))]
        .filter((label) => !labels.has(label))
        .sort(byCodePoint),
      unlisted,
      disagreeing: pathsWhere(disagree),
      repeated: pathsWhere(
        (places) => ofFirst(places).reduce((sum, { image }) => sum + image.records, 0) > 1,
      ),
      swapped: pathsWhere((places) => ofFirst(places).some(({ image }) => image.swapped > 0)),
      inTwoClasses: images.filter(({ boxes }) => inTwoClasses(boxes)).map(({ path }) => path),
    }),
    cocoFiles: jsonFiles
      .filter(({ path }) => cocoPaths.has(path))
      .map(({ path, sha256 }) => ({ path, sha256 }))
      .sort((a, b) => byCodePoint(a.path, b.path)),
  };
}

/**
 * Roboflow's own file first, then those that have boxes (COCO has captions of the same images), then the one with
 * most images: an author's copy beside the export gives way.
 */
function byPreference(a: CocoFile, b: CocoFile): number {
  const own = (file: CocoFile) => (file.path.endsWith('_annotations.coco.json') ? 0 : 1);
  return (
    own(a) - own(b) ||
    Number(b.hasBoxes) - Number(a.hasBoxes) ||
    b.images.length - a.images.length ||
    byCodePoint(a.path, b.path)
  );
}

function toImage(path: string, own: readonly Place[], drops: Drops): LabelledImage {
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
    record: recordOf(own),
    width: stated('width'),
    height: stated('height'),
    annotations: own.reduce((sum, { image }) => sum + annotationsOf(image), 0),
    boxes,
  };
}

/** Sorted; the same box in one class is one, made twice, and in two classes it is two. */
function distinct(boxes: readonly SourceBox[]): SourceBox[] {
  const sorted = [...boxes].sort(byBox);
  return sorted.filter((box, i) => {
    const before = sorted[i - 1];
    return before === undefined || byBox(before, box) !== 0;
  });
}

function byBox(a: SourceBox, b: SourceBox): number {
  return byPlaceAndSize(a, b) || byCodePoint(a.label, b.label);
}

function byPlaceAndSize(a: SourceBox, b: SourceBox): number {
  return a.y - b.y || a.x - b.x || a.height - b.height || a.width - b.width;
}

/** Whether two boxes of an image, which are sorted, differ in their classes alone. */
function inTwoClasses(boxes: readonly SourceBox[]): boolean {
  return boxes.some((box, i) => {
    const before = boxes[i - 1];
    return before !== undefined && byPlaceAndSize(before, box) === 0;
  });
}

/** Whether another file that has boxes at all gives the image other boxes than the file that counts. */
function disagree(places: readonly Place[]): boolean {
  const files = new Set(places.map(({ file }) => file));
  if (files.size === 1) return false;
  const texts = [...files]
    .filter((file) => file.hasBoxes)
    .map((file) => {
      const own = places.filter((one) => one.file === file);
      return JSON.stringify(distinct(own.flatMap(({ image }) => image.boxes)));
    });
  return new Set(texts).size > 1;
}

function annotationsOf(image: CocoImage): number {
  return image.boxes.length + Object.values(image.dropped).reduce((sum, n) => sum + n, 0);
}

/** Characters of a name that is shown; some tools write a whole image into file_name. */
const MAX_PATH = 300;

function toRejected({ file, image }: Place, own: readonly Place[]): RejectedRecord {
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
