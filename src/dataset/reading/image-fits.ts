import { type Bbox, isInside, MAX_BEYOND, MIN_BEYOND } from '../model/box-conventions.js';
import type { Size, SourceBox } from '../model/types.js';
import type { DraftImage } from './image-records.js';
import { numberOf } from './number-ids.js';

/** Minimum boxes beyond their images that show that ids are wrong. */
const MIN_BEYOND_BOXES = 3;
/** The same on each side of a border within the ids; with fewer, inaccurate boxes may lie on one side by chance. */
const MIN_BESIDE_BORDER = 5;
/** Share of the further boxes that may lie on the other side. */
const MAX_CONTRARY = 0.1;

/** Numbers that can be added to the image_ids of annotations. */
export const SHIFTS = [1, -1] as const;
export type Shift = (typeof SHIFTS)[number];

/** The position of an image in the list of images from which image_ids may count. */
export const STARTS = [0, 1] as const;
export type Start = (typeof STARTS)[number];

/** Image_ids from the first to the last. */
export type IdRange = readonly [first: number, last: number];

/** Boxes that reach beyond their images with the ids as they are, and fit with other ids. */
export interface Misfit {
  readonly boxes: number;
  /** The image_ids of the annotations with wrong ids; undefined if all of them are wrong. */
  readonly part: IdRange | undefined;
}

/** Another way to find the image of an annotation by its image_id. */
type Reading = (id: number) => DraftImage | undefined;

/** The boxes of an image: how many, and how many reach beyond it and beyond the image that a reading gives. */
interface Fit {
  readonly id: number;
  readonly boxes: number;
  readonly own: number;
  readonly other: number;
}

/** Compares boxes with the sizes of the images that other readings of their image_ids give. */
export class ImageFits {
  readonly #readings: readonly Reading[];
  // An archive may have 250,000 images, so each has a row of numbers instead of an object.
  readonly #rowOf = new Map<string, number>();
  readonly #ids: number[] = [];
  /** Of each row: the image, then those that the readings give. */
  readonly #compared: (Size | undefined)[] = [];
  readonly #boxes: Uint32Array;
  /** Boxes beyond each of `#compared`. */
  readonly #beyond: Uint32Array;
  /** Boxes beyond their own images. With fewer than `MIN_BEYOND_BOXES`, nothing shows that ids are wrong. */
  #beyondOwn = 0;

  constructor(private readonly images: ReadonlyMap<string, DraftImage>) {
    const list = [...images.values()];
    this.#readings = [
      ...SHIFTS.map(
        (by): Reading =>
          (id) =>
            images.get(String(id + by)),
      ),
      ...STARTS.map(
        (start): Reading =>
          (id) =>
            list[id - start],
      ),
    ];
    this.#boxes = new Uint32Array(images.size);
    this.#beyond = new Uint32Array(images.size * this.#width);
  }

  add(imageId: string | undefined, { x, y, width, height }: SourceBox): void {
    const row = this.#rowOfImage(imageId);
    if (row === undefined) return;
    const bbox: Bbox = [x, y, width, height];
    this.#boxes[row] = (this.#boxes[row] ?? 0) + 1;
    for (let i = row * this.#width; i < (row + 1) * this.#width; i++) {
      const size = this.#compared[i];
      if (!size || isInside(bbox, size)) continue;
      this.#beyond[i] = (this.#beyond[i] ?? 0) + 1;
      if (i === row * this.#width) this.#beyondOwn += 1;
    }
  }

  /** What shows that image_ids are shifted; undefined if nothing does. */
  shifted(by: Shift): Misfit | undefined {
    if (this.#beyondOwn < MIN_BEYOND_BOXES) return undefined;
    const fits = this.#fits(SHIFTS.indexOf(by));
    const boxes = beyondOwn(fits);
    return boxes > 0 ? { boxes, part: undefined } : partBeyond(fits);
  }

  /** Boxes that show that image_ids are positions in the list of images, counted from `start`; 0 if nothing does. */
  positioned(start: Start): number {
    if (this.#beyondOwn < MIN_BEYOND_BOXES) return 0;
    const fits = this.#fits(SHIFTS.length + STARTS.indexOf(start));
    return fits.length === this.#ids.length ? beyondOwn(fits) : 0;
  }

  /** Numbers of a row: one for the image itself and one per reading. */
  get #width(): number {
    return 1 + this.#readings.length;
  }

  /** The boxes of all images for which a reading gives an image with a size. */
  #fits(reading: number): Fit[] {
    return this.#ids.flatMap((id, row) => {
      const own = row * this.#width;
      const other = own + 1 + reading;
      if (this.#compared[other] === undefined) return [];
      return [
        {
          ...{ id, boxes: this.#boxes[row] ?? 0 },
          ...{ own: this.#beyond[own] ?? 0, other: this.#beyond[other] ?? 0 },
        },
      ];
    });
  }

  /** The row of an image; undefined if its size or its id as a number is not known. */
  #rowOfImage(imageId: string | undefined): number | undefined {
    if (imageId === undefined) return undefined;
    const known = this.#rowOf.get(imageId);
    if (known !== undefined) return known;
    const id = numberOf(imageId);
    const own = sized(this.images.get(imageId));
    if (id === undefined || own === undefined) return undefined;
    const row = this.#ids.length;
    this.#rowOf.set(imageId, row);
    this.#ids.push(id);
    this.#compared.push(own, ...this.#readings.map((read) => sized(read(id))));
    return row;
  }
}

