/** A bbox of two points, which is two corners or a corner and a size. */

import { toNumber } from '../../lib/numbers.js';
import type { Bbox } from '../model/box-conventions.js';
import { type Frame, fitsFrame } from './conventions.js';

/** The name of the convention. */
export const TWO_CORNERS = 'two corners [left, top], [right, bottom]';

/** Minimum boxes, and minimum share of all, that reach beyond their images if the second point is a size. */
const MIN_PROOFS = 3;
const MIN_SHARE = 0.1;

/** Returns the box between two points; undefined if the bbox is none, or if the second point is not right of and below the first. */
export function boxBetween(bbox: unknown): Bbox | undefined {
  if (!isTwoPoints(bbox)) return undefined;
  const [left, top, right, bottom] = bbox.flat().map(toNumber);
  if (left === undefined || top === undefined || right === undefined || bottom === undefined)
    return undefined;
  return right > left && bottom > top ? [left, top, right - left, bottom - top] : undefined;
}

const isTwoPoints = (bbox: unknown): bbox is readonly (readonly unknown[])[] =>
  Array.isArray(bbox) &&
  bbox.length === 2 &&
  bbox.every((point: unknown) => Array.isArray(point) && point.length === 2);

/** Collects whether bboxes of two points can only be two corners. */
export class TwoPoints {
  #corners = 0;
  #others = 0;
  #beyondAsSizes = 0;

  /** Adds a bbox that cannot be read otherwise. */
  add(bbox: unknown, frame: Frame): void {
    if (!isTwoPoints(bbox)) return;
    const box = boxBetween(bbox);
    if (!box || !fitsFrame(box, frame)) {
      this.#others += 1;
      return;
    }
    this.#corners += 1;
    const [left, top, width, height] = box;
    if (!fitsFrame([left, top, left + width, top + height], frame)) this.#beyondAsSizes += 1;
  }

  /** Whether all are corners, of which many reach beyond their images if the second point is a size. */
  get areCorners(): boolean {
    return this.#others === 0 && this.#beyondAsSizes >= Math.max(MIN_PROOFS, MIN_SHARE * this.#corners);
  }
}
