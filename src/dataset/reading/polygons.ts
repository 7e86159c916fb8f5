/** Bounds of polygons in the forms in which tools write points. */

import { asRecord } from '../../lib/json-records.js';
import { toNumber } from '../../lib/numbers.js';
import type { Bbox } from '../model/box-conventions.js';
import { parseText } from './annotation-text.js';

/**
 * Returns the bounds of all polygons in pixels. A polygon is a list of x, y, x, y, … , of [x, y] pairs or of points
 * {x, y}, an object with the lists of x and y, or any of these as text.
 */
export function polygonBox(polygons: unknown): Bbox | undefined {
  const bounds = new Bounds();
  return bounds.addAll(polygons) ? bounds.box : undefined;
}

/** A text with a list of polygons of points is nested four times; deeper values are no polygons. */
const MAX_DEPTH = 6;

class Bounds {
  #left = Infinity;
  #top = Infinity;
  #right = -Infinity;
  #bottom = -Infinity;

  get box(): Bbox | undefined {
    const [width, height] = [this.#right - this.#left, this.#bottom - this.#top];
    return width > 0 && height > 0 ? [this.#left, this.#top, width, height] : undefined;
  }

  /** Adds a polygon or a list of polygons. Returns whether all of it can be read. */
  addAll(value: unknown, depth = 0): boolean {
    if (depth > MAX_DEPTH) return false;
    if (typeof value === 'string') return this.#addText(value, depth);
    if (!Array.isArray(value)) return this.#addObject(value, depth);
    const list: readonly unknown[] = value;
    return list.every(isScalar)
      ? this.#addNumbers(list, depth)
      : list.every((item) => this.addAll(item, depth + 1));
  }

  #addText(text: string, depth: number): boolean {
    const parsed = parseText(text);
    return parsed !== undefined && this.addAll(parsed, depth + 1);
  }

  /** Numbers may be written as text, and so may whole polygons. */
  #addNumbers(list: readonly unknown[], depth: number): boolean {
    for (let i = 0; i + 1 < list.length; i += 2) {
      const [x, y] = [toNumber(list[i]), toNumber(list[i + 1])];
      if (x === undefined || y === undefined) {
        return list.every((item) => typeof item === 'string' && this.#addText(item, depth));
      }
      this.#add(x, y);
    }
    const [only] = list;
    return list.length !== 1 || typeof only !== 'string' || this.#addText(only, depth);
  }

  /** A point, or the lists of coordinates as VGG Image Annotator writes them. */
  #addObject(value: unknown, depth: number): boolean {
    const fields = asRecord(value);
    const { x = fields.all_points_x, y = fields.all_points_y } = fields;
    if (Array.isArray(x) && Array.isArray(y) && x.length === y.length) {
      return x.every((one, i) => this.#addNumbers([one, y[i]], depth));
    }
    return !(Array.isArray(x) || Array.isArray(y)) && this.#addNumbers([x, y], depth);
  }

  #add(x: number, y: number): void {
    this.#left = Math.min(this.#left, x);
    this.#right = Math.max(this.#right, x);
    this.#top = Math.min(this.#top, y);
    this.#bottom = Math.max(this.#bottom, y);
  }
}

const isScalar = (item: unknown) => typeof item !== 'object' || item === null;
