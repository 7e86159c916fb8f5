/** Bounding boxes of COCO segmentations. */

import { toNumber } from '../../lib/numbers.js';
import type { Bbox } from '../model/box-conventions.js';

/** Returns the bounds of a segmentation: polygons, a mask or a list of masks; undefined if it has none. */
export function shapeBox(segmentation: unknown): Bbox | undefined {
  if (Array.isArray(segmentation)) {
    if (segmentation.length > 0 && segmentation.every(isMask)) return unionOf(segmentation.map(maskBox));
    return polygonBox(segmentation);
  }
  return isMask(segmentation) ? maskBox(segmentation) : undefined;
}

interface Mask {
  readonly size?: unknown;
  readonly counts?: unknown;
}

const isMask = (value: unknown): value is Mask =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function unionOf(boxes: readonly (Bbox | undefined)[]): Bbox | undefined {
  const corners = boxes.map((box) =>
    box
      ? [
          [box[0], box[1]],
          [box[0] + box[2], box[1] + box[3]],
        ]
      : null,
  );
  return corners.includes(null) ? undefined : polygonBox(corners.flat(2).length > 0 ? [corners.flat(2)] : []);
}

/** Returns the bounds of all polygons: lists of x, y, x, y, … or of [x, y] pairs, in pixels. */
export function polygonBox(polygons: readonly unknown[]): Bbox | undefined {
  const lists = polygons.every((item) => !Array.isArray(item)) ? [polygons] : polygons;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const polygon of lists) {
    if (!Array.isArray(polygon)) return undefined;
    const values: readonly unknown[] = polygon.every(isPair) ? polygon.flat() : polygon;
    for (let i = 0; i + 1 < values.length; i += 2) {
      const x = toNumber(values[i]);
      const y = toNumber(values[i + 1]);
      if (x === undefined || y === undefined) return undefined;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return right > left && bottom > top ? [left, top, right - left, bottom - top] : undefined;
}

const isPair = (value: unknown) => Array.isArray(value) && value.length === 2;

/** Returns the bounds of a run-length mask `{size: [height, width], counts}`, with counts as a list or as COCO's compressed text. */
export function maskBox(mask: Mask): Bbox | undefined {
  const height = Array.isArray(mask.size) ? Number(mask.size[0]) : 0;
  const width = Array.isArray(mask.size) ? Number(mask.size[1]) : 0;
  if (!(Number.isInteger(height) && Number.isInteger(width) && height > 0 && width > 0)) return undefined;
  const counts = typeof mask.counts === 'string' ? unpackCounts(mask.counts) : mask.counts;
  if (!Array.isArray(counts)) return undefined;

  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  let at = 0;
  for (const [i, value] of counts.entries()) {
    const count = toNumber(value);
    if (count === undefined || !Number.isInteger(count) || count < 0 || at + count > height * width)
      return undefined;
    if (i % 2 === 1 && count > 0) {
      // Runs follow the columns; a run that continues in the next column touches top and bottom.
      const first = Math.floor(at / height);
      const last = Math.floor((at + count - 1) / height);
      [left, right] = [Math.min(left, first), Math.max(right, last)];
      top = Math.min(top, first === last ? at % height : 0);
      bottom = Math.max(bottom, first === last ? (at + count - 1) % height : height - 1);
    }
    at += count;
  }
  return right >= left ? [left, top, right - left + 1, bottom - top + 1] : undefined;
}

/**
 * Decodes COCO's compressed counts: 5 bits per character from code 48 on; bit 6 says that more follow; bit 5 of the last
 * is the sign. From the third count on, each count is a difference to the count two places before it (cocoapi,
 * maskApi.c rleFrString).
 */
function unpackCounts(text: string): number[] | undefined {
  const counts: number[] = [];
  let at = 0;
  while (at < text.length) {
    let value = 0;
    let shift = 0;
    let bits: number;
    do {
      bits = text.charCodeAt(at) - 48;
      if (!(bits >= 0 && bits < 64) || shift > 30) return undefined;
      value |= (bits & 31) << shift;
      shift += 5;
      at += 1;
    } while ((bits & 32) !== 0);
    if ((bits & 16) !== 0) value |= -1 << shift;
    const before = counts.length > 2 ? (counts[counts.length - 2] ?? 0) : 0;
    counts.push(value + before);
  }
  return counts;
}
