import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import type { Bbox } from '../model/box-conventions.js';
import { uprightSize } from '../model/orientation.js';
import type { Size } from '../model/types.js';
import type { BoxReading } from './exif.js';
import type { SeenImage } from './seen-image.js';

/** A box as its COCO file states it, with the two sizes that it may refer to, both in pixels. */
export interface FramedBox {
  readonly path: string;
  readonly bbox: Bbox;
  /** The size that the image record states; the file's size where it states none. */
  readonly stated: Size;
  /** The size of the image file in the chosen reading of its EXIF orientation. */
  readonly file: Size;
}

export function framedBoxes({ image, result }: SeenImage, reading: BoxReading): FramedBox[] {
  const file = reading === 'stored' ? result.stored : uprightSize(result);
  const { width, height, path } = image;
  const stated = width === null || height === null ? file : { width, height };
  return image.boxes.map((box) => ({ path, bbox: [box.x, box.y, box.width, box.height], stated, file }));
}

/** Share of a side, and pixels, by which a box may reach beyond the image: annotators draw a little over the edge. */
const TOLERANCE_SHARE = 0.02;
const TOLERANCE_PX = 2;

/** Whether a box lies inside an image of that size, but for a small tolerance. */
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

/** Share of boxes for which `fits` is false. */
export function shareWithout(boxes: readonly FramedBox[], fits: (box: FramedBox) => boolean): number {
  return boxes.reduce((sum, box) => sum + (fits(box) ? 0 : 1), 0) / Math.max(1, boxes.length);
}

/** Boxes of a COCO file from which a share of them says something. */
export const MIN_BOXES = 10;

/**
 * Groups values by COCO file, since each file has one exporter. Files with fewer than `MIN_BOXES` boxes are one group:
 * some tools write one file per image.
 */
export function byCocoFile<T>(
  values: readonly T[],
  cocoFileOf: (value: T) => string,
  boxesOf: (value: T) => number,
): ReadonlyMap<string, readonly T[]> {
  const byFile = groupBy(values, cocoFileOf);
  const isSmall = (own: readonly T[]) => own.reduce((sum, one) => sum + boxesOf(one), 0) < MIN_BOXES;
  const sorted = [...byFile].sort(([a], [b]) => byCodePoint(a, b));
  const [first, ...others] = sorted.filter(([, own]) => isSmall(own));
  if (first === undefined || others.length === 0) return new Map(sorted);
  const large = sorted.filter(([, own]) => !isSmall(own));
  const small = [...first[1], ...others.flatMap(([, own]) => own)];
  return new Map([...large, [`${first[0]} and ${others.length} more`, small]]);
}
