import type { Bbox } from '../model/box-conventions.js';
import { type Convention, conventionNamed, type Frame } from './conventions.js';
import type { Observed } from './explanations.js';
import type { Shape } from './shapes.js';

/** Largest fraction, with some tolerance for rounding, and minimum side of an image in pixels. */
const MAX_FRACTION = 1.01;
const MIN_SIDE = 10;
/** Relative difference of an area in fractions from that of its box. */
const SAME_AREA = 0.02;
/** Minimum boxes that reach beyond their image when read from their centre. */
const MIN_NOT_CENTRED = 3;

/**
 * Collects whether all boxes of a COCO file are [left, top, width, height] in fractions of the image size, as Azure AI
 * Vision and Azure Machine Learning write COCO: everything lies within 0 to 1, and `area` is a fraction too, so that the
 * last two numbers are no corner. Azure's members in image records, or boxes near the edges, show that they are no centres.
 */
export class FractionProof {
  #boxes = 0;
  #others = 0;
  #withArea = 0;
  #notCentred = 0;
  #fractional = 0;
  #ofAzure = 0;

  /**
   * @param shape the polygon or mask beside the bbox
   * @param isOfAzure whether image records of the file have members of Azure
   */
  add({ bbox, area, frame }: Observed, shape: Shape | undefined, isOfAzure: boolean): void {
    const [x, y, width, height] = bbox;
    this.#boxes += 1;
    const isArea = area === undefined || Math.abs(area - width * height) <= SAME_AREA * width * height;
    if (!isWithinOne(bbox, frame) || !isArea || (shape && !isWithinOne(shape.bounds, frame))) {
      this.#others += 1;
      return;
    }
    if (area !== undefined) this.#withArea += 1;
    if (isOfAzure) this.#ofAzure += 1;
    if (!bbox.every(Number.isInteger)) this.#fractional += 1;
    const isCentred = isFraction(x - width / 2, x + width / 2) && isFraction(y - height / 2, y + height / 2);
    if (!isCentred) this.#notCentred += 1;
  }

  /** The convention of all boxes; undefined if nothing shows that they are in fractions, or in which form. */
  get convention(): Convention | undefined {
    if (this.#others > 0 || this.#fractional === 0) return undefined;
    const isShown =
      this.#ofAzure === this.#boxes ||
      (this.#withArea === this.#boxes && this.#notCentred >= MIN_NOT_CENTRED);
    return isShown ? IN_FRACTIONS : undefined;
  }
}

const IN_FRACTIONS = conventionNamed('[left, top, width, height]', 'fractions of the image size');

/** Whether a box lies within 0 to 1 in a larger image of known size. */
function isWithinOne([x, y, w, h]: Bbox, { width, height }: Frame): boolean {
  if (width === null || height === null || Math.min(width, height) <= MIN_SIDE) return false;
  return isFraction(x, x + w) && isFraction(y, y + h);
}

const isFraction = (start: number, end: number) => start >= 1 - MAX_FRACTION && end <= MAX_FRACTION;
