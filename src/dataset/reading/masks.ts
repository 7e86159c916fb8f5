/** Bounds of COCO's run-length masks. */

import { toNumber } from '../../lib/numbers.js';
import type { Bbox } from '../model/box-conventions.js';

/** A run-length mask `{size: [height, width], counts}`, with counts as a list or as COCO's compressed text. */
export interface Mask {
  readonly size?: unknown;
  readonly counts?: unknown;
}

/** A mask whose runs fit its size. */
export interface Runs {
  /** COCO's [height, width]. */
  readonly size: readonly [number, number];
  readonly counts: readonly number[];
}

export const isMask = (value: unknown): value is Mask =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'counts' in value;

/** Reads a mask; undefined if it has no size or other pixels than that. */
export function runsOf({ size, counts }: Mask): Runs | undefined {
  const [height, width] = Array.isArray(size) ? size.map(toNumber) : [];
  if (!isSide(height) || !isSide(width)) return undefined;
  const total = height * width;
  const list = typeof counts === 'string' ? unpackCounts(counts) : counts;
  const read = countsOf(list, total) ?? (typeof counts === 'string' ? otherCounts(counts, total) : undefined);
  return read && { size: [height, width], counts: read };
}

/** The counts as numbers; undefined if they are others, or more pixels than the size has. */
function countsOf(list: unknown, total: number): readonly number[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const numbers: number[] = [];
  let sum = 0;
  for (const value of list) {
    const count = toNumber(value);
    if (count === undefined || !Number.isInteger(count) || count < 0) return undefined;
    sum += count;
    if (sum > total) return undefined;
    numbers.push(count);
  }
  return numbers;
}

/** The counts of a text that Python printed as bytes (`b'…'`) or that is base64, if they are all pixels of the size. */
function otherCounts(counts: string, total: number): readonly number[] | undefined {
  return otherTexts(counts)
    .map((text) => countsOf(unpackCounts(text), total))
    .find((list) => list?.reduce((sum, count) => sum + count, 0) === total);
}

/** Maximum characters of base64; the counts of large masks have a hundredth of it. */
const MAX_BASE64 = 1_000_000;

/** The texts that may be inside a text of bytes or base64. */
function otherTexts(counts: string): readonly string[] {
  const quoted =
    /^b(['"])/.test(counts) && counts.endsWith(counts.charAt(1)) ? counts.slice(2, -1) : undefined;
  const isBase64 =
    counts.length <= MAX_BASE64 && counts.length % 4 === 0 && /^[A-Za-z\d+/]+={0,2}$/.test(counts);
  return [
    ...(quoted === undefined ? [] : [quoted.replaceAll('\\\\', '\\')]),
    ...(isBase64 ? [atob(counts)] : []),
  ];
}

const isSide = (side: number | undefined): side is number => Number.isInteger(side) && Number(side) > 0;

/**
 * Returns the bounds of the pixels of a mask; undefined if it has none.
 * @param height pixels per column: runs follow the columns
 */
export function boundsOfRuns({ counts }: Runs, height: number): Bbox | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  let at = 0;
  for (const [i, count] of counts.entries()) {
    if (i % 2 === 1 && count > 0) {
      // A run that continues in the next column touches top and bottom.
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
