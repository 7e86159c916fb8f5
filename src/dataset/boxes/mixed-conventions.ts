/** Images whose boxes are written in another way than those of the other images of their COCO file. */

import { type Bbox, BOX_FORMS } from '../model/box-conventions.js';
import { byImage, type FramedBox, isBeyond, MIN_BOXES } from './framed-boxes.js';
import { type RangeEnd, rangeBeyond } from './number-ranges.js';

const FORMS = Object.values(BOX_FORMS);
const MAX_PERCENT = 100.5;
/** Minimum factor by which both sides of images are larger than the range of the numbers. */
const MIN_FACTOR = 3;
/** Chance below which boxes in pixels do not lie within 100 pixels in so many images. */
const MAX_CHANCE = 1e-6;
/** Minimum range of the left and top edges of boxes in percent; that of a logo in a corner is smaller. */
const MIN_SPREAD = 40;
/** How near to 100 the right and lower edges of boxes in percent come. */
const MIN_REACH = 85;
/** Factor by which the sizes of boxes, as shares of their images, differ from those of other images at most. */
const SAME_SIZE = 4;
/** Share of its own side by which a box reaches far beyond the image. */
const FAR = 0.25;

/**
 * The boxes of images that are probably in percent: they lie within 100 pixels in more images than chance explains, are
 * spread over these, and as percent they are as large as the boxes of the other images.
 */
export function imagesInPercent(boxes: readonly FramedBox[]): FramedBox[] {
  const images = byImage(boxes);
  const suspects = images.filter((own) => own.every(isPerhapsPercent));
  const found = suspects.flat();
  if (found.length < MIN_BOXES || found.length === boxes.length) return [];
  const expected = images.reduce(
    (sum, own) =>
      sum + own.reduce((chance, { stated }) => (chance * 100 ** 2) / (stated.width * stated.height), 1),
    0,
  );
  const isSpread = spread(found, 0) >= MIN_SPREAD && spread(found, 1) >= MIN_SPREAD;
  const isWide = reach(found, 0) >= MIN_REACH && reach(found, 1) >= MIN_REACH;
  if (!isSpread || !isWide || tail(suspects.length, expected) > MAX_CHANCE) return [];
  const suspected = new Set(found);
  const usual = median(boxes.filter((box) => !suspected.has(box)).map((box) => shareOfImage(box)));
  // Numbers that are corners have other sizes.
  const [read] = FORMS.filter((form) => found.every(({ bbox }) => isWithinHundred(form(...bbox))));
  if (!read) return [];
  const asPercent = median(found.map(({ bbox }) => areaOf(read(...bbox)) / 100 ** 2)) / usual;
  const asPixels = median(found.map((box) => shareOfImage(box, read))) / usual;
  return asPixels < 1 / SAME_SIZE && asPercent >= 1 / SAME_SIZE && asPercent <= 2 * SAME_SIZE ? found : [];
}

/** Boxes beyond their images, of which at least half reach far beyond. */
export interface MixedForms {
  readonly boxes: readonly FramedBox[];
  /** The forms that fit all boxes of their images; if there are none, `end` is the range that these fill. */
  readonly fitting: readonly string[];
  readonly end: RangeEnd | undefined;
}

/** The boxes of images with boxes beyond them, if all of these boxes fit in another form or range; none if they are few. */
export function imagesInOtherForm(
  boxes: readonly FramedBox[],
  fittingOf: (boxes: readonly FramedBox[]) => readonly string[],
): MixedForms | undefined {
  const beyond = boxes.filter(isBeyond);
  if (beyond.length < MIN_BOXES || !areFarBeyond(beyond)) return undefined;
  const own = byImage(boxes)
    .filter((image) => image.some(isBeyond))
    .flat();
  const fitting = fittingOf(own);
  if (fitting.length > 0) return { boxes: beyond, fitting, end: undefined };
  const end = rangeBeyond(own);
  return end && { boxes: own, fitting, end };
}

/** Whether at least half of the boxes reach beyond their image by a large part of their own side. */
export function areFarBeyond(beyond: readonly FramedBox[]): boolean {
  const far = beyond.filter(({ bbox: [left, top, width, height], stated }) => {
    const across = Math.max(-left, left + width - stated.width);
    const down = Math.max(-top, top + height - stated.height);
    return across > FAR * width || down > FAR * height;
  });
  return far.length >= beyond.length / 2;
}

function isPerhapsPercent({ bbox, stated }: FramedBox): boolean {
  if (Math.min(stated.width, stated.height) < MIN_FACTOR * 100) return false;
  return FORMS.some((read) => isWithinHundred(read(...bbox)));
}

const isWithinHundred = ([left, top, width, height]: Bbox): boolean =>
  width > 0 && height > 0 && Math.max(left + width, top + height) <= MAX_PERCENT;

const areaOf = ([, , width, height]: Bbox) => width * height;

const shareOfImage = ({ bbox, stated }: FramedBox, read = (...box: Bbox): Bbox => box) =>
  areaOf(read(...bbox)) / (stated.width * stated.height);

const numbersAt = (boxes: readonly FramedBox[], axis: 0 | 1) =>
  boxes.map(({ bbox }: { readonly bbox: Bbox }) => bbox[axis]);

function spread(boxes: readonly FramedBox[], axis: 0 | 1): number {
  const numbers = numbersAt(boxes, axis);
  return (
    numbers.reduce((a, b) => Math.max(a, b), 0) -
    numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  );
}

/** How far boxes reach in an axis, by their edges or, in corners, by the numbers themselves. */
const reach = (boxes: readonly FramedBox[], axis: 0 | 1): number =>
  boxes.reduce((most, { bbox }) => {
    const [start, length] = [bbox[axis], bbox[axis === 0 ? 2 : 3]];
    return Math.max(most, start + length <= MAX_PERCENT ? start + length : length);
  }, 0);

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Upper limit (Chernoff) of the chance of at least `count` independent cases of which `expected` are expected. */
const tail = (count: number, expected: number): number =>
  count <= expected ? 1 : Math.exp(count - expected - count * Math.log(count / expected));
