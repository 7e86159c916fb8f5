/** Segmentations that repeat the four numbers of the bbox: they show nothing about it, and are no polygons of two points. */

import type { Bbox } from '../model/box-conventions.js';
import { type Convention, conventionNamed, type Frame, fitsFrame } from './conventions.js';

/** Whether a segmentation only repeats the four numbers of the bbox. */
export function repeatsBbox(segmentation: unknown, bbox: Bbox | undefined): boolean {
  if (bbox === undefined || !isShortList(segmentation) || !segmentation.every(isShortOrNumber)) return false;
  const numbers: readonly unknown[] = segmentation.flat(2);
  return numbers.length === 4 && bbox.every((side, i) => Math.abs(side - Number(numbers[i])) <= ROUNDED);
}

const isShortList = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.length <= 4;
const isShortOrNumber = (value: unknown) => typeof value === 'number' || isShortList(value);

/** Difference of a number that was rounded to whole pixels. */
const ROUNDED = 0.51;

const CORNERS = conventionNamed('corners [left, top, right, bottom]', 'pixels');
/** Minimum boxes that lie inside their images only as corners. */
const MIN_PROOFS = 3;

/** Collects whether bboxes whose numbers the segmentation repeats can only be corners. */
export class RepeatedBoxes {
  #onlyCorners = 0;
  #others = 0;

  add(bbox: Bbox, frame: Frame): void {
    const corners = CORNERS?.read(bbox, frame);
    if (!corners || !fitsFrame(corners, frame)) this.#others += 1;
    else if (!fitsFrame(bbox, frame)) this.#onlyCorners += 1;
  }

  /** Corners, if all boxes lie inside their images as corners, and some do not otherwise; undefined for COCO's own. */
  get convention(): Convention | undefined {
    return this.#others === 0 && this.#onlyCorners >= MIN_PROOFS ? CORNERS : undefined;
  }
}
