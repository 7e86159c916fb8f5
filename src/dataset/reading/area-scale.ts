import type { Observed } from './explanations.js';

/** Minimum boxes, and minimum factor between the sizes of two copies of an image. */
const MIN_BOXES = 10;
const MIN_FACTOR = 1.25;
/** Relative differences of areas of boxes that were rounded to whole pixels, and of edges. */
const AREA_TOLERANCE = 0.2;
const EDGE_TOLERANCE = 0.03;
/** Chance below which boxes that are spread over their images do not lie in the upper left part only. */
const MAX_CHANCE = 0.001;

/**
 * Collects whether boxes refer to a smaller copy of their images: the area of all annotations is larger than the box by
 * one factor, and all boxes lie in the upper left part of that size. Either of the two alone shows nothing, since areas
 * may refer to the original of a resized image.
 */
export class AreaScale {
  #boxes = 0;
  #least = Infinity;
  #most = 0;
  #right = 0;
  #bottom = 0;
  #isDenied = false;

  add({ bbox: [x, y, width, height], area, frame }: Observed): void {
    if (area === undefined || area <= 0 || frame.width === null || frame.height === null) return;
    const ratio = area / (width * height);
    this.#boxes += 1;
    this.#least = Math.min(this.#least, ratio);
    this.#most = Math.max(this.#most, ratio);
    this.#right = Math.max(this.#right, (x + width) / frame.width);
    this.#bottom = Math.max(this.#bottom, (y + height) / frame.height);
  }

  /** A bbox that is not the bounds of its shape has another fault, such as percent, which explains the areas. */
  deny(): void {
    this.#isDenied = true;
  }

  /** How many times smaller the image is that all boxes refer to; undefined if nothing shows it. */
  get factor(): number | undefined {
    const square = Math.sqrt(this.#least * this.#most);
    const factor = Math.sqrt(square);
    const isConstant =
      this.#least >= (1 - AREA_TOLERANCE) * square && this.#most <= (1 + AREA_TOLERANCE) * square;
    const isInCorner = Math.max(this.#right, this.#bottom) <= (1 + EDGE_TOLERANCE) / factor;
    const isShown =
      !this.#isDenied && this.#boxes >= MIN_BOXES && factor >= MIN_FACTOR && isConstant && isInCorner;
    return isShown && square ** -this.#boxes < MAX_CHANCE ? factor : undefined;
  }
}
