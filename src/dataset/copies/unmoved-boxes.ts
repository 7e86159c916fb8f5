/** Copies that an augmentation moved, while their boxes stayed where they were. */

import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import type { Rectangle } from '../model/rectangle.js';
import { lieElsewhere } from '../model/same-places.js';
import { THUMBNAIL_SIDE as SIDE } from '../model/thumbnail.js';
import type { Size, SourceBox } from '../model/types.js';
import { movedPixels, movedPlace, objectPixels } from './moved-objects.js';
import {
  agreementInPlace,
  type Grid,
  gridCorrelation,
  type Movement,
  registration,
  shapesOf,
} from './similarity-registered.js';

/** An upright image with its boxes as its COCO file states them. */
export interface LabelledPicture {
  readonly path: string;
  /** The size that the boxes refer to. */
  readonly size: Size;
  readonly boxes: readonly SourceBox[];
  /** 64x64 luma means. */
  readonly thumbnail64: Uint8Array;
}

/** A moved copy, and the image whose boxes it has. */
export interface UnmovedBoxes {
  readonly path: string;
  readonly original: string;
}

/** Boxes of up to this number are compared, which bounds the work per image. */
const MAX_BOXES = 500;
/** Share of the image's area from which a box is on the same place after most movements. */
const LARGE_BOX = 0.6;
/** Maximum images with the same boxes: more are frames of a fixed camera or placeholders, since exporters make fewer copies. */
const MAX_IMAGES = 64;
/** Maximum different pictures with the same boxes. Each image is compared with all of them. */
const MAX_VIEWS = 4;
/** Maximum pairs that are searched for the movement, about 10 ms each, so that it takes half a second. */
const MAX_SEARCHED = 40;
/** Share of the searched pairs that must show a movement for all other pairs to count too. */
const MOST = 0.5;

/** Maximum agreement of pictures that show other things on the same places; the background of a fixed camera agrees more. */
const MAX_IN_PLACE = 0.4;
/** Minimum agreement of a moved copy, and how much it exceeds that of the pictures as they are; unrelated photos agree up to 0.63. */
const MIN_MOVED = 0.7;
const MIN_GAIN = 0.35;
/** How much better the pixels of the boxes must agree where the movement leads: an object can move with the camera. */
const MIN_OBJECT_GAIN = 0.2;
/** Minimum share of each side that two images of different sizes have in common. */
const MIN_COMMON = 0.5;

/** Images with the same boxes that show another picture than the first image with these boxes. */
interface View {
  readonly original: LabelledPicture;
  readonly copies: readonly LabelledPicture[];
}

/**
 * Finds images with exactly the boxes of another image that shows the same picture on other places: turned, mirrored,
 * shifted, zoomed or rotated. Changes of light, blur and noise do not count, and neither do other pictures, nor objects
 * that stay on their places while the rest of the picture moves. Only a part of many pairs is searched for the movement.
 * The result does not depend on the order of the pictures.
 */
export function unmovedBoxes(
  pictures: readonly LabelledPicture[],
  maxSearched = MAX_SEARCHED,
): UnmovedBoxes[] {
  const views = withEqualBoxes(pictures).flatMap(viewsOf);
  const step = Math.max(1, views.length / maxSearched);
  const isChosen = (index: number) => Math.floor(index / step) !== Math.floor((index - 1) / step);
  const searched = views.filter((_, index) => isChosen(index));
  const moved = searched.filter(isMoved);
  const isUsual = moved.length > 0 && moved.length >= MOST * searched.length;
  const others = isUsual ? views.filter((_, index) => !isChosen(index)) : [];
  return [...moved, ...others]
    .flatMap(({ original, copies }) => copies.map(({ path }) => ({ path, original: original.path })))
    .sort((a, b) => byCodePoint(a.path, b.path));
}

/** The images that share their boxes with others, by boxes. Texts are made only for images whose boxes have the same bounds. */
function withEqualBoxes(pictures: readonly LabelledPicture[]): LabelledPicture[][] {
  const labelled = pictures.filter(
    ({ boxes, size }) =>
      boxes.length > 0 && boxes.length <= MAX_BOXES && !boxes.every((box) => isLarge(box, size)),
  );
  return repeated(labelled, boundsOf)
    .flatMap((alike) => repeated(alike, textOf))
    .filter(({ length }) => length <= MAX_IMAGES)
    .map((same) => same.sort((a, b) => byCodePoint(a.path, b.path)))
    .sort(([a], [b]) => byCodePoint(a?.path ?? '', b?.path ?? ''));
}

