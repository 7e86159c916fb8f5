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

/** The boxes of an image with its size, and with that of another image. */
interface Fit {
  readonly other: Size | undefined;
  beyond: number;
}

interface ImageFit {
  readonly id: number;
  readonly own: Size;
  boxes: number;
  beyond: number;
  /** By reading: shifts, then positions. */
  readonly others: readonly Fit[];
}

/** Compares boxes with the sizes of the images that other readings of their image_ids give. */
export class ImageFits {
  readonly #byId = new Map<string, ImageFit | undefined>();
  readonly #readings: readonly Reading[];

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
  }

  add(imageId: string | undefined, { x, y, width, height }: SourceBox): void {
    const fit = this.#fitOf(imageId);
    if (!fit) return;
    const bbox: Bbox = [x, y, width, height];
    fit.boxes += 1;
    if (!isInside(bbox, fit.own)) fit.beyond += 1;
    for (const other of fit.others) if (other.other && !isInside(bbox, other.other)) other.beyond += 1;
  }

  /** What shows that image_ids are shifted; undefined if nothing does. */
  shifted(by: Shift): Misfit | undefined {
    const reading = SHIFTS.indexOf(by);
    const compared = this.#compared(reading);
    const boxes = beyondOwn(compared, reading);
    return boxes > 0 ? { boxes, part: undefined } : partBeyond(compared, reading);
  }

  /** Boxes that show that image_ids are positions in the list of images, counted from `start`; 0 if nothing does. */
  positioned(start: Start): number {
    const reading = SHIFTS.length + STARTS.indexOf(start);
    const compared = this.#compared(reading);
    return compared.length === this.#measured.length ? beyondOwn(compared, reading) : 0;
  }

  get #measured(): ImageFit[] {
    return [...this.#byId.values()].filter((fit) => fit !== undefined);
  }

  #compared(reading: number): ImageFit[] {
    return this.#measured.filter(({ others }) => others[reading]?.other);
  }

  /** Kept per image, which may have many boxes. */
  #fitOf(imageId: string | undefined): ImageFit | undefined {
    if (imageId === undefined || this.#byId.has(imageId)) return this.#byId.get(imageId ?? '');
    const id = numberOf(imageId);
    const own = sizeOf(this.images.get(imageId));
    const fit =
      id === undefined || own === undefined
        ? undefined
        : {
            ...{ id, own, boxes: 0, beyond: 0 },
            others: this.#readings.map((read) => ({ other: sizeOf(read(id)), beyond: 0 })),
          };
    this.#byId.set(imageId, fit);
    return fit;
  }
}

/** Boxes beyond their images with the ids as they are, if these are many and nearly all boxes fit otherwise; else 0. */
function beyondOwn(fits: readonly ImageFit[], reading: number): number {
  const { boxes, own, other } = sums(fits, reading);
  return own >= Math.max(MIN_BEYOND_BOXES, MIN_BEYOND * boxes) && other <= MAX_BEYOND * boxes ? own : 0;
}

/**
 * What shows that only the ids on one side of a border are wrong, as in two exports that were joined: nearly all boxes
 * beyond their own images lie on that side, and nearly all boxes that do not fit the other images on the other side.
 */
function partBeyond(fits: readonly ImageFit[], reading: number): Misfit | undefined {
  const sorted = [...fits].sort((a, b) => a.id - b.id);
  const border = borderOf(sorted, reading);
  const [before, behind] = [sorted.slice(0, border), sorted.slice(border)];
  const [a, b] = [sums(before, reading), sums(behind, reading)];
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
function borderOf(sorted: readonly ImageFit[], reading: number): number {
  let [balance, lowest, highest] = [0, { balance: 0, at: 0 }, { balance: 0, at: 0 }];
  for (const [index, { beyond, others }] of sorted.entries()) {
    balance += beyond - (others[reading]?.beyond ?? 0);
    if (balance < lowest.balance) lowest = { balance, at: index + 1 };
    if (balance > highest.balance) highest = { balance, at: index + 1 };
  }
  return balance - lowest.balance > highest.balance ? lowest.at : highest.at;
}

function sums(fits: readonly ImageFit[], reading: number) {
  let [boxes, own, other] = [0, 0, 0];
  for (const fit of fits) {
    boxes += fit.boxes;
    own += fit.beyond;
    other += fit.others[reading]?.beyond ?? 0;
  }
  return { boxes, own, other };
}

function sizeOf(image: Pick<DraftImage, 'width' | 'height'> | undefined): Size | undefined {
  if (!image || image.width === null || image.height === null) return undefined;
  return { width: image.width, height: image.height };
}
