import { THUMBNAIL_BYTES as PIXELS, THUMBNAIL_SIDE as SIDE } from '../model/thumbnail.js';

/** Read once: reading a global is slow in a VM context, where tests run. */
const { max, min } = Math;

/** A rotation or mirroring of a square picture: `transpose` is applied first, then the flips. */
export interface Turn {
  readonly transpose: boolean;
  readonly flipX: boolean;
  readonly flipY: boolean;
}

/** The 8 rotations and mirrorings of a square. The first one changes nothing. */
export const TURNS: readonly Turn[] = [false, true].flatMap((transpose) =>
  [false, true].flatMap((flipY) => [false, true].map((flipX) => ({ transpose, flipX, flipY }))),
);

/** The place in a square of `side` places per row that a place of the square in one of `TURNS` shows. */
export function turnedPlace(place: number, side: number, turn: number): number {
  const { transpose = false, flipX = false, flipY = false } = TURNS[turn] ?? {};
  const [row, column] = [Math.floor(place / side), place % side];
  const [x, y] = transpose ? [row, column] : [column, row];
  return (flipY ? side - 1 - y : y) * side + (flipX ? side - 1 - x : x);
}

/** For each of `TURNS`: the index in the source of each pixel of the turned picture. */
export const TURN_PIXELS: readonly Uint16Array[] = TURNS.map((_, turn) =>
  Uint16Array.from({ length: PIXELS }, (_, pixel) => turnedPlace(pixel, SIDE, turn)),
);

/** The picture in one of `TURNS`: itself in the first one. */
export function turnedPicture(picture: Uint8Array, turn: number): Uint8Array {
  if (turn === 0) return picture;
  const source = sourcePixels(turn);
  const turned = new Uint8Array(PIXELS);
  for (let pixel = 0; pixel < PIXELS; pixel++) turned[pixel] = picture[source[pixel] ?? 0] ?? 0;
  return turned;
}

/** The one of `TURNS` that does the same as two, one after the other. The 8 turns of pixel 1 are 8 pixels. */
export function composedTurn(first: number, second: number): number {
  const source = TURN_PIXELS[first]?.[TURN_PIXELS[second]?.[1] ?? 0];
  return TURN_PIXELS.findIndex((pixels) => pixels[1] === source);
}

/** The one of `TURNS` that undoes a turn. */
export function inverseTurn(turn: number): number {
  return TURNS.findIndex((_, other) => composedTurn(turn, other) === 0);
}

/** Sum of the luma values, and sum of their squared deviations times the number of pixels. Both are exact. */
export interface Spread {
  readonly sum: number;
  readonly deviation: number;
}

export function spreadOf(picture: Uint8Array): Spread {
  let [sum, squares] = [0, 0];
  for (let pixel = 0; pixel < picture.length; pixel++) {
    const luma = picture[pixel] ?? 0;
    sum += luma;
    squares += luma * luma;
  }
  return { sum, deviation: PIXELS * squares - sum * sum };
}

/**
 * Correlation of `a` in one turn with `b`, -1 to 1. It ignores brightness and contrast, and is 0 for a picture of one
 * colour. All sums are integers below 2^53, so that the result is the same on every processor.
 */
export function correlation(
  [a, spreadA]: readonly [Uint8Array, Spread],
  [b, spreadB]: readonly [Uint8Array, Spread],
  turn: number,
): number {
  if (spreadA.deviation === 0 || spreadB.deviation === 0) return 0;
  const product = PIXELS * turnedProduct(a, b, turn) - spreadA.sum * spreadB.sum;
  return product / (Math.sqrt(spreadA.deviation) * Math.sqrt(spreadB.deviation));
}

/** Radius of a pixel's surroundings, and width of the border that has none, in pixels. */
const REACH = 4;

/** The pixels that have surroundings. */
const INSIDE = Uint16Array.from(
  Array.from({ length: PIXELS }, (_, pixel) => pixel).filter((pixel) =>
    [pixel % SIDE, Math.floor(pixel / SIDE)].every((at) => at >= REACH && at < SIDE - REACH),
  ),
);

/** Fine detail of a picture, and the sum of its squares. */
export interface Detail {
  readonly values: Int32Array;
  readonly square: number;
}

/**
 * The picture without broad light and shade: each pixel times 81, minus the sum of the 9x9 pixels around it, with a mean
 * of 0 and a border of 0. Unrelated photos of one kind share light and shade, but not this detail.
 */
export function fineDetail(picture: Uint8Array): Detail {
  const sums = boxSums(picture, REACH);
  const values = new Int32Array(PIXELS);
  let sum = 0;
  for (const pixel of INSIDE) {
    const value = 81 * (picture[pixel] ?? 0) - (sums[pixel] ?? 0);
    values[pixel] = value;
    sum += value;
  }
  const mean = Math.round(sum / INSIDE.length);
  let square = 0;
  for (const pixel of INSIDE) {
    const value = (values[pixel] ?? 0) - mean;
    values[pixel] = value;
    square += value * value;
  }
  return { values, square };
}

/** Correlation of two details, with `a` in one turn, -1 to 1; 0 if a picture has no detail. */
export function detailAgreement(a: Detail, b: Detail, turn: number): number {
  if (a.square === 0 || b.square === 0) return 0;
  return turnedDetailProduct(a.values, b.values, turn) / (Math.sqrt(a.square) * Math.sqrt(b.square));
}

/** Sum of the products of the pixels. Each of the two kinds of arrays has its own loop, since a loop over both is slow. */
function turnedProduct(a: Uint8Array, b: Uint8Array, turn: number): number {
  const other = turnedPicture(a, turn);
  let product = 0;
  for (let pixel = 0; pixel < PIXELS; pixel++) product += (other[pixel] ?? 0) * (b[pixel] ?? 0);
  return product;
}

function turnedDetailProduct(a: Int32Array, b: Int32Array, turn: number): number {
  const source = sourcePixels(turn);
  let product = 0;
  for (let pixel = 0; pixel < PIXELS; pixel++) product += (a[source[pixel] ?? 0] ?? 0) * (b[pixel] ?? 0);
  return product;
}

function sourcePixels(turn: number): Uint16Array {
  const source = TURN_PIXELS[turn];
  if (!source) throw new RangeError(`Unknown turn: ${turn}`);
  return source;
}

/** Sums over the square of `2 * reach + 1` pixels around each pixel. Edge pixels are repeated outwards. */
export function boxSums(picture: Uint8Array, reach: number): Int32Array {
  return lineSums(lineSums(Int32Array.from(picture), reach, 1, SIDE), reach, SIDE, 1);
}

function lineSums(values: Int32Array, reach: number, step: number, lineStep: number): Int32Array {
  const sums = new Int32Array(PIXELS);
  for (let line = 0; line < SIDE; line++) {
    const start = line * lineStep;
    const last = start + (SIDE - 1) * step;
    let [sum, entering, leaving] = [reach * (values[start] ?? 0), start, start - reach * step];
    for (let ahead = 0; ahead <= reach; ahead++, entering += step) sum += values[entering] ?? 0;
    for (let at = start; at <= last; at += step, entering += step, leaving += step) {
      sums[at] = sum;
      sum += values[min(entering, last)] ?? 0;
      sum -= values[max(leaving, start)] ?? 0;
    }
  }
  return sums;
}
