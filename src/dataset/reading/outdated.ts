/** Which of bbox and shape belongs to the images of a COCO file if the other one was left from before they were resized. */

import { areAllOver, type Bbox, MAX_BEYOND, MIN_BEYOND } from '../model/box-conventions.js';
import { areApart, type Frame, fitsFrame, isClose } from './conventions.js';
import type { Explanations, Observed, Right } from './explanations.js';
import type { Shape } from './shapes.js';

/** What the other one is. */
export const OF_OTHER_VERSION = 'pixels of another version of the image, such as before it was resized';

/** Minimum pairs of bbox and shape that mark different places, and their minimum share of all that differ. */
const MIN_PAIRS = 10;
const MIN_SHARE = 0.2;
/** Minimum share of these pairs of which one is the other with each axis multiplied by a factor. */
const MIN_SCALED = 0.95;
/** Chance below which boxes that are spread over their images do not all lie in the upper left part of these. */
const MAX_CHANCE = 1e-6;

/** The larger of bbox and shape: how many pairs, how far they reach, and the chance that the smaller ones are right. */
interface Larger {
  pairs: number;
  chance: number;
  readonly start: [across: number, down: number];
  readonly end: [across: number, down: number];
}

const noPairs = (): Larger => ({ pairs: 0, chance: 1, start: [1, 1], end: [0, 0] });

/**
 * Collects the pairs of bbox and shape that mark different places for no other reason. All of a COCO file were resized
 * by one tool, so that one of the two is right in all pairs: the one that fits the images if the other one does not, or
 * the larger one if both fit, since the smaller one would leave most of all images empty.
 */
export class OutdatedNumbers {
  #differing = 0;
  #apart = 0;
  readonly #onlyFits: Record<Right, number> = { bbox: 0, shape: 0 };
  readonly #larger: Record<Right, Larger> = { bbox: noPairs(), shape: noPairs() };

  add({ bbox, frame }: Observed, { bounds }: Shape, { isUnexplained }: Explanations): void {
    if (!isUnexplained) return;
    this.#differing += 1;
    if (!areApart(bbox, bounds)) return;
    this.#apart += 1;
    const [bboxFits, shapeFits] = [fitsFrame(bbox, frame), fitsFrame(bounds, frame)];
    if (bboxFits !== shapeFits) this.#onlyFits[bboxFits ? 'bbox' : 'shape'] += 1;
    const factors = factorsOf(bbox, bounds);
    if (!factors) return;
    const isShape = factors[0] * factors[1] > 1;
    const ratio = isShape ? factors[0] * factors[1] : 1 / (factors[0] * factors[1]);
    addLarger(this.#larger[isShape ? 'shape' : 'bbox'], isShape ? bounds : bbox, ratio, frame);
  }

  /** Which of the two is right; undefined if nothing shows it. */
  get right(): Right | undefined {
    if (this.#apart < MIN_PAIRS || this.#apart < MIN_SHARE * this.#differing) return undefined;
    const { bbox, shape } = this.#onlyFits;
    const [least, most] = [MAX_BEYOND * this.#apart, MIN_BEYOND * this.#apart];
    if (bbox >= most && shape <= least) return 'bbox';
    if (shape >= most && bbox <= least) return 'shape';
    if (Math.max(bbox, shape) > least) return undefined;
    return (['bbox', 'shape'] as const).find((one) => this.#areSpread(this.#larger[one]));
  }

  #areSpread({ pairs, chance, start, end }: Larger): boolean {
    const areAll = pairs >= MIN_SCALED * this.#apart;
    return areAll && chance < MAX_CHANCE && areAllOver(Math.max(...start), Math.min(...end));
  }
}

/** @param ratio of its area to that of the smaller one */
function addLarger(larger: Larger, [x, y, w, h]: Bbox, ratio: number, { width, height }: Frame): void {
  if (width === null || height === null) return;
  larger.pairs += 1;
  larger.chance /= ratio;
  larger.start[0] = Math.min(larger.start[0], x / width);
  larger.start[1] = Math.min(larger.start[1], y / height);
  larger.end[0] = Math.max(larger.end[0], (x + w) / width);
  larger.end[1] = Math.max(larger.end[1], (y + h) / height);
}

/** The factors by which a bbox must be multiplied in each axis to give the bounds; undefined if there are none. */
function factorsOf([x, y, w, h]: Bbox, bounds: Bbox): readonly [across: number, down: number] | undefined {
  // The edges that are far from the origin show them best, since numbers may be rounded.
  const [across, down] = [(bounds[0] + bounds[2]) / (x + w), (bounds[1] + bounds[3]) / (y + h)];
  if (!(across > 0 && down > 0)) return undefined;
  const reduced = scaled(bounds, 1 / Math.max(1, across), 1 / Math.max(1, down));
  return isClose(scaled([x, y, w, h], Math.min(1, across), Math.min(1, down)), reduced)
    ? [across, down]
    : undefined;
}

const scaled = ([x, y, w, h]: Bbox, across: number, down: number): Bbox => [
  x * across,
  y * down,
  w * across,
  h * down,
];
