/** The bbox of an annotation in the forms in which tools write four numbers. */

import { asRecord } from '../../lib/json-records.js';
import { toNumber } from '../../lib/numbers.js';
import type { Bbox } from '../model/box-conventions.js';
import { parseText } from './annotation-text.js';
import { isClose } from './conventions.js';
import { polygonBox } from './polygons.js';

type ToCoco = (a: number, b: number, c: number, d: number) => Bbox;

const sized: ToCoco = (left, top, width, height) => [left, top, width, height];
const corners: ToCoco = (left, top, right, bottom) => [left, top, right - left, bottom - top];
const centred: ToCoco = (x, y, width, height) => [x - width / 2, y - height / 2, width, height];

/** Members whose names say what they mean. */
const MEMBERS: readonly (readonly [names: readonly string[], toCoco: ToCoco])[] = [
  [['x', 'y', 'width', 'height'], sized],
  [['x', 'y', 'w', 'h'], sized],
  [['left', 'top', 'width', 'height'], sized],
  [['xmin', 'ymin', 'width', 'height'], sized],
  [['xmin', 'ymin', 'xmax', 'ymax'], corners],
  [['x1', 'y1', 'x2', 'y2'], corners],
  [['left', 'top', 'right', 'bottom'], corners],
  [['cx', 'cy', 'w', 'h'], centred],
  [['cx', 'cy', 'width', 'height'], centred],
];

/**
 * Returns the four numbers of a bbox as COCO's [left, top, width, height]: from a list, an object with named members,
 * four corner points, or any of these as text. Returns undefined if it has another form or several meanings.
 */
export function statedBox(bbox: unknown): Bbox | undefined {
  const value = single(typeof bbox === 'string' ? fromText(bbox) : bbox);
  if (!Array.isArray(value)) return namedBox(value);
  const numbers = value.map(toNumber);
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

function namedBox(value: unknown): Bbox | undefined {
  const fields = new Map(
    Object.entries(asRecord(value)).map(([name, one]) => [name.toLowerCase().replaceAll('_', ''), one]),
  );
  const [first, ...others] = MEMBERS.flatMap(([names, toCoco]) => {
    const [a, b, c, d] = names.map((name) => toNumber(fields.get(name)));
    return a === undefined || b === undefined || c === undefined || d === undefined
      ? []
      : [toCoco(a, b, c, d)];
  });
  return first && others.every((other) => isClose(other, first)) ? first : undefined;
}
