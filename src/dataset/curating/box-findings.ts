import { groupBy } from '../../lib/group-by.js';
import { median } from '../../lib/median.js';
import { byCodePoint } from '../../lib/order.js';
import { agreeing, plural } from '../../lib/plural.js';
import { type ResizedCopies, resizedCopiesFinding } from '../boxes/resized-copies.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { Box, CuratedImage } from '../model/types.js';
import { boxesInCorner } from './corner-boxes.js';
import { doubledBoxes } from './doubled-boxes.js';
import type { BoxesByLabel } from './placed-boxes.js';
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

interface DrawnBoxes {
  readonly used: readonly CuratedImage[];
  /** The boxes of the used images. */
  readonly boxes: BoxesByLabel;
  /** COCO files whose boxes refer to copies of one size. */
  readonly copies: readonly ResizedCopies[];
}

/** Warnings about how boxes were drawn. */
export function boxFindings({ used, boxes, copies }: DrawnBoxes): DatasetFinding[] {
  return [
    wholeImages(used),
    mixedBoxes(used),
    doubledBoxes(used),
    boxesOnOnePlace(boxes),
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

/** How a class is drawn. */
interface Drawing {
  /** Number of images with boxes of the class. */
  images: number;
  /** Paths of the images that show several single objects, and the areas of these boxes as shares of their images. */
  readonly several: string[];
  readonly objects: number[];
  /** Paths of the images with one box of the class, and in the same order the area of the box as a share. */
  readonly alone: string[];
  readonly shares: number[];
}

function drawingsOf(used: readonly CuratedImage[]): Map<string, Drawing> {
  const drawings = new Map<string, Drawing>();
  for (const { path, size, boxes } of used) {
    for (const [label, own] of groupBy(boxes, (box) => box.label)) {
      const drawing = drawings.get(label) ?? { images: 0, several: [], objects: [], alone: [], shares: [] };
      drawings.set(label, drawing);
      drawing.images += 1;
      if (own.length >= MIN_SINGLE_OBJECTS) {
        drawing.several.push(path);
        for (const box of own) drawing.objects.push(shareOf(box, size));
      }
      if (own.length > 1) continue;
      drawing.alone.push(path);
      for (const box of own) drawing.shares.push(shareOf(box, size));
    }
  }
  return drawings;
}

/** Classes of which some images show many single objects, and others one box that is as large as many of them. */
function mixedBoxes(used: readonly CuratedImage[]) {
  const classes = [...drawingsOf(used)].flatMap(([label, drawing]) => {
    const { images, several, objects, alone, shares } = drawing;
    const object = median(objects) ?? Number.POSITIVE_INFINITY;
    const regions = alone.filter((_, index) => (shares[index] ?? 0) >= REGION_FACTOR * object);
    const least = Math.max(MIN_MIXED_IMAGES, MIXED_SHARE * images);
    if (several.length < least || regions.length < least) return [];
    const counts = `single objects in ${several.length} images, one large region in ${regions.length}`;
    return [`${firstPath(several)} / ${firstPath(regions)}: ${label}, ${counts}`];
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

const firstPath = (paths: readonly string[]) => [...paths].sort(byCodePoint)[0];
