/** Polygons whose lists of points were filled up with zeros to one length. */

import type { Bbox } from '../model/box-conventions.js';
import { polygonBox } from './polygons.js';

/** What such polygons are. */
export const FILLED_UP = 'polygons that end with zeros';

/** Polygons without the zeros at their ends. */
export interface FilledUp {
  readonly bounds: Bbox;
  /** Area of the polygons in pixels, without the zeros and with them. */
  readonly area: number;
  readonly areaWithZeros: number;
}

/** Corners of the smallest polygon. */
const MIN_POINTS = 3;
/** Relative difference of areas that are the same: tools round points to whole pixels. */
const SAME_AREA = 0.02;

type Polygon = readonly number[];

/** Reads polygons of numbers of which one ends with the point 0, 0; undefined if none does. */
export function filledUp(polygons: readonly unknown[]): FilledUp | undefined {
  if (!polygons.some(endsWithZeros) || !polygons.every(isPolygon)) return undefined;
  const trimmed = polygons.map(withoutZeros);
  const bounds = polygonBox(trimmed);
  if (!bounds || trimmed.some(({ length }) => length < 2 * MIN_POINTS)) return undefined;
  return { bounds, area: areaOf(trimmed), areaWithZeros: areaOf(polygons) };
}

/** Whether the `area` of an annotation is that of the polygons without the zeros, or that of their bounds. */
export function areZerosNoPoints({ bounds, area, areaWithZeros }: FilledUp, stated: number): boolean {
  const isStated = (one: number) => Math.abs(one - stated) <= SAME_AREA * stated;
  return stated > 0 && !isStated(areaWithZeros) && (isStated(area) || isStated(bounds[2] * bounds[3]));
}

const isPolygon = (value: unknown): value is Polygon =>
  Array.isArray(value) && value.length % 2 === 0 && value.every(Number.isFinite);

const endsWithZeros = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 2 && value.at(-1) === 0 && value.at(-2) === 0;

function withoutZeros(polygon: Polygon): Polygon {
  let { length } = polygon;
  while (length > 1 && polygon[length - 1] === 0 && polygon[length - 2] === 0) length -= 2;
  return polygon.slice(0, length);
}

/** The sum of the areas of polygons, in pixels. */
function areaOf(polygons: readonly Polygon[]): number {
  return polygons.reduce((sum, points) => {
    let twice = 0;
    for (let i = 0; i < points.length; i += 2) {
      const [x = 0, y = 0] = points.slice(i, i + 2);
      const [nextX = x, nextY = y] = [points[(i + 2) % points.length], points[(i + 3) % points.length]];
      twice += x * nextY - nextX * y;
    }
    return sum + Math.abs(twice) / 2;
  }, 0);
}
