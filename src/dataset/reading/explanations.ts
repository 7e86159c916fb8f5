/** What explains that the bbox of an annotation is not the bounds of its own polygons or masks. */

import type { Bbox } from '../model/box-conventions.js';
import { type Convention, conventionsOf, type Frame, fitsFrame, isClose, isCoco } from './conventions.js';
import { isOfOwnBox, OF_OWN_BOX } from './local-shapes.js';
import { otherReadings, type Shape, type ShapeReading } from './shapes.js';

/** Which of the two is right. */
export type Right = 'bbox' | 'shape';

export interface Explanations {
  /** Whether bbox and shape agree as COCO defines them. */
  readonly agree: boolean;
  /** If the shape is right: the conventions in which the bbox is its bounds. */
  readonly conventions: readonly Convention[];
  /** If the bbox is right: the readings of the shape that have it as their bounds. */
  readonly readings: readonly ShapeReading[];
  /** Whether they differ for no other reason than that one of them is in pixels of another image, or is inaccurate. */
  readonly isUnexplained: boolean;
}

const AGREE: Explanations = { agree: true, conventions: [], readings: [], isUnexplained: false };

/** The numbers of an annotation that are compared with others. */
export interface Observed {
  readonly bbox: Bbox;
  /** The stated area; undefined if there is none. */
  readonly area: number | undefined;
  /** Size of the image record. */
  readonly frame: Frame;
}

/** Compares a bbox with the shape beside it in all conventions and readings. */
export function explain({ bbox, frame }: Observed, shape: Shape): Explanations {
  // Nearly all files are right, so that other readings cost no time there.
  if (isClose(bbox, shape.bounds)) return AGREE;
  const conventions = conventionsOf(bbox, shape.bounds, frame).filter((one) => !isCoco(one));
  const others = otherReadings(shape, frame).filter(({ bounds }) => isClose(bounds, bbox));
  const readings = isOfOwnBox(shape, bbox) ? [...others, { name: OF_OWN_BOX, bounds: bbox }] : others;
  const factor = scaleFactor(bbox, shape.bounds);
  const isUnexplained = conventions.length + readings.length === 0;
  if (factor === undefined || !isUnexplained) {
    return { agree: false, conventions, readings, isUnexplained };
  }
  // Nothing but the size of the image tells a small bbox from a large shape.
  const reading = { name: sizeName(1 / factor), bounds: bbox };
  return { agree: false, conventions: [scaled(factor)], readings: [reading], isUnexplained };
}

/** Factors nearer to 1 than this are inaccurate boxes. */
const MIN_FACTOR = 1.25;

/** The factor by which all four numbers of a bbox must be multiplied to give the bounds; undefined if there is none. */
function scaleFactor(bbox: Bbox, bounds: Bbox): number | undefined {
  const factor = (bounds[2] + bounds[3]) / (bbox[2] + bbox[3]);
  if (Math.max(factor, 1 / factor) < MIN_FACTOR) return undefined;
  const [x, y, width, height] = bbox.map((number) => number * factor);
  const read: Bbox = [x ?? 0, y ?? 0, width ?? 0, height ?? 0];
  const [large, other] = factor > 1 ? [bounds, read] : [bbox, bounds.map((n) => n / factor)];
  return isClose([other[0] ?? 0, other[1] ?? 0, other[2] ?? 0, other[3] ?? 0], large) ? factor : undefined;
}

const scaled = (factor: number): Convention => ({
  name: sizeName(factor),
  swapped: false,
  read: ([x, y, width, height]) => [x * factor, y * factor, width * factor, height * factor],
});

const sizeName = (factor: number): string => {
  const times = Math.round(10 * Math.max(factor, 1 / factor)) / 10;
  return `pixels of an image that is ${times} times ${factor > 1 ? 'smaller' : 'larger'}`;
};

/** Relative difference of areas that are the same, and from which one is larger. */
const SAME_AREA = 0.001;
const LARGER_AREA = 1.05;

/**
 * Which of bbox and shape is right by the annotation's own evidence: only one of them lies inside the image, or `area`
 * fits only one of them. Undefined if there is none.
 */
export function rightOf({ bbox, area, frame }: Observed, { bounds }: Shape): Right | undefined {
  const [bboxFits, shapeFits] = [fitsFrame(bbox, frame), fitsFrame(bounds, frame)];
  if (bboxFits !== shapeFits) return bboxFits ? 'bbox' : 'shape';
  if (area === undefined) return undefined;
  const [ofBbox, ofShape] = [bbox[2] * bbox[3], bounds[2] * bounds[3]];
  const isOf = (size: number) => Math.abs(area - size) <= SAME_AREA * size;
  if (Math.max(ofBbox, ofShape) < LARGER_AREA * Math.min(ofBbox, ofShape)) return undefined;
  // The area of a shape may be smaller than its bounds, but not larger.
  if (isOf(ofBbox)) return 'bbox';
  return isOf(ofShape) || (area > LARGER_AREA * ofBbox && area <= LARGER_AREA * ofShape)
    ? 'shape'
    : undefined;
}
