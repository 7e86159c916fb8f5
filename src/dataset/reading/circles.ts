/** Polygons of two points, as some exporters write the circles of labelme: the centre and a point on the rim. */

import { toNumber } from '../../lib/numbers.js';
import { areAllOver, type Bbox, MAX_BEYOND, MIN_BEYOND } from '../model/box-conventions.js';
import type { Frame } from './conventions.js';

/** What the bbox of such an annotation is, and what its polygon is if circles are not proved. */
export const OF_TWO_POINTS = 'between the centre and the rim of a circle';
export const PERHAPS_CIRCLE = 'two points, such as the centre and the rim of a circle';

/** Minimum circles, and chance below which rectangles and lines do not all lie inside their images as circles. */
const MIN_CIRCLES = 10;
const MAX_CHANCE = 1e-5;
/** Pixels by which the edges of a circle are rounded. */
const ROUNDED_PX = 1;

/** The bounds of the circle that a polygon of two points is; undefined for all other polygons. */
export function circleOf(polygons: unknown): Bbox | undefined {
  if (!Array.isArray(polygons) || polygons.length > 2) return undefined;
  const [first, second]: readonly unknown[] = polygons;
  const points = second === undefined ? first : [first, second];
  if (!Array.isArray(points) || points.length > 4) return undefined;
  const [x, y, rimX, rimY, more] = points.flat(1).map(toNumber);
  if (x === undefined || y === undefined || rimX === undefined || rimY === undefined) return undefined;
  if (more !== undefined) return undefined;
  const radius = Math.hypot(rimX - x, rimY - y);
  return radius > 0 ? [x - radius, y - radius, 2 * radius, 2 * radius] : undefined;
}

/**
 * Collects whether polygons of two points are circles. Two corners of a rectangle and the ends of a line look the same,
 * but read as circles many of them reach beyond their images.
 */
export class Circles {
  #count = 0;
  #beyond = 0;
  #chance = 1;
  readonly #start: [across: number, down: number] = [1, 1];
  readonly #end: [across: number, down: number] = [0, 0];

  /** @param bounds the bounds of the two points */
  add(circle: Bbox, [, , width, height]: Bbox, frame: Frame): void {
    this.#count += 1;
    if (frame.width === null || frame.height === null) return;
    const [left, top, diameter] = circle;
    const room = Math.min(left, top, frame.width - left - diameter, frame.height - top - diameter);
    if (room < -ROUNDED_PX) this.#beyond += 1;
    this.#chance *= chanceOf(diameter, width, frame.width) * chanceOf(diameter, height, frame.height);
    this.#start[0] = Math.min(this.#start[0], left / frame.width);
    this.#start[1] = Math.min(this.#start[1], top / frame.height);
    this.#end[0] = Math.max(this.#end[0], (left + diameter) / frame.width);
    this.#end[1] = Math.max(this.#end[1], (top + diameter) / frame.height);
  }

  /** Whether polygons of two points can be circles. */
  get arePossible(): boolean {
    return this.#count > 0 && this.#beyond <= MIN_BEYOND * this.#count;
  }

  /** Whether they can only be circles: they are all over their images, and nearly all lie inside. */
  get areShown(): boolean {
    return (
      this.#beyond <= MAX_BEYOND * this.#count &&
      this.#count >= MIN_CIRCLES &&
      this.#chance < MAX_CHANCE &&
      areAllOver(Math.max(...this.#start), Math.min(...this.#end))
    );
  }
}

/** Chance that a circle lies inside its image in an axis, if its two points are anywhere in that. */
const chanceOf = (diameter: number, length: number, side: number): number =>
  Math.min(1, Math.max(0, side - diameter) / Math.max(1, side - length));
