/** A bbox with its numbers in the order left, top, width, height. */
export type Bbox = readonly [x: number, y: number, width: number, height: number];

/** COCO's own convention, in pixels (https://cocodataset.org/#format-data). */
export const COCO_CONVENTION = '[left, top, width, height]';

/** Ways to write a box in four numbers, each with the function that turns them into COCO's order. */
export const BOX_FORMS: Readonly<Record<string, (a: number, b: number, c: number, d: number) => Bbox>> = {
  [COCO_CONVENTION]: (left, top, width, height) => [left, top, width, height],
  'corners [left, top, right, bottom]': (left, top, right, bottom) => [left, top, right - left, bottom - top],
  'centre [x, y, width, height]': (x, y, width, height) => [x - width / 2, y - height / 2, width, height],
  '[top, left, height, width]': (top, left, height, width) => [left, top, width, height],
  '[top, left, width, height]': (top, left, width, height) => [left, top, width, height],
  'corners [top, left, bottom, right]': (top, left, bottom, right) => [left, top, right - left, bottom - top],
};
