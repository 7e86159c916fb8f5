/** Whether boxes were drawn on the smaller of two sizes of their images. */

import { areAllOver } from '../model/box-conventions.js';
import type { Size } from '../model/types.js';
import { type Frame, type FramedBox, placesOf } from './framed-boxes.js';

/** Boxes that were drawn on the smaller size reach no further than this share of it. */
const MAX_END = 1.02;
/** Boxes in different places per axis that would lie beyond the smaller size if they were mirrored. */
const MIN_MIRRORED = 10;
const SIDES = ['width', 'height'] as const;

/**
 * Whether the boxes refer to the smaller size: they fill it, and none reaches beyond it. In the larger size all of them
 * would lie near its left and upper edges, and none near the other two. Objects are as frequent on the right as on the
 * left, so that chance does not explain it.
 */
export function areDrawnOnSmaller(
  boxes: readonly FramedBox[],
  large: keyof Frame,
  small: keyof Frame,
): boolean {
  return SIDES.every(
    (side) => areFilled(boxes, side, small) && mirrored(boxes, side, large, small) >= MIN_MIRRORED,
  );
}

function areFilled(boxes: readonly FramedBox[], side: keyof Size, small: keyof Frame): boolean {
  const shares = boxes.map((box) => spanOf(box, side).map((edge) => edge / box[small][side]));
  const start = shares.reduce((least, [from = 0]) => Math.min(least, from), 1);
  const end = shares.reduce((most, [, to = 0]) => Math.max(most, to), 0);
  return areAllOver(start, end) && end <= MAX_END;
}

/** The number of places at which boxes, mirrored in the larger size, would lie beyond the smaller one. */
function mirrored(
  boxes: readonly FramedBox[],
  side: keyof Size,
  large: keyof Frame,
  small: keyof Frame,
): number {
  const beyond = boxes.filter((box) => {
    const [start] = spanOf(box, side);
    return box[large][side] - start > MAX_END * box[small][side];
  });
  return placesOf(beyond, small);
}

const spanOf = ({ bbox: [x, y, width, height] }: FramedBox, side: keyof Size): readonly [number, number] =>
  side === 'width' ? [x, x + width] : [y, y + height];
