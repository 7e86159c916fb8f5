import { type BoxedImages, boxImages } from '../dataset/boxes/box-images.js';
import type { ExifFacts } from '../dataset/boxes/exif-facts.js';
import type { SeenImage } from '../dataset/boxes/seen-image.js';
import { bySortKey, type Candidate, labelsOf } from '../dataset/model/candidates.js';
import { Drops } from '../dataset/model/drops.js';
import type { DatasetFinding } from '../dataset/model/findings.js';
import { listRejected } from '../dataset/model/rejected.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type {
  Box,
  CuratedImage,
  ImageResult,
  LabelledImage,
  RejectedRecord,
} from '../dataset/model/types.js';
import { groupBy } from '../lib/group-by.js';
import { boxFacts, classFacts } from './class-facts.js';
import { copyFacts } from './copy-facts.js';
import type { CuratedCandidate } from './curated-candidate.js';
import {
  MAX_OUTLINES,
  MAX_PICTURES,
  type ReportFacts,
  type ShownImage,
  type ShownRejection,
  viewOf,
} from './facts.js';
import { findingCases } from './finding-cases.js';
import { cutImages, tooSmallByPath, tooSmallImages } from './omitted-images.js';
import { asOwn, show, withRole } from './shown-image.js';

export interface ReportInput {
  readonly images: readonly { readonly image: LabelledImage; readonly result: ImageResult }[];
  /** Image records whose file is missing in the archive. */
  readonly missing: readonly RejectedRecord[];
  /** The group of copies that an image belongs to, by its path. */
  readonly groupOf: ReadonlyMap<string, string>;
  /** Paths of the preprocessed images with low contrast. */
  readonly lowContrast: readonly string[];
  readonly settings: DatasetSettings;
  /** The boxes that curating moved; null if the dataset was refused before that. */
  readonly boxed: BoxedImages | null;
  /** The findings of which cases are shown. */
  readonly findings: readonly DatasetFinding[];
  /** The images of both splits; null if the dataset was refused. */
  readonly curated: { readonly train: readonly CuratedImage[]; readonly val: readonly CuratedImage[] } | null;
}

/** Maximum number of sample images over all classes. */
const MAX_SAMPLES = 90;
const MAX_SAMPLES_OF_CLASS = 6;
const MIN_SAMPLES_OF_CLASS = 2;
const MAX_REJECTED = 50;
const MAX_EXIF_FILES = 20;
/** Maximum number of pictures of rejected images per reason. */
const PICTURES_PER_REASON = 2;

/**
 * Counts images, classes and boxes and chooses the images that the report shows. The result is the same for the same
 * dataset version, whatever the order of the images. A refused dataset is counted as far as it was read.
 */
export function reportFacts(input: ReportInput): ReportFacts {
  const seen = input.images.flatMap(({ image, result }): SeenImage[] =>
    result.status === 'preprocessed' ? [{ image, result }] : [],
  );
  const rejected = [
    ...input.missing,
    ...input.images.flatMap(({ image: { record }, result }) =>
      result.status === 'rejected' ? [{ ...result, record }] : [],
    ),
  ];
  const moved = input.boxed ?? boxImages(seen, input.groupOf, input.settings, new Drops({}));
  const placed = withCuration(moved.candidates, input.curated);
  const annotated = new Set(seen.filter(({ image }) => image.annotations > 0).map(({ image }) => image.path));
  const boxed = placed.filter(({ boxes }) => boxes.length > 0);
  const used = input.curated
    ? placed.filter(({ split }) => split !== null).map((image) => ({ ...image, boxes: image.kept }))
    : null;
  const { classes, count } = classFacts(boxed, used);
  const tooSmall = tooSmallByPath(moved.tooSmall);
  return {
    images: {
      found: input.images.length + input.missing.length,
      rejected: rejected.length,
      neverAnnotated: placed.length - annotated.size,
      emptied: annotated.size - boxed.length,
    },
    classes,
    classCount: count,
    boxes: boxFacts(used ?? boxed),
    samples: samplesOf(
      classes.map(({ label }) => label),
      used ?? boxed,
      boxed,
    ),
    copies: copyFacts(placed),
    tooSmall: tooSmallImages(placed, tooSmall),
    cut: cutImages(placed),
    neverAnnotated: onePerPhoto(placed.filter(({ path }) => !annotated.has(path)))
      .slice(0, MAX_PICTURES)
      .map((image) => show(image, [], null)),
    lowContrast: lowContrastImages(placed, input.lowContrast),
    rejected: shownRejections(rejected),
    exif: exifReadings(moved.exif),
    cases: findingCases(input.findings, placed, tooSmall),
  };
}

