import type { TooSmallBox } from './box-images.js';
import { type Candidate, labelsOf } from './candidates.js';
import type { Curation } from './curation-types.js';
import { byCodePoint } from './order.js';
import type { DatasetFinding } from './reading-findings.js';
import { describeRejected } from './rejected.js';
import { isTooSmallToTrain, SERVICE_LIMITS } from './service-rules.js';
import type { DatasetSettings } from './settings.js';
import type { RejectedRecord } from './types.js';

const MAX_EXAMPLES = 10;
/** Share from which an omission is worth the summary's first line. */
const NOTABLE_SHARE = 0.2;
/** Test images of a class below which its figures say little. */
const FEW_TEST_IMAGES = 10;

export interface CurationFacts extends Pick<Curation, 'images' | 'labels' | 'droppedClasses'> {
  readonly settings: DatasetSettings;
  readonly rejected: readonly RejectedRecord[];
  readonly tooSmall: readonly TooSmallBox[];
  readonly mismatched: readonly string[];
  readonly partlyUnlabelled: number;
  readonly cutImages: readonly string[];
  readonly tooLargeGroups: readonly { readonly path: string; readonly images: number }[];
  /** Images with boxes, before classes were dropped. */
  readonly candidates: readonly Candidate[];
}

/** What a person should know of the dataset before paying for a training. All warnings; errors throw earlier. */
export function curationFindings(facts: CurationFacts): DatasetFinding[] {
  return [
    balanceLeftOut(facts),
    neverAnnotated(facts),
    rejectedImages(facts),
    droppedClasses(facts),
    classesOfCopies(facts),
    partlyUnlabelled(facts),
    tooSmallBoxes(facts),
    cutImages(facts),
    mismatched(facts),
    largeGroups(facts),
    fewTestImages(facts),
  ].filter((finding) => finding !== undefined);
}

function warning(
  code: string,
  count: number,
  message: string,
  examples: readonly string[] = [],
): DatasetFinding | undefined {
  if (count === 0) return undefined;
  const sorted = [...examples].sort(byCodePoint).slice(0, MAX_EXAMPLES);
  return { code, severity: 'warning', message, count, examples: sorted };
}

function balanceLeftOut({ images, settings }: CurationFacts) {
  const left = images.left.balancedAway + images.left.emptiedByClassDrop;
  const labelled = images.used + left;
  if (left <= NOTABLE_SHARE * labelled) return undefined;
  const share = Math.round((100 * left) / labelled);
  return warning(
    'BALANCE_LEFT_OUT',
    left,
    `Balance leaves out ${left} of ${labelled} labelled images (${share} %). To keep them, raise PER_CLASS_CAP (${settings.perClassCap}), lower MIN_CLASS_IMAGES (${settings.minClassImages}), or set ENABLE_BALANCE=false.`,
  );
}

function neverAnnotated({ images }: CurationFacts) {
  const { neverAnnotated: never } = images.left;
  if (never <= NOTABLE_SHARE * images.found) return undefined;
  const share = Math.round((100 * never) / images.found);
  return warning(
    'MANY_NEVER_ANNOTATED',
    never,
    `${never} of ${images.found} images (${share} %) were never annotated. Is labelling finished?`,
  );
}

function rejectedImages({ rejected }: CurationFacts) {
  return warning(
    'IMAGES_REJECTED',
    rejected.length,
    "Images can't be used; each is listed with its reason.",
    rejected.map(describeRejected),
  );
}

function droppedClasses({ droppedClasses: classes, settings }: CurationFacts) {
  return warning(
    'CLASSES_DROPPED',
    classes.length,
    `Classes are on fewer than MIN_CLASS_IMAGES=${settings.minClassImages} images and are left out.`,
    classes.map(({ label, images }) => `${label}: ${images} images`),
  );
}

/** Copies of a photo teach little that the photo doesn't. */
function classesOfCopies({ candidates, settings: { enableBalance, minClassImages } }: CurationFacts) {
  const photos = new Map<string, { images: number; groups: Set<string> }>();
  for (const image of candidates) {
    for (const label of labelsOf(image)) {
      const seen = photos.get(label) ?? { images: 0, groups: new Set() };
      seen.images += 1;
      photos.set(label, { images: seen.images, groups: seen.groups.add(image.group) });
    }
  }
  const carried = [...photos].filter(
    ([, { images, groups }]) => enableBalance && images >= minClassImages && groups.size < minClassImages,
  );
  return warning(
    'CLASSES_OF_COPIES',
    carried.length,
    `Classes reach MIN_CLASS_IMAGES=${minClassImages} only with copies of the same photos. Add other photos of them.`,
    carried.map(([label, { images, groups }]) => `${label}: ${images} images of ${groups.size} photos`),
  );
}

function partlyUnlabelled({ partlyUnlabelled: count }: CurationFacts) {
  return warning(
    'IMAGES_PARTLY_UNLABELLED',
    count,
    'Images keep some boxes and lost those of dropped classes; what they show there becomes background to the trainer.',
  );
}

function tooSmallBoxes({ tooSmall, settings }: CurationFacts) {
  const { minBoxPx } = settings;
  const keeping = tooSmall.map((box) => sideToKeep(box, minBoxPx)).filter((side) => side !== undefined);
  const advice =
    keeping.length === 0
      ? 'No IMAGE_MAX_SIDE would keep them: they are that small in the originals too.'
      : `IMAGE_MAX_SIDE=${keeping.reduce((a, b) => Math.max(a, b))} would keep ${keeping.length} of them.`;
  return warning(
    'BOXES_TOO_SMALL',
    tooSmall.length,
    `Boxes have a side under MIN_BOX_PX=${minBoxPx} after resizing. ${advice}`,
    tooSmall.map(({ path, shortSide }) => `${path}: ${shortSide.toFixed(1)} px in the original`),
  );
}

/** The IMAGE_MAX_SIDE from which a box is large enough; images are never enlarged. */
function sideToKeep({ shortSide, originalSide }: TooSmallBox, minBoxPx: number): number | undefined {
  const side = Math.ceil((minBoxPx * originalSide) / shortSide);
  const original = { width: originalSide, height: originalSide };
  const trainable = !isTooSmallToTrain({ width: shortSide, height: shortSide }, original);
  return trainable && side <= Math.min(SERVICE_LIMITS.maxSide, originalSide) ? side : undefined;
}

function cutImages({ cutImages: paths, settings }: CurationFacts) {
  return warning(
    'BOXES_CUT',
    paths.length,
    `Images have more than MAX_BOX_PER_IMAGE=${settings.maxBoxPerImage} boxes; the smallest were cut and become background to the trainer.`,
    paths,
  );
}

function mismatched({ mismatched: paths }: CurationFacts) {
  return warning(
    'SIZE_MISMATCH',
    paths.length,
    'COCO records state another shape than the image files have; their boxes may lie wrong.',
    paths,
  );
}

function largeGroups({ tooLargeGroups }: CurationFacts) {
  return warning(
    'GROUPS_TOO_LARGE',
    tooLargeGroups.length,
    'Groups of copies are larger than val, and went to train whole.',
    tooLargeGroups.map(({ path, images }) => `${path}: ${images} images`),
  );
}

function fewTestImages({ labels }: CurationFacts) {
  const few = labels.filter(({ val }) => val.images < FEW_TEST_IMAGES);
  return warning(
    'FEW_TEST_IMAGES',
    few.length,
    `Classes are on fewer than ${FEW_TEST_IMAGES} test images; their figures will say little. Add images or raise VAL_SPLIT.`,
    few.map(({ label, val }) => `${label}: ${val.images}`),
  );
}
