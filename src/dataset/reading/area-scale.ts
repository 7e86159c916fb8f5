import type { Size } from '../model/types.js';
import type { Observed } from './explanations.js';

/** Minimum boxes, and minimum factor between the sizes of two copies of an image. */
const MIN_BOXES = 10;
const MIN_FACTOR = 1.25;
/** Relative differences of areas of boxes that were rounded to whole pixels, and of edges. */
const AREA_TOLERANCE = 0.2;
const EDGE_TOLERANCE = 0.03;
/** Relative difference up to which copies have one size or one factor. */
const SAME_COPIES = 0.1;
/** Share of smaller copies that boxes reach to across and down; a logo in the corner of images with other areas stays nearer to it. */
const MIN_REACH = 0.4;
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

/** What the boxes of an image show: the ratios of areas to boxes, and their furthest edges in pixels. */
interface ImageScale {
  readonly width: number;
  readonly height: number;
  readonly boxes: number;
  readonly least: number;
  readonly most: number;
  readonly right: number;
  readonly bottom: number;
}

/** The same of all images: the numbers of an image have one index. An object per image would take several times the memory. */
type Columns = { readonly [Name in keyof ImageScale]: number[] };

/** The sizes that smaller copies can have, by the factor between their areas and those of the images. */
type CopySize = (image: ImageScale, square: number) => Size;
const resized: CopySize = ({ width, height }, square) => ({
  width: width / Math.sqrt(square),
  height: height / Math.sqrt(square),
});
const distorted: CopySize = ({ width, height }, square) => {
  const side = Math.sqrt((width * height) / square);
  return { width: side, height: side };
};

/**
 * Collects whether boxes refer to smaller copies of their images: the area of all annotations of an image is larger than
 * the box by one factor, and all boxes of all these images lie in the upper left part of that size. Either of the two
 * alone shows nothing, since areas may refer to the original of a resized image. The copies have one factor or one size.
 */
export class AreaScale {
  readonly #indexOf = new Map<string, number>();
  readonly #columns: Columns = {
    width: [],
    height: [],
    boxes: [],
    least: [],
    most: [],
    right: [],
    bottom: [],
  };
  #first: number | undefined;
  #isOneArea = true;
  #isDenied = false;

  /** @param image id of the image */
  add(image: string, { bbox: [x, y, width, height], area, frame }: Observed): void {
    if (area === undefined || area <= 0 || frame.width === null || frame.height === null) return;
    this.#first ??= area;
    if (area !== this.#first) this.#isOneArea = false;
    const ratio = area / (width * height);
    const index = this.#indexOf.get(image) ?? this.#indexOf.size;
    this.#indexOf.set(image, index);
    const columns = this.#columns;
    columns.width[index] = frame.width;
    columns.height[index] = frame.height;
    columns.boxes[index] = (columns.boxes[index] ?? 0) + 1;
    columns.least[index] = Math.min(columns.least[index] ?? Infinity, ratio);
    columns.most[index] = Math.max(columns.most[index] ?? 0, ratio);
    columns.right[index] = Math.max(columns.right[index] ?? 0, x + width);
    columns.bottom[index] = Math.max(columns.bottom[index] ?? 0, y + height);
  }

  /** A bbox that is not the bounds of its shape has another fault, such as percent, which explains the areas. */
  deny(): void {
    this.#isDenied = true;
  }

  /** The smaller copies to which boxes refer; undefined if nothing shows them. */
  get copies(): SmallerCopies | undefined {
    // One area for all boxes is a placeholder.
    if (this.#isDenied || this.#isOneArea) return undefined;
    const larger = this.#larger();
    const boxes = larger.reduce((sum, one) => sum + one.boxes, 0);
    const isWhole = larger.length === this.#indexOf.size;
    // Boxes of one image lie near one another, so that each image counts once if others have right boxes.
    const chance = larger.reduce((product, one) => product * squareOf(one) ** -(isWhole ? one.boxes : 1), 1);
    if (boxes < MIN_BOXES || chance >= MAX_CHANCE || !areOfSmallerCopies(larger)) return undefined;
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

  /** The images with an area that is much larger than its box. */
  #larger(): ImageScale[] {
    const { width, height, boxes, least, most, right, bottom } = this.#columns;
    const at = (column: readonly number[], index: number) => column[index] ?? 0;
    return most.flatMap((ratio, i) => {
      if (ratio < MIN_FACTOR ** 2) return [];
      const size = { width: at(width, i), height: at(height, i) };
      return [
        {
          ...{ ...size, boxes: at(boxes, i), least: at(least, i), most: ratio },
          ...{ right: at(right, i), bottom: at(bottom, i) },
        },
      ];
    });
  }
}

/** The factor by which the areas of an image are larger than its boxes. */
const squareOf = ({ least, most }: ImageScale): number => Math.sqrt(least * most);

/** Whether each image has one ratio, and its boxes fill a copy as images are resized: by one factor or to one size. */
function areOfSmallerCopies(images: readonly ImageScale[]): boolean {
  if (!images.every(hasOneRatio)) return false;
  const factors = images.map((one) => Math.sqrt(squareOf(one)));
  const copies = images.map((one) => resized(one, squareOf(one)));
  const isResized =
    areAlike(factors) ||
    areAlike(copies.map(({ width, height }) => Math.max(width, height))) ||
    areAlike(copies.map(({ width, height }) => Math.min(width, height)));
  const squares = images.map((one) => distorted(one, squareOf(one)));
  return (
    (isResized && areFilled(images, copies)) ||
    (areAlike(squares.map(({ width }) => width)) && areFilled(images, squares))
  );
}

function hasOneRatio(one: ImageScale): boolean {
  const square = squareOf(one);
  return one.least >= (1 - AREA_TOLERANCE) * square && one.most <= (1 + AREA_TOLERANCE) * square;
}

function areAlike(numbers: readonly number[]): boolean {
  const least = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  return numbers.every((number) => number <= (1 + SAME_COPIES) * least);
}

/** Whether all boxes lie inside the copies of their images, and the furthest ones come near to the edges of these. */
function areFilled(images: readonly ImageScale[], copies: readonly Size[]): boolean {
  const reach = (edgeOf: (image: ImageScale) => number, side: keyof Size) =>
    images.reduce((most, one, i) => Math.max(most, edgeOf(one) / (copies[i]?.[side] ?? 0)), 0);
  const [right, bottom] = [reach(({ right }) => right, 'width'), reach(({ bottom }) => bottom, 'height')];
  return Math.max(right, bottom) <= 1 + EDGE_TOLERANCE && Math.min(right, bottom) >= MIN_REACH;
}
