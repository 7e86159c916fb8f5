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
  const value = single(typeof bbox === 'string' ? parseText(bbox) : bbox);
  if (!Array.isArray(value)) return namedBox(value);
  const numbers = value.map(toNumber);
  const [a, b, c, d] = numbers;
  if (numbers.length === 4 && a !== undefined && b !== undefined && c !== undefined && d !== undefined) {
    return [a, b, c, d];
  }
  return isFourPoints(value) ? polygonBox(value) : undefined;
}

/** A list around the only list, object or text. */
function single(value: unknown): unknown {
  if (!Array.isArray(value) || value.length !== 1) return value;
  const [only]: readonly unknown[] = value;
  return typeof only === 'string' ? parseText(only) : only;
}

/** Whether a list has four points or eight numbers, which are the corners of a rectangle in any order. */
const isFourPoints = (value: readonly unknown[]) =>
  value.length === 8 || (value.length === 4 && value.every((point) => typeof point === 'object'));

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