const repeated = (
  pictures: readonly LabelledPicture[],
  keyOf: (picture: LabelledPicture) => string,
): LabelledPicture[][] => [...groupBy(pictures, keyOf).values()].filter(({ length }) => length > 1);

const isLarge = ({ width, height }: SourceBox, size: Size) =>
  width * height >= LARGE_BOX * size.width * size.height;

/** The number of the boxes, the first edges and the largest sides as a text. */
function boundsOf({ boxes }: LabelledPicture): string {
  let [left, top, width, height] = [Infinity, Infinity, 0, 0];
  for (const box of boxes) {
    left = Math.min(left, box.x);
    top = Math.min(top, box.y);
    width = Math.max(width, box.width);
    height = Math.max(height, box.height);
  }
  return [boxes.length, left, top, width, height].join();
}

const textOf = ({ boxes }: LabelledPicture): string =>
  boxes
    .map(({ label, x, y, width, height }) => JSON.stringify([label, x, y, width, height]))
    .sort(byCodePoint)
    .join();

/** The pictures that images with the same boxes show, except that of the first image. */
function viewsOf(pictures: readonly LabelledPicture[]): View[] {
  const views: [LabelledPicture, ...LabelledPicture[]][] = [];
  const known: KnownShapes = new Map();
  for (const picture of pictures) {
    const view = views.find(([first]) => isInPlace(first, picture, known));
    if (view) view.push(picture);
    else if (views.length < MAX_VIEWS) views.push([picture]);
  }
  const [[original] = [], ...others] = views;
  return original ? others.map((copies) => ({ original, copies })) : [];
}

/** Whether two images show the same things on the same places, or have too little in common to tell. */
function isInPlace(one: LabelledPicture, other: LabelledPicture, known: KnownShapes): boolean {
  const part = commonPart(one.size, other.size);
  return !part || agreementInPlace(shapesIn(one, part, known), shapesIn(other, part, known)) > MAX_IN_PLACE;
}

function isMoved({ original, copies: [copy] }: View): boolean {
  const part = copy && commonPart(original.size, copy.size);
  if (!part) return false;
  const [before, after] = [shapesIn(original, part), shapesIn(copy, part)];
  const { agreement, movement } = registration(before, after);
  if (agreement < MIN_MOVED || agreement - agreementInPlace(before, after) < MIN_GAIN) return false;
  const places = original.boxes.map((box) => placeOf(box, part));
  const moved = places.map((place) => movedPlace(place, movement));
  if (!lieElsewhere(places, moved)) return false;
  return objectGain(before, after, objectPixels(places), movement) >= MIN_OBJECT_GAIN;
}

/** How much better the pixels of objects agree where the movement leads than on their old places. Those outside do not count. */
function objectGain(before: Int32Array, after: Int32Array, objects: Grid, movement: Movement): number {
  const moved = movedPixels(objects, movement);
  const isKept = (_: number, index: number) => (moved[index] ?? -1) >= 0;
  const kept = objects.filter(isKept);
  return (
    gridCorrelation(before, kept, after, moved.filter(isKept)) - gridCorrelation(before, kept, after, kept)
  );
}

/** The place of a box in shares of a part of the image. */
const placeOf = ({ x, y, width, height }: SourceBox, part: Size): Rectangle => ({
  left: x / part.width,
  top: y / part.height,
  width: width / part.width,
  height: height / part.height,
});

/** The upper left part that images of two sizes have in common; undefined if it is a small one. */
function commonPart(one: Size, other: Size): Size | undefined {
  const width = Math.min(one.width, other.width);
  const height = Math.min(one.height, other.height);
  const isLargePart = [one, other].every(
    (size) => width >= MIN_COMMON * size.width && height >= MIN_COMMON * size.height,
  );
  return isLargePart ? { width, height } : undefined;
}

/** The shapes of whole images that were computed before. */
type KnownShapes = Map<LabelledPicture, Int32Array>;

/** The shapes in the upper left part of an image. */
function shapesIn(picture: LabelledPicture, { width, height }: Size, known?: KnownShapes): Int32Array {
  const { thumbnail64, size } = picture;
  if (width === size.width && height === size.height) {
    const shapes = known?.get(picture) ?? shapesOf(thumbnail64);
    known?.set(picture, shapes);
    return shapes;
  }
  const part = new Uint8Array(thumbnail64.length);
  for (let pixel = 0; pixel < part.length; pixel++) {
    const column = Math.floor(((pixel % SIDE) * width) / size.width);
    const row = Math.floor((Math.floor(pixel / SIDE) * height) / size.height);
    part[pixel] = thumbnail64[row * SIDE + column] ?? 0;
  }
  return shapesOf(part);
}
