/** The polygons or masks of an annotation, in COCO's reading and in the other ways in which exporters write them. */

import type { Bbox } from '../model/box-conventions.js';
import { parseText } from './annotation-text.js';
import { circleOf, PERHAPS_CIRCLE } from './circles.js';
import type { Frame } from './conventions.js';
import { boundsOfRuns, isMask, type Runs, runsOf } from './masks.js';
import { polygonBox } from './polygons.js';
import { type FilledUp, filledUp } from './zero-tails.js';

/** Bounds of a shape if it is read in another way than COCO's. */
export interface ShapeReading {
  /** What the shape is instead, such as `polygons with y before x`. */
  readonly name: string;
  readonly bounds: Bbox;
}

/** The polygons or masks of an annotation. */
export interface Shape {
  readonly kind: 'polygons' | 'masks';
  /** The bounds as COCO defines them: x before y, in pixels; masks by columns, with size [height, width]. */
  readonly bounds: Bbox;
  /** The masks; none if the shape is polygons. */
  readonly masks: readonly Runs[];
  /** The bounds of the circle that a polygon of two points can be. */
  readonly circle?: Bbox | undefined;
  /** The polygons without the zeros at their ends; absent if they have none. */
  readonly filledUp?: FilledUp | undefined;
}

/** Reads a segmentation: polygons, a mask or a list of masks; undefined if it has no area or cannot be read. */
export function shapeOf(segmentation: unknown): Shape | undefined {
  if (segmentation === undefined || segmentation === null) return undefined;
  const value = typeof segmentation === 'string' ? parseText(segmentation) : segmentation;
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) return undefined;
  if (list.every(isMask)) {
    const masks = list.map(runsOf);
    const read = masks.filter((one) => one !== undefined);
    if (read.length < masks.length) return undefined;
    const bounds = boundsOfMasks(read, columns);
    return bounds && { kind: 'masks', bounds, masks: read };
  }
  const bounds = polygonBox(value);
  return bounds && { kind: 'polygons', bounds, masks: [], circle: circleOf(value), filledUp: filledUp(list) };
}

/** The name of the reading of masks that are scaled from their own size to that of the image. */
export const OF_OTHER_SIZE = 'masks of another image size';

type ReadRuns = (runs: Runs) => Bbox | undefined;

const columns: ReadRuns = (runs) => boundsOfRuns(runs, runs.size[0]);
const columnsOfOtherSide: ReadRuns = (runs) => boundsOfRuns(runs, runs.size[1]);
const withExchanged =
  (read: ReadRuns): ReadRuns =>
  (runs) => {
    const bounds = read(runs);
    return bounds && exchanged(bounds);
  };

/** Masks may follow the rows, or have a size of [width, height]. */
const MASK_READINGS: Readonly<Record<string, ReadRuns>> = {
  'masks with size [width, height]': columnsOfOtherSide,
  'masks by rows': withExchanged(columnsOfOtherSide),
  'masks by rows with size [width, height]': withExchanged(columns),
};

/** How the numbers of polygons become pixels in an image of that size. */
const POLYGON_UNITS: Readonly<Record<string, (side: number) => number>> = {
  'fractions of the image size': (side) => side,
  'percent of the image size': (side) => side / 100,
};

/** Returns the bounds of a shape in all other readings that the size of the image allows. */
export function otherReadings(shape: Shape, frame: Frame): readonly ShapeReading[] {
  return shape.kind === 'masks' ? maskReadings(shape, frame) : polygonReadings(shape, frame);
}

function polygonReadings({ bounds, circle }: Shape, frame: Frame): readonly ShapeReading[] {
  const readings = [
    ...(circle ? [{ name: PERHAPS_CIRCLE, bounds: circle }] : []),
    { name: 'polygons with y before x', bounds: exchanged(bounds) },
    ...fromBelow(bounds, frame),
  ];
  const { width, height } = frame;
  if (width === null || height === null) return readings;
  const scaled = Object.entries(POLYGON_UNITS).flatMap(([unit, scaleOf]) => [
    { name: `polygons in ${unit}`, bounds: scale(bounds, scaleOf(width), scaleOf(height)) },
    {
      name: `polygons in ${unit} with y before x`,
      bounds: scale(exchanged(bounds), scaleOf(width), scaleOf(height)),
    },
  ]);
  return [...readings, ...scaled];
}

function maskReadings({ masks, bounds }: Shape, frame: Frame): readonly ShapeReading[] {
  const read = Object.entries(MASK_READINGS).flatMap(([name, readRuns]) => {
    const other = boundsOfMasks(masks, readRuns);
    return other ? [{ name, bounds: other }] : [];
  });
  return [...read, ...fromBelow(bounds, frame), ...ofOtherSize({ masks, bounds }, frame)];
}

function fromBelow([x, y, width, height]: Bbox, frame: Frame): readonly ShapeReading[] {
  if (frame.height === null) return [];
  return [{ name: 'shapes with y from below', bounds: [x, frame.height - y - height, width, height] }];
}

/** The reading of masks whose size is that of a smaller, larger or distorted copy of the image. */
function ofOtherSize(
  { masks, bounds }: Pick<Shape, 'masks' | 'bounds'>,
  frame: Frame,
): readonly ShapeReading[] {
  const [first] = masks;
  if (!first || frame.width === null || frame.height === null) return [];
  const [height, width] = first.size;
  if (masks.some(({ size }) => size[0] !== height || size[1] !== width)) return [];
  const [across, down] = [frame.width / width, frame.height / height];
  const isAlike = (one: number, other: number) => Math.abs(one / other - 1) <= SAME_ASPECT;
  if (isAlike(across, 1) && isAlike(down, 1)) return [];
  // The copy of a rotated image, or a size of [width, height], has several readings.
  const isRotatedCopy = !isAlike(across, down) && isAlike(frame.width / height, frame.height / width);
  return isRotatedCopy ? [] : [{ name: OF_OTHER_SIZE, bounds: scale(bounds, across, down) }];
}

/** Relative difference of aspect ratios that differ only by rounding to whole pixels. */
const SAME_ASPECT = 0.02;

const exchanged = ([x, y, width, height]: Bbox): Bbox => [y, x, height, width];
const scale = ([x, y, width, height]: Bbox, across: number, down: number): Bbox => [
  x * across,
  y * down,
  width * across,
  height * down,
];

/** The bounds of all masks; undefined if one of them has no pixels. */
function boundsOfMasks(masks: readonly Runs[], read: ReadRuns): Bbox | undefined {
  const boxes = masks.map(read).filter((box) => box !== undefined);
  if (boxes.length < masks.length) return undefined;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y, width, height] of boxes) {
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x + width), Math.max(bottom, y + height)];
  }
  return [left, top, right - left, bottom - top];
}
