import { groupBy } from '../../lib/group-by.js';
import { median } from '../../lib/median.js';
import { byCodePoint } from '../../lib/order.js';
import { agreeing, plural } from '../../lib/plural.js';
import { type ResizedCopies, resizedCopiesFinding } from '../boxes/resized-copies.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { Box, CuratedImage } from '../model/types.js';
import { boxesInCorner } from './corner-boxes.js';
import { doubledBoxes } from './doubled-boxes.js';
import { boxesOnOnePlace } from './same-place.js';

/** Share of an image's area from which a box covers the whole image. */
const WHOLE_IMAGE = 0.9;
/** Minimum share of such boxes for a finding: a few close-ups are normal. */
const NOTABLE_SHARE = 0.1;
/** A region is at least this many times as large as the median single object of its class. */
const REGION_FACTOR = 10;
/** Boxes per image and class from which objects count as drawn one by one. */
const MIN_SINGLE_OBJECTS = 3;
/** Minimum share of the images of a class, and minimum images, of either way of drawing. */
const MIXED_SHARE = 0.15;
const MIN_MIXED_IMAGES = 5;

/**
 * Warnings about how boxes were drawn.
 * @param copies COCO files whose boxes refer to copies of one size
 */
export function boxFindings(
  used: readonly CuratedImage[],
  copies: readonly ResizedCopies[],
): DatasetFinding[] {
  return [
    wholeImages(used),
    mixedBoxes(used),
    doubledBoxes(used),
    boxesOnOnePlace(used),
    resizedCopiesFinding(copies) ?? boxesInCorner(used),
  ].filter((finding) => finding !== undefined);
}

function wholeImages(used: readonly CuratedImage[]) {
  const whole = used.flatMap(({ path, size, boxes }) =>
    boxes.flatMap((box) => (shareOf(box, size) >= WHOLE_IMAGE ? [`${path}: ${box.label}`] : [])),
  );
  const boxes = used.reduce((sum, image) => sum + image.boxes.length, 0);
  if (whole.length <= NOTABLE_SHARE * boxes) return undefined;
  return warning(
    'BOXES_WHOLE_IMAGE',
    whole.length,
    {
      headline: `${whole.length} of ${plural(boxes, 'box')} ${agreeing(whole.length, 'covers', 'cover')} the whole image, so the model does not learn where objects are, and its scores are inflated.`,
      rest: 'Draw boxes around the objects, or train a model for image-level labels.',
    },
    whole,
  );
}

const shareOf = (box: Box, size: CuratedImage['size']) =>
  (box.width * box.height) / (size.width * size.height);

/** Classes of which some images show many single objects, and others one box that is as large as many of them. */
function mixedBoxes(used: readonly CuratedImage[]) {
  const drawn = used.flatMap(({ size, boxes }) =>
    [...groupBy(boxes, ({ label }) => label)].map(([label, own]) => ({
      label,
      shares: own.map((box) => shareOf(box, size)).sort((a, b) => a - b),
    })),
  );
  const classes = [...groupBy(drawn, ({ label }) => label)].flatMap(([label, images]) => {
    const singles = images.filter(({ shares }) => shares.length >= MIN_SINGLE_OBJECTS);
    const object = median(singles.flatMap(({ shares }) => shares)) ?? Number.POSITIVE_INFINITY;
    const regions = images.filter(
      ({ shares: [only = 0, ...others] }) => others.length === 0 && only >= REGION_FACTOR * object,
    );
    const least = Math.max(MIN_MIXED_IMAGES, MIXED_SHARE * images.length);
    return singles.length >= least && regions.length >= least
      ? [`${label}: single objects in ${singles.length} images, one large region in ${regions.length}`]
      : [];
  });
  return warning(
    'BOXES_MIXED',
    classes.length,
    {
      headline:
        'Classes are drawn as single objects in some images and as one large region in others, so the model cannot learn which is right, and its scores are unreliable.',
      rest: 'Draw all images in one way.',
    },
    classes.sort(byCodePoint),
  );
}
