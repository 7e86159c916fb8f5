import type { Frame } from './conventions.js';
import type { Explanations, Right } from './explanations.js';
import { OF_OTHER_SIZE, otherReadings, type Shape, type ShapeReading } from './shapes.js';

/** Shapes from which the reading of a COCO file's other shapes is known, and the minimum share that must agree. */
const MIN_PROOFS = 3;
const MIN_SHARE = 0.9;
/** Minimum share of polygons in fractions; fewer are polygons of less than a pixel. */
const MIN_FRACTIONS = 0.05;
/** Ratio of the bounds of a mask in its wrong reading, in which its runs are scattered, to those in the right one. */
const SCATTERED = 2;
/** Largest fraction, with some tolerance for rounding, and minimum size of an image in pixels. */
const MAX_FRACTION = 1.01;
const MIN_SIDE = 10;

const AS_COCO = 'as COCO';

/** Collects how the polygons and masks of a COCO file are written, for those without a bbox. */
export class ShapeProof {
  #proofs = 0;
  #left: ReadonlySet<string> | undefined;
  #alone = 0;
  #fractions = 0;
  #compact = 0;
  #scattered = 0;
  /** Of the scattered masks, those whose size is that of the image. */
  #scatteredByRows = 0;
  #ofOtherSize = 0;
  #ofOtherSizeAsCoco = 0;

  /**
   * Adds a shape beside a bbox.
   * @param frame the size of the image record
   * @param own which of the two the annotation's own evidence shows to be right
   */
  addCompared(
    shape: Shape,
    frame: Frame,
    { agree, conventions, readings }: Explanations,
    own: Right | undefined,
  ): void {
    const isShapeRight = conventions.length > 0 && (readings.length === 0 || own === 'shape');
    if (agree && shape.kind === 'masks') this.#compact += 1;
    if (agree && readingOf(OF_OTHER_SIZE, shape, frame)) this.#ofOtherSizeAsCoco += 1;
    if (!agree && !isShapeRight && readings.length === 0) return;
    const fitting = new Set(agree || isShapeRight ? [AS_COCO] : readings.map(({ name }) => name));
    this.#proofs += 1;
    this.#left = new Set([...(this.#left ?? fitting)].filter((name) => fitting.has(name)));
  }

  /** Adds a shape without a usable bbox. */
  addAlone(shape: Shape, frame: Frame): void {
    this.#alone += 1;
    if (isInFractions(shape, frame)) this.#fractions += 1;
    if (readingOf(OF_OTHER_SIZE, shape, frame)) this.#ofOtherSize += 1;
    const other = shape.kind === 'masks' ? readingOf('masks by rows', shape, frame) : undefined;
    if (!other) return;
    const ratio = areaOf(shape) / areaOf(other);
    if (ratio >= SCATTERED) {
      this.#scattered += 1;
      if (!isOfExchangedSize(shape, frame)) this.#scatteredByRows += 1;
    }
    if (ratio <= 1 / SCATTERED) this.#compact += 1;
  }

  /** Whether shapes without a bbox may have another reading than COCO's. */
  get isNeeded(): boolean {
    return (
      this.#alone > 0 &&
      (this.#shown !== undefined || this.#fractions > 0 || this.#areScattered || this.#areScaled)
    );
  }

  /** The reading of a shape without a bbox; undefined if it is COCO's. */
  readingOf(shape: Shape, frame: Frame): ShapeReading | undefined {
    if (this.#shown !== undefined) return readingOf(this.#shown, shape, frame);
    if (this.#fractions >= Math.max(MIN_PROOFS, MIN_FRACTIONS * this.#alone) && isInFractions(shape, frame)) {
      return readingOf('polygons in fractions of the image size', shape, frame);
    }
    const [mask] = shape.masks;
    if (!mask) return undefined;
    if (!this.#areScattered) return this.#areScaled ? readingOf(OF_OTHER_SIZE, shape, frame) : undefined;
    // Square images do not show themselves which of the two is exchanged.
    const [height, width] = mask.size;
    const isByRows = height === width ? this.#areByRows : !isOfExchangedSize(shape, frame);
    return readingOf(isByRows ? 'masks by rows' : 'masks with size [width, height]', shape, frame);
  }

  /** The only other reading that all shapes beside a bbox have. */
  get #shown(): string | undefined {
    const [only, ...others] = this.#left ?? [];
    return this.#proofs >= MIN_PROOFS && others.length === 0 && only !== AS_COCO ? only : undefined;
  }

  /** Whether masks refer to their own size if records state another one; boxes beside them may show that records are wrong. */
  get #areScaled(): boolean {
    return this.#ofOtherSize > 0 && this.#ofOtherSizeAsCoco === 0;
  }

  get #areByRows(): boolean {
    return this.#scatteredByRows >= MIN_SHARE * this.#scattered;
  }

  get #areScattered(): boolean {
    const all = this.#scattered + this.#compact;
    return this.#scattered >= MIN_PROOFS && this.#scattered >= MIN_SHARE * all;
  }
}

const readingOf = (wanted: string, shape: Shape, frame: Frame) =>
  otherReadings(shape, frame).find(({ name }) => name === wanted);

/** Whether the size of the masks is [width, height]. */
const isOfExchangedSize = ({ masks }: Shape, { width, height }: Frame): boolean =>
  masks.every(({ size }) => size[0] === width && size[1] === height);

const areaOf = ({ bounds: [, , width, height] }: ShapeReading | Shape) => width * height;

/** Whether polygons lie within 0 to 1 in a larger image; whole numbers are corners of a pixel. */
function isInFractions({ kind, bounds }: Shape, { width, height }: Frame): boolean {
  if (kind !== 'polygons' || width === null || height === null || Math.min(width, height) <= MIN_SIDE)
    return false;
  const [x, y, w, h] = bounds;
  return (
    Math.max(x + w, y + h) <= MAX_FRACTION &&
    Math.min(x, y) >= 1 - MAX_FRACTION &&
    !bounds.every(Number.isInteger)
  );
}
