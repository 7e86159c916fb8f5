import { percentText } from '../../lib/percent.js';
import { agreeing, plural } from '../../lib/plural.js';
import type { BoxedImages, TooSmallBox } from '../boxes/box-images.js';
import type { ImageCounts } from '../model/counts.js';
import { annotationsWarning, type DatasetFinding, warning } from '../model/findings.js';
import { droppedText } from '../model/outcome-names.js';
import { SERVICE_LIMITS } from '../model/service-limits.js';
import { type Adviser, advice } from './advice.js';

/** Reasons for which annotations are lost, except the rules for classes and balancing, and except deleted and repeated ones. */
const LOST = [
  'crowd',
  'empty-box',
  'image-rejected',
  'invalid-box',
  'outside',
  'over-max-boxes',
  'panoptic',
  'too-small',
  'unknown-category',
  'unknown-image',
];
/** Share of lost annotations or images above which scores do not describe the dataset that was labelled. */
const MANY_LOST = 0.2;

/** Warnings about annotations that were lost, except those that reading the COCO files reports. */
export function lossFindings(lost: {
  /** Number of all annotations of the COCO files. */
  readonly found: number;
  /** Number of dropped annotations by reason, those of reading included. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly images: ImageCounts;
  readonly boxed: Pick<BoxedImages, 'tooSmall' | 'outside'>;
  readonly minBoxPx: number;
  readonly adviser: Adviser;
}): DatasetFinding[] {
  const { found, dropped, images, boxed, minBoxPx, adviser } = lost;
  return [
    manyLost(found, dropped),
    manyOfDroppedClasses(found, dropped, images),
    manyEmptied(images),
    outsideBoxes(boxed.outside, found),
    tooSmallBoxes(boxed.tooSmall, minBoxPx, adviser),
  ].filter((finding) => finding !== undefined);
}

/** The lost annotations with a list of their reasons, if they are many. */
export function lostAnnotations(
  found: number,
  dropped: Readonly<Record<string, number>>,
): { readonly count: number; readonly listed: string } | undefined {
  const lost = LOST.flatMap((reason) => {
    const count = dropped[reason] ?? 0;
    return count > 0 ? [[reason, count] as const] : [];
  });
  const sum = lost.reduce((total, [, count]) => total + count, 0);
  if (sum <= MANY_LOST * found) return undefined;
  return { count: sum, listed: droppedText(Object.fromEntries(lost)) };
}

function manyLost(found: number, dropped: Readonly<Record<string, number>>) {
  const lost = lostAnnotations(found, dropped);
  if (!lost) return undefined;
  const { count, listed } = lost;
  return annotationsWarning(
    'MANY_BOXES_LOST',
    { count, found },
    {
      headline: `${agreeing(count, 'was', 'were')} lost, so the model learns these objects as background or not at all: ${listed}`,
      rest: 'See the findings for each reason.',
    },
  );
}

/** The share of images counts too: the lost boxes may be few, but all that their images had. */
function manyOfDroppedClasses(
  found: number,
  { 'class-dropped': count = 0 }: Readonly<Record<string, number>>,
  { found: images, used, left: { emptiedByClassDrop: emptied } }: ImageCounts,
) {
  // Otherwise the refusal says so.
  if (used === 0) return undefined;
  if (count <= MANY_LOST * found && emptied <= MANY_LOST * images) return undefined;
  return annotationsWarning(
    'MANY_OF_DROPPED_CLASSES',
    { count, found },
    {
      headline: `${agreeing(count, 'belongs', 'belong')} to classes that were dropped, so the scores do not describe the dataset that was labelled`,
      rest: 'Other findings list these classes.',
    },
  );
}

function manyEmptied({ found, used, left: { emptiedByBoxRules: count } }: ImageCounts) {
  if (used === 0 || count <= MANY_LOST * found) return undefined;
  return warning('MANY_IMAGES_EMPTIED', count, {
    headline: `${count} of ${plural(found, 'image')} (${percentText(count, found)}) lost all ${agreeing(count, 'its', 'their')} boxes, so the scores do not describe the dataset that was labelled.`,
    rest: 'See the findings for each reason.',
  });
}

function outsideBoxes(outside: BoxedImages['outside'], found: number) {
  const count = [...outside.values()].reduce((sum, boxes) => sum + boxes, 0);
  return annotationsWarning(
    'BOXES_OUTSIDE',
    { count, found },
    'lie outside their image and were dropped. Check that the images are the ones that were labelled, in the same size',
    [...outside].map(([path, boxes]) => `${path}: ${boxes}`),
  );
}

function tooSmallBoxes(tooSmall: readonly TooSmallBox[], minBoxPx: number, adviser: Adviser) {
  const isLost = tooSmall.every(({ keptAt }) => keptAt === null);
  const why = isLost
    ? ` No IMAGE_MAX_SIDE would keep them at the ${SERVICE_LIMITS.trainingSide} pixels that Rekognition trains on.`
    : '';
  const tried = tooSmall.length > 0 ? adviser.keepBoxes(tooSmall) : undefined;
  return warning(
    'BOXES_TOO_SMALL',
    tooSmall.length,
    `Boxes were dropped because a side is below MIN_BOX_PX=${minBoxPx} pixels after resizing.${why} ${advice(tried, 'Take photos from a shorter distance')}`,
    tooSmall.map(
      ({ path, width, height }) => `${path}: ${width.toFixed(1)}x${height.toFixed(1)} px in the original`,
    ),
  );
}