/** Sorted by hash, so that the first images of the list are a random sample. */
function withCuration(candidates: readonly Candidate[], curated: ReportInput['curated']): CuratedCandidate[] {
  const used = new Map<string, Pick<CuratedCandidate, 'split' | 'kept'>>();
  for (const { path, boxes } of curated?.train ?? []) used.set(path, { split: 'train', kept: boxes });
  for (const { path, boxes } of curated?.val ?? []) used.set(path, { split: 'val', kept: boxes });
  return [...candidates]
    .sort(bySortKey)
    .map((image) => ({ ...image, ...(used.get(image.path) ?? { split: null, kept: [] }) }));
}

/** Some images of each class, one per photo, each with a view of a box of that class. Unused classes are shown as found. */
function samplesOf(
  labels: readonly string[],
  used: readonly CuratedCandidate[],
  found: readonly CuratedCandidate[],
): ReportFacts['samples'] {
  const usedOf = imagesByLabel(used);
  const foundOf = imagesByLabel(found);
  const shown = labels.slice(0, MAX_SAMPLES / MIN_SAMPLES_OF_CLASS);
  const each = Math.min(MAX_SAMPLES_OF_CLASS, Math.floor(MAX_SAMPLES / Math.max(1, shown.length)));
  return shown.map((label) => {
    const images = onePerPhoto(usedOf.get(label) ?? foundOf.get(label) ?? []);
    const ofVal = images.filter(({ split }) => split === 'val');
    const others = images.filter(({ split }) => split !== 'val');
    const val = Math.max(Math.floor(each / 3), each - others.length);
    const chosen = [...others.slice(0, each - Math.min(val, ofVal.length)), ...ofVal.slice(0, val)];
    return {
      label,
      images: chosen.map((image) => {
        const box = image.boxes.find((one) => one.label === label);
        const roles = image.boxes.map((one) => withRole(one, one.label === label ? 'own' : 'other'));
        return show(image, roles, box ? viewOf(box, image.size) : null);
      }),
    };
  });
}

function imagesByLabel(images: readonly CuratedCandidate[]): Map<string, CuratedCandidate[]> {
  const labelled = images.flatMap((image) => [...labelsOf(image)].map((label) => ({ label, image })));
  const groups = groupBy(labelled, ({ label }) => label);
  return new Map([...groups].map(([label, group]) => [label, group.map(({ image }) => image)]));
}

function onePerPhoto(images: readonly CuratedCandidate[]): CuratedCandidate[] {
  const photos = new Set<string>();
  return images.filter(({ group }) => !photos.has(group) && photos.add(group));
}

/** Images with low contrast and all their boxes, one per photo. */
function lowContrastImages(
  images: readonly CuratedCandidate[],
  lowContrast: readonly string[],
): ShownImage[] {
  const paths = new Set(lowContrast);
  return onePerPhoto(images.filter(({ path }) => paths.has(path)))
    .slice(0, MAX_PICTURES)
    .map((image) => show(image, image.boxes.map(asOwn), null));
}

/** The ambiguous images, once with their boxes as rotated and once as stored. */
function exifReadings({ files, undecidable }: ExifFacts): ReportFacts['exif'] {
  const shown = ({ path, key }: { path: string; key: string }, boxes: readonly Box[]): ShownImage => ({
    ...{ path, key, split: null, view: null },
    boxes: boxes.slice(0, MAX_OUTLINES).map(asOwn),
  });
  return {
    files: files.slice(0, MAX_EXIF_FILES),
    undecidable: undecidable.map((image) => ({
      orientation: image.orientation,
      reading: image.reading,
      turned: shown(image, image.turned),
      stored: shown(image, image.stored),
    })),
  };
}

/** Sorted by path; the first images per reason are shown as pictures if the file exists. */
function shownRejections(rejected: readonly RejectedRecord[]): ShownRejection[] {
  const pictures = new Map<string, number>();
  return listRejected(rejected)
    .slice(0, MAX_REJECTED)
    .map((one) => {
      const { path, reason } = one;
      const before = pictures.get(reason) ?? 0;
      pictures.set(reason, before + 1);
      const hasPicture = reason !== 'missing-in-archive' && before < PICTURES_PER_REASON;
      const image = hasPicture ? { path, key: null, split: null, view: null, boxes: [] } : null;
      return { ...one, image };
    });
}
