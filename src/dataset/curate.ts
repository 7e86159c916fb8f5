import { capClasses, rareClasses } from './balance.js';
import { boxImages, type SeenImage } from './box-images.js';
import { type Candidate, countByLabel } from './candidates.js';
import { cutBoxes, dropClasses } from './class-rules.js';
import { curationFindings } from './curation-findings.js';
import type { Curation, LabelCount } from './curation-types.js';
import { Drops } from './drops.js';
import { DatasetError } from './errors.js';
import { exifFacts, exifFindings } from './exif-facts.js';
import { byCodePoint } from './order.js';
import { allRejected, listRejected, refuseTooManyRejected } from './rejected.js';
import type { DatasetSettings } from './settings.js';
import { copyCounts, splitImages } from './split.js';
import type { CuratedImage, ImageResult, LabelledImage, RejectedRecord } from './types.js';

export type { Curation } from './curation-types.js';

export interface CurateInput {
  readonly images: readonly { readonly image: LabelledImage; readonly result: ImageResult }[];
  /** Image records without a file. */
  readonly missing: readonly RejectedRecord[];
  readonly annotationsFound: number;
  readonly droppedWhileReading: Readonly<Record<string, number>>;
  /** Group of copies of each path. */
  readonly groupOf: ReadonlyMap<string, string>;
  readonly settings: DatasetSettings;
}

/**
 * Curates in this order: boxes, rare classes, boxes an image, images without boxes, cap, split. Every image and
 * every box that is left out is counted under a reason.
 * @throws DatasetError TooManyRejectedImages, NoUsableImages, NoClassLeft, SplitImpossible
 */
export function curate(input: CurateInput): Curation {
  const { settings } = input;
  const drops = new Drops(input.droppedWhileReading);
  const rejected = [
    ...input.missing,
    ...input.images.flatMap(({ image: { record }, result }) =>
      result.status === 'rejected' ? [{ ...result, record }] : [],
    ),
  ];
  const found = input.images.length + input.missing.length;
  refuseTooManyRejected(rejected, found, settings.maxRejectedRatio);
  for (const { image, result } of input.images) {
    if (result.status === 'rejected') drops.add('image-rejected', image.boxes.length);
  }

  const seen = input.images.flatMap(({ image, result }): SeenImage[] =>
    result.status === 'preprocessed' ? [{ image, result }] : [],
  );
  const moved = boxImages(seen, input.groupOf, settings, drops);
  const boxed = moved.candidates.filter(({ boxes }) => boxes.length > 0);
  if (seen.length === 0) throw allRejected(rejected);
  if (boxed.length === 0) throw nothingAnnotated(seen.length, moved.neverAnnotated, drops.sorted());

  const droppedClasses = settings.enableBalance ? rareClasses(boxed, settings.minClassImages) : [];
  const classed = dropClasses(boxed, droppedClasses, drops);
  if (classed.images.length === 0) throw noClassLeft(boxed, settings);
  const cut = cutBoxes(classed.images, settings.maxBoxPerImage, drops);

  const chosen = settings.enableBalance ? capClasses(cut.images, settings.perClassCap) : new Set(cut.images);
  for (const image of cut.images)
    if (!chosen.has(image)) drops.add('image-balanced-away', image.boxes.length);
  const split = splitImages([...chosen], settings.valSplit);
  const train = toCurated(split.train);
  const val = toCurated(split.val);
  const used = [...train, ...val];

  const images: Curation['images'] = {
    found,
    used: used.length,
    rejected: rejected.length,
    train: train.length,
    val: val.length,
    left: {
      neverAnnotated: moved.neverAnnotated,
      emptiedByBoxRules: moved.candidates.length - boxed.length - moved.neverAnnotated,
      emptiedByClassDrop: boxed.length - classed.images.length,
      balancedAway: cut.images.length - chosen.size,
    },
  };
  const labels = countLabels(train, val);
  const exif = exifFacts(seen, settings);
  return {
    train,
    val,
    images,
    annotations: {
      found: input.annotationsFound,
      used: used.reduce((sum, { boxes }) => sum + boxes.length, 0),
      dropped: drops.sorted(),
    },
    labels,
    droppedClasses,
    groups: copyCounts([...chosen]),
    rejected: listRejected(rejected),
    exif,
    findings: [
      ...curationFindings({
        images,
        labels,
        droppedClasses,
        settings,
        rejected,
        tooSmall: moved.tooSmall,
        mismatched: moved.mismatched,
        partlyUnlabelled: classed.partlyUnlabelled,
        cutImages: cut.cutImages,
        tooLargeGroups: split.tooLarge,
        candidates: boxed,
      }),
      ...exifFindings(exif),
    ],
  };
}

function nothingAnnotated(
  images: number,
  neverAnnotated: number,
  dropped: Readonly<Record<string, number>>,
): DatasetError {
  const reasons = Object.entries(dropped).map(([reason, n]) => `${n} ${reason}`);
  return new DatasetError(
    'NoUsableImages',
    neverAnnotated === images
      ? `None of the ${images} images has an annotation. Label them and export again.`
      : `None of the ${images} images has a box left: ${neverAnnotated} were never annotated, the others lost theirs (${reasons.join(', ')}). Boxes that are too-small may stay with a lower MIN_BOX_PX or a higher IMAGE_MAX_SIDE.`,
    { count: images },
  );
}

function noClassLeft(boxed: readonly Candidate[], settings: DatasetSettings): DatasetError {
  const counts = [...countByLabel(boxed)].sort(([a, m], [b, n]) => n - m || byCodePoint(a, b));
  const listed = counts.slice(0, 10).map(([label, n]) => `${label} ${n}`);
  return new DatasetError(
    'NoClassLeft',
    `No class is on MIN_CLASS_IMAGES=${settings.minClassImages} images: ${listed.join(', ')}. Label more images, or set MIN_CLASS_IMAGES=${counts[0]?.[1] ?? 1} or lower (PER_CLASS_CAP stays at or above it).`,
    { examples: counts.slice(0, 20).map(([label, n]) => `${label}: ${n}`), count: counts.length },
  );
}

function toCurated(candidates: readonly Candidate[]): CuratedImage[] {
  return candidates.map(({ place: _place, ...image }) => image).sort((a, b) => byCodePoint(a.key, b.key));
}

function countLabels(train: readonly CuratedImage[], val: readonly CuratedImage[]): LabelCount[] {
  const side = (images: readonly CuratedImage[]) => ({
    images: countByLabel(images),
    boxes: countBoxes(images),
  });
  const [inTrain, inVal] = [side(train), side(val)];
  const labels = [...new Set([...inTrain.images.keys(), ...inVal.images.keys()])].sort(byCodePoint);
  const of = (counts: ReturnType<typeof side>, label: string) => ({
    images: counts.images.get(label) ?? 0,
    boxes: counts.boxes.get(label) ?? 0,
  });
  return labels.map((label) => ({ label, train: of(inTrain, label), val: of(inVal, label) }));
}

function countBoxes(images: readonly CuratedImage[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { boxes } of images)
    for (const { label } of boxes) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
