import type { Observed } from './explanations.js';

/** Minimum boxes, and minimum factor between the sizes of two copies of an image. */
const MIN_BOXES = 10;
const MIN_FACTOR = 1.25;
/** Relative differences of areas of boxes that were rounded to whole pixels, and of edges. */
const AREA_TOLERANCE = 0.2;
const EDGE_TOLERANCE = 0.03;
/** Chance below which boxes that are spread over their images do not lie in the upper left part only. */
const MAX_CHANCE = 0.001;

/** The boxes of images that refer to smaller copies of these. */
export interface SmallerCopies {
  /** How many times smaller the copies are, the least and the most. */
  readonly factors: readonly [least: number, most: number];
  readonly images: number;
  readonly boxes: number;
  /** Whether all images with areas have such boxes. */
  readonly isWhole: boolean;
}

/** What the boxes of an image show: the ratios of areas to boxes, and the furthest edges as shares of the image. */
interface ImageScale {
  boxes: number;
  least: number;
  most: number;
  edge: number;
}

/**
 * Collects whether boxes refer to smaller copies of their images: the area of all annotations of an image is larger than
 * the box by one factor, and all boxes of all these images lie in the upper left part of that size. Either of the two
 * alone shows nothing, since areas may refer to the original of a resized image.
 */
export class AreaScale {
  readonly #images = new Map<string, ImageScale>();
  #isDenied = false;

  /** @param image id of the image */
  add(image: string, { bbox: [x, y, width, height], area, frame }: Observed): void {
    if (area === undefined || area <= 0 || frame.width === null || frame.height === null) return;
    const ratio = area / (width * height);
    const own = this.#images.get(image) ?? { boxes: 0, least: Infinity, most: 0, edge: 0 };
    this.#images.set(image, own);
    own.boxes += 1;
    own.least = Math.min(own.least, ratio);
    own.most = Math.max(own.most, ratio);
    own.edge = Math.max(own.edge, (x + width) / frame.width, (y + height) / frame.height);
  }

  /** A bbox that is not the bounds of its shape has another fault, such as percent, which explains the areas. */
  deny(): void {
    this.#isDenied = true;
  }

  /** The smaller copies to which boxes refer; undefined if nothing shows them. */
  get copies(): SmallerCopies | undefined {
    if (this.#isDenied) return undefined;
    const all = [...this.#images.values()];
    const larger = all.filter(({ most }) => most >= MIN_FACTOR ** 2);
    const boxes = larger.reduce((sum, one) => sum + one.boxes, 0);
    const isWhole = larger.length === all.length;
    // Boxes of one image lie near one another, so that each image counts once if others have right boxes.
    const chance = larger.reduce((product, one) => product * squareOf(one) ** -(isWhole ? one.boxes : 1), 1);
    if (boxes < MIN_BOXES || chance >= MAX_CHANCE || !larger.every(isOfSmallerCopy)) return undefined;
    const factors = larger.map((one) => Math.sqrt(squareOf(one)));
    const [first = 1] = factors;
    return {
      factors: [
        factors.reduce((a, b) => Math.min(a, b), first),
        factors.reduce((a, b) => Math.max(a, b), first),
      ],
      ...{ images: larger.length, boxes, isWhole },
    };
  }
}

/** How many times larger the areas of an image are than its boxes. */
const squareOf = ({ least, most }: ImageScale): number => Math.sqrt(least * most);

function isOfSmallerCopy(one: ImageScale): boolean {
  const square = squareOf(one);
  const isConstant = one.least >= (1 - AREA_TOLERANCE) * square && one.most <= (1 + AREA_TOLERANCE) * square;
  return isConstant && one.edge <= (1 + EDGE_TOLERANCE) / Math.sqrt(square);
}
