import { intersectionOverUnion, type Rectangle } from './rectangle.js';

/** Intersection over union from which boxes of two records of a picture mark the same place. */
const SAME_PLACE = 0.3;
/** Share of the boxes that must mark the same places for the two records to describe one picture. */
const MIN_SHARED = 0.5;
/** Pairs of boxes that are compared; lists with more are not compared. */
const MAX_PAIRS = 250_000;

/** Whether at most half of the boxes of two lists mark the same places. Lists with too many boxes are not compared. */
export function lieElsewhere(one: readonly Rectangle[], other: readonly Rectangle[]): boolean {
  if (one.length * other.length > MAX_PAIRS) return false;
  const shared = countIn(one, other) + countIn(other, one);
  return shared <= MIN_SHARED * (one.length + other.length);
}

/** Number of the boxes that mark the same place as any of the others. */
const countIn = (boxes: readonly Rectangle[], others: readonly Rectangle[]): number =>
  boxes.filter((box) => others.some((other) => intersectionOverUnion(box, other) >= SAME_PLACE)).length;
