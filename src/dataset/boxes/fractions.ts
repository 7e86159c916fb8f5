/** Boxes whose numbers, or some of them, are fractions of the image size. */

import { byImage, type FramedBox, MIN_BOXES } from './framed-boxes.js';

/** Which numbers of a bbox are fractions: all, the last two, or the first two. */
export type FractionPart = 'all' | 'sizes' | 'positions';

/** Boxes with fractions. */
export interface Fractions {
  readonly part: FractionPart;
  readonly shown: readonly FramedBox[];
  /** Whether the boxes are certainly no pixels. */
  readonly isCertain: boolean;
  /** Whether only some boxes have them. */
  readonly isPartial: boolean;
}

/** Largest fraction, with some tolerance for rounding. */
const MAX_FRACTION = 1.01;
/** Minimum boxes in fractions, and their share, that refuse a dataset. */
const MIN_FRACTIONS = 3;
const MIN_FRACTIONS_SHARE = 0.01;
/** Minimum range of positions in fractions; that of objects in the upper left corner is smaller. */
const MIN_SPREAD = 0.4;
/** Share of the image from which a box covers it, so that it starts in the corner. */
const COVERING = 0.5;

/** Most boxes, or all boxes of some images, in fractions; undefined if there are none. */
export function fractionsIn(boxes: readonly FramedBox[]): Fractions | undefined {
  const isCertain = (shown: readonly FramedBox[]) =>
    shown.length >= Math.max(MIN_FRACTIONS, MIN_FRACTIONS_SHARE * boxes.length);
  const all = boxesWith('all', boxes, isInFractions, isCertain);
  if (all?.isCertain) return all;
  const sizes = boxesWith('sizes', boxes, hasFractionSize, isCertain);
  return sizes ?? all ?? positionsIn(boxes);
}

/** Positions of whole numbers, or near the corner only, are usual. */
function positionsIn(boxes: readonly FramedBox[]): Fractions | undefined {
  const found = boxesWith('positions', boxes, hasFractionPosition, () => false);
  if (!found || found.shown.length < MIN_BOXES) return undefined;
  const isSpread = ([0, 1] as const).every((axis) => {
    const numbers = found.shown.map(({ bbox }) => bbox[axis]);
    return Math.max(...numbers) - Math.min(...numbers) >= MIN_SPREAD;
  });
  return isSpread ? found : undefined;
}

type Holds = (box: FramedBox) => boolean;

/**
 * The boxes with fractions if most boxes have them, or else those of images all of whose boxes have them. Boxes of whole
 * numbers in these are clicks in the corner instead.
 */
function boxesWith(
  part: FractionPart,
  boxes: readonly FramedBox[],
  holds: Holds,
  isCertain: (shown: readonly FramedBox[]) => boolean,
): Fractions | undefined {
  const holding = boxes.filter(holds);
  if (holding.length === 0) return undefined;
  if (holding.length > boxes.length / 2) {
    return { part, shown: holding, isCertain: true, isPartial: holding.length < boxes.length };
  }
  const shown = byImage(boxes)
    .filter((own) => own.every(holds) && own.some(({ bbox }) => bbox.some(isFractional)))
    .flat();
  return shown.length > 0 ? { part, shown, isCertain: isCertain(shown), isPartial: true } : undefined;
}

const isFractional = (number: number) => !Number.isInteger(number);
const isFraction = (number: number) => number <= MAX_FRACTION;
const isLarge = ({ stated }: FramedBox) => Math.min(stated.width, stated.height) > 10 * MAX_FRACTION;

/** Whether the numbers are at most 1 in an image of more pixels than that. */
const isInFractions: Holds = (box) => box.bbox.every(isFraction) && isLarge(box);

/** Whether only width and height are. */
const hasFractionSize: Holds = (box) => {
  const [x, y, width, height] = box.bbox;
  const size = [width, height];
  return (
    size.every(isFraction) && size.some(isFractional) && !(isFraction(x) && isFraction(y)) && isLarge(box)
  );
};

/** Whether only the position is, in a box that does not cover the image. */
const hasFractionPosition: Holds = (box) => {
  const [x, y, width, height] = box.bbox;
  const position = [x, y];
  const isPart = width * height < COVERING * box.stated.width * box.stated.height;
  return (
    position.every(isFraction) &&
    position.some(isFractional) &&
    !(isFraction(width) && isFraction(height)) &&
    isPart &&
    isLarge(box)
  );
};
