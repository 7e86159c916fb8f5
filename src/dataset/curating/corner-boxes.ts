import { median } from '../../lib/median.js';
import { plural } from '../../lib/plural.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { CuratedImage } from '../model/types.js';

/** Minimum photos; in few, all objects can lie in one corner by chance. */
const MIN_PHOTOS = 30;
/** Maximum share of width and height that the corner reaches to. */
const MAX_REACH = 0.55;
/** Shares of width and height that are tried as the corner of some images, for copies of half, 2.5 and 3 times less. */
const REACHES = [MAX_REACH, 0.44, 0.37];
/** Minimum ratio of images whose boxes lie in the upper left corner to those whose boxes lie in any other corner. */
const MIN_RATIO = 5;
/** Minimum other images, which have boxes outside the corner. */
const MIN_OTHERS = 10;
/** The share of the corner at which half of the boxes begin, at least, if they are all over it. */
const MIN_MIDDLE = 0.2;
/** Factor by which the boxes in the corner are smaller than other boxes, compared with the corner: twice more or less. */
const SAME_SIZE = 2;
/**
 * The boxes must fill the corner as objects fill a whole image: they come this close to its outer edges, reach this far to
 * its inner ones, and begin this far from the outer ones, all in shares of the corner. Logos and time stamps stay in one
 * place of it.
 */
const NEAR_EDGE = 0.1;
const FILLED = 0.85;
const SPREAD = 0.5;

/**
 * The finding on boxes that lie in the upper left corner of all images, or of some of them, and fill it, as if they
 * referred to a smaller copy of the images; undefined if they do not.
 */
export function boxesInCorner(used: readonly CuratedImage[]): DatasetFinding | undefined {
  const extent = extentOf(used);
  const reach = Math.max(extent.right, extent.bottom);
  if (reach <= MAX_REACH) return isFilled(extent) ? found(used, reach, 'All ') : undefined;
  const placed = used
    .filter(({ boxes }) => boxes.length > 0)
    .map((image) => ({ image, extent: extentOf([image]) }));
  for (const within of REACHES) {
    const corner = imagesInCorner(placed, within);
    if (corner.length > 0) return found(corner, within, '');
  }
  return undefined;
}

function found(images: readonly CuratedImage[], reach: number, all: string): DatasetFinding | undefined {
  if (photosOf(images) < MIN_PHOTOS) return undefined;
  const count = images.reduce((sum, { boxes }) => sum + boxes.length, 0);
  const of = all === '' ? ` of ${plural(images.length, 'image')}` : '';
  return warning(
    'BOXES_IN_CORNER',
    count,
    {
      headline: `${all}${plural(count, 'box')}${of} lie in the upper left ${Math.ceil(100 * reach)} % of the width and height of their images, as if they referred to images that were smaller by that factor.`,
      rest: 'Check the boxes in the report. If they do not lie on the objects, export images and boxes of one size together.',
    },
    images.map(({ path }) => path),
  );
}

const photosOf = (images: readonly CuratedImage[]) => new Set(images.map(({ group }) => group)).size;

/**
 * The images whose boxes lie in the upper left corner, if that is no chance: far fewer have them in another corner, they
 * fill the corner, and they are smaller than the boxes of the other images by its size.
 */
function imagesInCorner(placed: readonly PlacedImage[], reach: number): readonly CuratedImage[] {
  const isIn = ({ extent }: PlacedImage, isRight: boolean, isLower: boolean) =>
    (isRight ? 1 - extent.left : extent.right) <= reach &&
    (isLower ? 1 - extent.top : extent.bottom) <= reach;
  const countIn = (isRight: boolean, isLower: boolean) =>
    placed.filter((one) => isIn(one, isRight, isLower)).length;
  const isInside = (one: PlacedImage) => isIn(one, false, false);
  const corner = placed.filter(isInside).map(({ image }) => image);
  const others = Math.max(countIn(true, false), countIn(false, true), countIn(true, true));
  const outside = placed.filter((one) => !isInside(one)).map(({ image }) => image);
  const isCorner = corner.length >= MIN_RATIO * Math.max(1, others) && outside.length >= MIN_OTHERS;
  if (!isCorner || !isFilled(extentOf(corner)) || middleOf(corner) < MIN_MIDDLE * reach) return [];
  const usual = medianArea(outside);
  const ratio = medianArea(corner) / usual / reach ** 2;
  return ratio <= SAME_SIZE && ratio >= 1 / SAME_SIZE ? corner : [];
}

/** An image that has boxes, and where these are. */
interface PlacedImage {
  readonly image: CuratedImage;
  readonly extent: Extent;
}

/** The share of width or height before which half of the boxes begin, the smaller one. */
function middleOf(images: readonly CuratedImage[]): number {
  const starts = (at: (box: CuratedImage['boxes'][number], size: CuratedImage['size']) => number) =>
    median(images.flatMap(({ boxes, size }) => boxes.map((box) => at(box, size)))) ?? 0;
  return Math.min(
    starts(({ left }, { width }) => left / width),
    starts(({ top }, { height }) => top / height),
  );
}

const medianArea = (images: readonly CuratedImage[]): number =>
  median(
    images.flatMap(({ boxes, size }) =>
      boxes.map(({ width, height }) => (width * height) / (size.width * size.height)),
    ),
  ) ?? 0;

/** The outermost edges of boxes, and where the last ones begin, as shares of their images. */
interface Extent {
  left: number;
  top: number;
  right: number;
  bottom: number;
  lastLeft: number;
  lastTop: number;
}

function extentOf(images: readonly CuratedImage[]): Extent {
  const extent: Extent = { left: 1, top: 1, right: 0, bottom: 0, lastLeft: 0, lastTop: 0 };
  for (const { boxes, size } of images) {
    for (const { left, top, width, height } of boxes) {
      extent.left = Math.min(extent.left, left / size.width);
      extent.top = Math.min(extent.top, top / size.height);
      extent.lastLeft = Math.max(extent.lastLeft, left / size.width);
      extent.lastTop = Math.max(extent.lastTop, top / size.height);
      extent.right = Math.max(extent.right, (left + width) / size.width);
      extent.bottom = Math.max(extent.bottom, (top + height) / size.height);
    }
  }
  return extent;
}

function isFilled({ left, top, right, bottom, lastLeft, lastTop }: Extent): boolean {
  const reach = Math.max(right, bottom);
  return (
    Math.max(left, top) <= NEAR_EDGE * reach &&
    Math.min(right, bottom) >= FILLED * reach &&
    Math.min(lastLeft, lastTop) >= SPREAD * reach
  );
}
