/** The bbox of an annotation in the forms in which tools write four numbers. */

import { toNumber } from '../../lib/numbers.js';
import type { Bbox } from '../model/box-conventions.js';
import { parseText, statedNumber } from './annotation-text.js';
import { namedBox } from './named-box.js';
import { polygonBox } from './polygons.js';

/**
 * Returns the four numbers of a bbox as COCO's [left, top, width, height]: from a list, an object with named members,
 * four corner points, or any of these as text. Returns undefined if it has another form or several meanings.
 */
export function statedBox(bbox: unknown): Bbox | undefined {
  const value = single(typeof bbox === 'string' ? fromText(bbox) : bbox);
  if (!Array.isArray(value)) return namedBox(value);
  const numbers = value.map(statedNumber);
  const [a, b, c, d] = numbers;
  if (numbers.length === 4 && a !== undefined && b !== undefined && c !== undefined && d !== undefined) {
    return [a, b, c, d];
  }
  return areCorners(value) ? polygonBox(value) : undefined;
}

/** A list around the only list, object or text. */
function single(value: unknown): unknown {
  if (!Array.isArray(value) || value.length !== 1) return value;
  const [only]: readonly unknown[] = value;
  return typeof only === 'string' ? fromText(only) : only;
}

/** Text without JSON's brackets must have four numbers: eight may be numbers with decimal commas. */
function fromText(text: string): unknown {
  const value = parseText(text);
  return Array.isArray(value) && value.length !== 4 && !/^\s*\[/.test(text) ? undefined : value;
}

/** Pixels by which the diagonals of a rectangle may miss each other's centre, since corners are rounded. */
const MAX_SKEW = 2;

/** Whether a list has the corners of a rectangle, rotated or not, in any order: as four points or eight numbers. */
function areCorners(value: readonly unknown[]): boolean {
  // Two lists of four numbers are two boxes.
  if (value.length !== 4 && value.some(Array.isArray)) return false;
  const numbers = value.flatMap((item) =>
    Array.isArray(item) ? item : isPoint(item) ? [item.x, item.y] : [item],
  );
  const [ax, ay, bx, by, cx, cy, dx, dy] = numbers.map(toNumber).map((number) => number ?? Number.NaN);
  const areOpposite = (...[x1 = 0, x2 = 0, x3 = 0, x4 = 0]: readonly (number | undefined)[]) =>
    Math.abs(x1 + x2 - x3 - x4) <= MAX_SKEW;
  return (
    numbers.length === 8 &&
    ((areOpposite(ax, cx, bx, dx) && areOpposite(ay, cy, by, dy)) ||
      (areOpposite(ax, dx, bx, cx) && areOpposite(ay, dy, by, cy)) ||
      (areOpposite(ax, bx, cx, dx) && areOpposite(ay, by, cy, dy)))
  );
}

const isPoint = (item: unknown): item is { readonly x: unknown; readonly y: unknown } =>
  typeof item === 'object' && item !== null && 'x' in item && 'y' in item;
