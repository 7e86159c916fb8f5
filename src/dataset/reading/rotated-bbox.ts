/** Rotated boxes of five numbers, as Detectron2 writes them. */

import { toNumber } from '../../lib/numbers.js';
import type { Bbox } from '../model/box-conventions.js';
import type { DeclaredFormat } from './declared-format.js';
import { turnedBounds } from './rotation.js';

/** The name of the convention. */
export const ROTATED_BBOX = 'rotated boxes [x, y, width, height, angle] about their centre x, y';

/**
 * Returns the bounds of a bbox [x, y, width, height, angle] that is declared as such: a centre, a size and degrees, whose
 * sign does not change the bounds. Undefined if it is not declared, since the fifth number may be a score.
 */
export function rotatedBounds(bbox: unknown, format: DeclaredFormat | undefined): Bbox | undefined {
  if (!format?.isRotated || !Array.isArray(bbox) || bbox.length !== 5) return undefined;
  const [x, y, width, height, angle] = bbox.map(toNumber);
  if (x === undefined || y === undefined || width === undefined || height === undefined) return undefined;
  return angle === undefined
    ? undefined
    : turnedBounds([x - width / 2, y - height / 2, width, height], angle);
}