/** Boxes beyond their images with the ids as they are, if these are many and nearly all boxes fit otherwise; else 0. */
function beyondOwn(fits: readonly Fit[]): number {
  const { boxes, own, other } = sums(fits);
  return own >= Math.max(MIN_BEYOND_BOXES, MIN_BEYOND * boxes) && other <= MAX_BEYOND * boxes ? own : 0;
}

/**
 * What shows that only the ids on one side of a border are wrong, as in two exports that were joined: nearly all boxes
 * beyond their own images lie on that side, and nearly all boxes that do not fit the other images on the other side.
 */
function partBeyond(fits: readonly Fit[]): Misfit | undefined {
  const sorted = [...fits].sort((a, b) => a.id - b.id);
  const border = borderOf(sorted);
  const [before, behind] = [sorted.slice(0, border), sorted.slice(border)];
  const [a, b] = [sums(before), sums(behind)];
  const [wrong, right, part] = a.own > b.own ? [a, b, before] : [b, a, behind];
  const isShown = (beyond: number, boxes: number) =>
    beyond >= Math.max(MIN_BESIDE_BORDER, MIN_BEYOND * boxes);
  const contrary = wrong.other + right.own;
  const [first, last] = [part[0], part.at(-1)];
  return first &&
    last &&
    isShown(wrong.own, wrong.boxes) &&
    isShown(right.other, right.boxes) &&
    contrary <= MAX_CONTRARY * (wrong.own + right.other - 2 * MIN_BESIDE_BORDER)
    ? { boxes: wrong.own, part: [first.id, last.id] }
    : undefined;
}

/** The border that divides best between boxes beyond their own images and boxes beyond the other images. */
function borderOf(sorted: readonly Fit[]): number {
  let [balance, lowest, highest] = [0, { balance: 0, at: 0 }, { balance: 0, at: 0 }];
  for (const [index, { own, other }] of sorted.entries()) {
    balance += own - other;
    if (balance < lowest.balance) lowest = { balance, at: index + 1 };
    if (balance > highest.balance) highest = { balance, at: index + 1 };
  }
  return balance - lowest.balance > highest.balance ? lowest.at : highest.at;
}

function sums(fits: readonly Fit[]) {
  let [boxes, own, other] = [0, 0, 0];
  for (const fit of fits) {
    boxes += fit.boxes;
    own += fit.own;
    other += fit.other;
  }
  return { boxes, own, other };
}

/** The image if its record states its size. */
function sized(image: DraftImage | undefined): Size | undefined {
  return image && image.width !== null && image.height !== null ? (image as Size) : undefined;
}
