import type { Bbox } from '../model/box-conventions.js';
import { type Frame, isClose } from './conventions.js';
import type { Shape } from './shapes.js';

/** What polygons are whose points count from the corner of their own box. */
export const OF_OWN_BOX = 'polygons with points relative to the upper left corner of the bbox';

/** Whether the bounds of polygons have the size of the bbox beside them and begin at 0, 0. */
export const isOfOwnBox = ({ kind, bounds }: Shape, [, , width, height]: Bbox): boolean =>
  kind === 'polygons' && isClose([0, 0, width, height], bounds);

/** Pixels by which the corner of polygons of rounded points may miss 0, 0, and the least difference of their sizes. */
const TOLERANCE_PX = 1;
const MIN_DIFFERENCE = 3;
/** Polygons beside a bbox, and polygons without one, from which the first show what the others are. */
const MIN_PROOFS = 3;
/** Minimum images with several such polygons: one per image may lie in the corner, such as a breast in a mammogram. */
const MIN_IMAGES = 3;

/**
 * Collects whether polygons without a bbox count from the corner of their own box, so that nothing says where that is: all
 * of them begin at 0, 0, or polygons beside a bbox show it.
 */
export class LocalShapes {
  #others = 0;
  #beside = 0;
  readonly #byImage = new Map<string, number>();
  #least = Infinity;
  #most = 0;

  /** @param image id of the image */
  add(image: string, { kind, bounds }: Shape, frame: Frame): void {
    if (kind !== 'polygons' || !isInCorner(bounds, frame)) {
      this.#others += 1;
      return;
    }
    const [, , width] = bounds;
    this.#byImage.set(image, (this.#byImage.get(image) ?? 0) + 1);
    this.#least = Math.min(this.#least, width);
    this.#most = Math.max(this.#most, width);
  }

  /** Adds polygons that have the size of the bbox beside them and begin at 0, 0. */
  addBeside(): void {
    this.#beside += 1;
  }

  /** The number of polygons whose place is not known. */
  get count(): number {
    const counts = [...this.#byImage.values()];
    const several = counts.filter((count) => count > 1).length;
    const areAll = this.#others === 0 && several >= MIN_IMAGES && this.#most - this.#least >= MIN_DIFFERENCE;
    const count = counts.reduce((sum, one) => sum + one, 0);
    return areAll || (this.#beside >= MIN_PROOFS && count >= MIN_PROOFS) ? count : 0;
  }
}

/** Whether bounds begin at 0, 0 and reach neither the right nor the lower edge of the image. */
function isInCorner([x, y, width, height]: Bbox, frame: Frame): boolean {
  const isAtCorner = Math.max(Math.abs(x), Math.abs(y)) <= TOLERANCE_PX;
  const isInside = (end: number, side: number | null) => side === null || end < side - TOLERANCE_PX;
  return isAtCorner && isInside(x + width, frame.width) && isInside(y + height, frame.height);
}
