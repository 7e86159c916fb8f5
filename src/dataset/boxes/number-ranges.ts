import { type Bbox, BOX_FORMS, MIN_BEYOND } from '../model/box-conventions.js';
import { type FramedBox, MIN_BOXES, shareBeyond } from './framed-boxes.js';

/** Numbers from 0 to this end, in both axes and whatever the size of the image. */
export type RangeEnd = 100 | 1000 | 1024;

/** Percent, and the thousandths or 1024ths of the image size that vision-language models write. */
const ENDS: readonly RangeEnd[] = [100, 1000, 1024];

/** Tolerance for rounding, as a share of the range. */
const TOLERANCE = 0.005;
/** Minimum range of the left and top edges of boxes; that of a logo in a corner is smaller. */
const MIN_SPREAD = 0.4;
const CERTAIN_SPREAD = 0.6;
/** How near to the end of the range the right and lower edges come. Boxes in percent are recognized without it. */
const MIN_REACH = 0.9;
const CERTAIN_REACH = 0.95;
/** Chance below which boxes in pixels do not lie within that range only. */
const MAX_CHANCE = 1e-6;
/** Share of boxes beyond their images from which they are certainly not in pixels. */
const MANY_BEYOND = 0.3;

export interface NumberRange {
  readonly end: RangeEnd;
  readonly isCertain: boolean;
}

/**
 * The range in which the numbers of all boxes lie, though their images have other sizes: larger ones, with boxes that
 * spread over that range only, or smaller ones beyond which the boxes reach.
 */
export function numberRange(boxes: readonly FramedBox[]): NumberRange | undefined {
  if (boxes.length < MIN_BOXES) return undefined;
  for (const end of ENDS) {
    const extent = extentIn(boxes, end);
    if (!extent) continue;
    const chances = [chanceOf(boxes, 'width', end), chanceOf(boxes, 'height', end)] as const;
    if (extent.spread < MIN_SPREAD || (end !== 100 && extent.reach < MIN_REACH)) continue;
    const beyond = shareBeyond(boxes, 'stated');
    if (chances[0] * chances[1] < MAX_CHANCE) {
      const isSpread = extent.spread >= CERTAIN_SPREAD && extent.reach >= CERTAIN_REACH;
      return { end, isCertain: beyond >= MANY_BEYOND || (isSpread && Math.max(...chances) < MAX_CHANCE) };
    }
    const isExplained = Object.values(BOX_FORMS).some(
      (form) => shareBeyond(boxes, 'stated', form) < MIN_BEYOND,
    );
    if (extent.reach >= MIN_REACH && !isExplained) return { end, isCertain: beyond >= MANY_BEYOND };
  }
  return undefined;
}

/**
 * The end of the range in which the numbers of the boxes lie that reach beyond their images, and of the other boxes of
 * these images, if they fill that range. Other images of the COCO file have boxes in pixels.
 */
export function rangeBeyond(boxes: readonly FramedBox[]): RangeEnd | undefined {
  if (boxes.length < MIN_BOXES || shareBeyond(boxes, 'stated') < MANY_BEYOND) return undefined;
  return ENDS.find((end) => {
    const extent = extentIn(boxes, end);
    return extent && extent.spread >= MIN_SPREAD && extent.reach >= CERTAIN_REACH;
  });
}

/** How far boxes that lie within the range fill it, in the first form in which they do; undefined if they do in none. */
function extentIn(boxes: readonly FramedBox[], end: RangeEnd): Extent | undefined {
  const read = Object.values(BOX_FORMS).find((form) =>
    boxes.every(({ bbox }) => isWithin(form(...bbox), end)),
  );
  return (
    read &&
    extentOf(
      boxes.map(({ bbox }) => read(...bbox)),
      end,
    )
  );
}

const isWithin = ([left, top, width, height]: Bbox, end: RangeEnd): boolean =>
  width > 0 &&
  height > 0 &&
  Math.min(left, top) >= -TOLERANCE * end &&
  Math.max(left + width, top + height) <= (1 + TOLERANCE) * end;

/** Chance that boxes which are spread over their images lie within the range in this axis. */
const chanceOf = (boxes: readonly FramedBox[], side: 'width' | 'height', end: RangeEnd): number =>
  boxes.reduce((chance, { stated }) => chance * Math.min(1, end / stated[side]), 1);

interface Extent {
  readonly spread: number;
  readonly reach: number;
}

/** How far the left and top edges spread, and the right and lower edges reach, as shares of the range; of the less wide axis. */
function extentOf(boxes: readonly Bbox[], end: RangeEnd): Extent {
  const axis = (start: 0 | 1, length: 2 | 3) => {
    let [least, most, reach] = [Number.POSITIVE_INFINITY, 0, 0];
    for (const box of boxes) {
      least = Math.min(least, box[start]);
      most = Math.max(most, box[start]);
      reach = Math.max(reach, box[start] + box[length]);
    }
    return { spread: (most - least) / end, reach: reach / end };
  };
  const [across, down] = [axis(0, 2), axis(1, 3)];
  return { spread: Math.min(across.spread, down.spread), reach: Math.min(across.reach, down.reach) };
}
