import type { Size } from './types.js';

/** A bbox with its numbers in the order left, top, width, height. */
export type Bbox = readonly [x: number, y: number, width: number, height: number];

/** Share of a side, and pixels, by which a box may reach beyond the image: annotators draw a little over the edge. */
const TOLERANCE_SHARE = 0.02;
const TOLERANCE_PX = 2;

/** Whether a box lies inside an image of that size, with a small tolerance. */
export function isInside([left, top, width, height]: Bbox, size: Size): boolean {
  return (
    width > 0 &&
    height > 0 &&
    isWithin(left, left + width, size.width) &&
    isWithin(top, top + height, size.height)
  );
}

function isWithin(start: number, end: number, side: number): boolean {
  const tolerance = Math.max(TOLERANCE_SHARE * side, Math.min(TOLERANCE_PX, side / 10));
  return start >= -tolerance && end <= side + tolerance;
}

/** Minimum share of boxes beyond their images that shows a size or the images to be wrong. */
export const MIN_BEYOND = 0.1;
/** Maximum share of boxes beyond their images in the right images, sizes and convention. */
export const MAX_BEYOND = 0.01;

/** Shares of a side before which the first object begins, and beyond which the last one ends, if objects are all over images. */
const MAX_START = 0.1;
const MIN_END = 0.9;

/**
 * Whether objects are all over their images in an axis. Objects that only lie in the upper left part of them are not.
 * @param start where the first one begins, as a share of the side
 * @param end where the last one ends
 */
export const areAllOver = (start: number, end: number): boolean => start <= MAX_START && end >= MIN_END;

/** COCO's own convention, in pixels (https://cocodataset.org/#format-data). */
export const COCO_CONVENTION = '[left, top, width, height]';

/** The convention in which x and y are exchanged throughout. */
export const EXCHANGED = '[top, left, height, width]';

/** The convention in which only width and height are exchanged. */
export const SIDES_EXCHANGED = '[left, top, height, width]';

/** Ways to write a box in four numbers, each with the function that turns them into COCO's order. */
type BoxForms = Readonly<Record<string, (a: number, b: number, c: number, d: number) => Bbox>>;

/** The usual ways. */
export const BOX_FORMS: BoxForms = {
  [COCO_CONVENTION]: (left, top, width, height) => [left, top, width, height],
  'corners [left, top, right, bottom]': (left, top, right, bottom) => [left, top, right - left, bottom - top],
  'centre [x, y, width, height]': (x, y, width, height) => [x - width / 2, y - height / 2, width, height],
  [EXCHANGED]: (top, left, height, width) => [left, top, width, height],
  '[top, left, width, height]': (top, left, width, height) => [left, top, width, height],
  'corners [top, left, bottom, right]': (top, left, bottom, right) => [left, top, right - left, bottom - top],
};

/** The convention of corners from the lower left to the upper right; corners with y from below look the same. */
export const LOWER_LEFT_FIRST = '[left, bottom, right, top]';

/** Rare ways, such as those of Open Images, of NumPy slices and of face_recognition. */
export const RARE_FORMS: BoxForms = {
  '[left, right, top, bottom]': (left, right, top, bottom) => [left, top, right - left, bottom - top],
  '[top, bottom, left, right]': (top, bottom, left, right) => [left, top, right - left, bottom - top],
  '[top, right, bottom, left]': (top, right, bottom, left) => [left, top, right - left, bottom - top],
  [LOWER_LEFT_FIRST]: (left, bottom, right, top) => [left, top, right - left, bottom - top],
  '[width, height, left, top]': (width, height, left, top) => [left, top, width, height],
};
