import { THUMBNAIL_BYTES as PIXELS, THUMBNAIL_SIDE as SIDE } from '../model/thumbnail.js';

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

/** For each of `TURNS`: the index in the source of each pixel of the turned picture. */
export const TURN_PIXELS: readonly Uint16Array[] = TURNS.map(({ transpose, flipX, flipY }) =>
  Uint16Array.from({ length: PIXELS }, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / SIDE), pixel % SIDE];
    const [x, y] = transpose ? [row, column] : [column, row];
    return (flipY ? SIDE - 1 - y : y) * SIDE + (flipX ? SIDE - 1 - x : x);
  }),
);

/** Sum of the luma values, and sum of their squared deviations times the number of pixels. Both are exact. */
export interface Spread {
  readonly sum: number;
  readonly deviation: number;
}

export function spreadOf(picture: Uint8Array): Spread {
  let [sum, squares] = [0, 0];
  for (const luma of picture) {
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
  return product / Math.sqrt(spreadA.deviation) / Math.sqrt(spreadB.deviation);
}

/** Radius of a pixel's surroundings, and width of the border that has none, in pixels. */
const REACH = 4;

/**
 * The picture without broad light and shade: each pixel times 81, minus the sum of the 9x9 pixels around it, with a mean
 * of 0 and a border of 0. Unrelated photos of one kind share light and shade, but not this detail.
 */
export function fineDetail(picture: Uint8Array): Int32Array {
  const inside = (at: number) => at >= REACH && at < SIDE - REACH;
  const detail = boxSums(picture, REACH).map((sum, pixel) =>
    inside(pixel % SIDE) && inside(Math.floor(pixel / SIDE)) ? 81 * (picture[pixel] ?? 0) - sum : 0,
  );
  const mean = Math.round(detail.reduce((sum, value) => sum + value, 0) / (SIDE - 2 * REACH) ** 2);
  return detail.map((value, pixel) =>
    inside(pixel % SIDE) && inside(Math.floor(pixel / SIDE)) ? value - mean : 0,
  );
}

/** Correlation of two details, with `a` in one turn, -1 to 1; 0 if a picture has no detail. */
export function detailAgreement(a: Int32Array, b: Int32Array, turn: number): number {
  const [squareA, squareB] = [turnedProduct(a, a, 0), turnedProduct(b, b, 0)];
  if (squareA === 0 || squareB === 0) return 0;
  return turnedProduct(a, b, turn) / Math.sqrt(squareA) / Math.sqrt(squareB);
}

function turnedProduct(a: Uint8Array | Int32Array, b: Uint8Array | Int32Array, turn: number): number {
  const source = TURN_PIXELS[turn];
  if (!source) throw new RangeError(`Unknown turn: ${turn}`);
  let product = 0;
  for (let pixel = 0; pixel < PIXELS; pixel++) product += (a[source[pixel] ?? 0] ?? 0) * (b[pixel] ?? 0);
  return product;
}

/** Sums over the square of `2 * reach + 1` pixels around each pixel. Edge pixels are repeated outwards. */
export function boxSums(picture: Uint8Array, reach: number): Int32Array {
  return lineSums(lineSums(Int32Array.from(picture), reach, 1, SIDE), reach, SIDE, 1);
}

function lineSums(values: Int32Array, reach: number, step: number, lineStep: number): Int32Array {
  const sums = new Int32Array(PIXELS);
  for (let line = 0; line < SIDE; line++) {
    const at = (pixel: number) =>
      values[line * lineStep + Math.min(SIDE - 1, Math.max(0, pixel)) * step] ?? 0;
    let sum = 0;
    for (let pixel = -reach; pixel <= reach; pixel++) sum += at(pixel);
    for (let pixel = 0; pixel < SIDE; pixel++) {
      sums[line * lineStep + pixel * step] = sum;
      sum += at(pixel + reach + 1) - at(pixel - reach);
    }
  }
  return sums;
}
