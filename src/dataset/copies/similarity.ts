import { THUMBNAIL_BYTES as PIXELS, THUMBNAIL_SIDE as SIDE } from '../model/thumbnail.js';

/** A turn or mirroring of a square picture: `transpose` first, then the flips. */
export interface Turn {
  readonly transpose: boolean;
  readonly flipX: boolean;
  readonly flipY: boolean;
}

/** The 8 turns and mirrorings of a square, the first of which changes nothing. */
export const TURNS: readonly Turn[] = [false, true].flatMap((transpose) =>
  [false, true].flatMap((flipY) => [false, true].map((flipX) => ({ transpose, flipX, flipY }))),
);

/** For each of `TURNS`, where in the source each pixel of the turned picture lies. */
export const TURN_PIXELS: readonly Uint16Array[] = TURNS.map(({ transpose, flipX, flipY }) =>
  Uint16Array.from({ length: PIXELS }, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / SIDE), pixel % SIDE];
    const [x, y] = transpose ? [row, column] : [column, row];
    return (flipY ? SIDE - 1 - y : y) * SIDE + (flipX ? SIDE - 1 - x : x);
  }),
);

/** Sum of the luma and of its squared deviations (times the number of pixels), both exact. */
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
 * Correlation of `a` in one turn with `b`, -1 to 1: brightness and contrast cancel out, and a flat picture
 * correlates with nothing. Sums are integers below 2^53, so that every processor gives the same answer.
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

/** Pixels around each that count as its surroundings, and the border that has none. */
const REACH = 4;

/**
 * What is left of a picture without its broad light and shade: each pixel, times 81, less the sum of the 9x9
 * pixels around it, about a mean of 0; the border is 0. Unrelated photos of one kind share light and shade, not this.
 */
export function fineDetail(picture: Uint8Array): Int32Array {
  const inside = (place: number) => place >= REACH && place < SIDE - REACH;
  const detail = boxSums(picture, REACH).map((sum, pixel) =>
    inside(pixel % SIDE) && inside(Math.floor(pixel / SIDE)) ? 81 * (picture[pixel] ?? 0) - sum : 0,
  );
  const mean = Math.round(detail.reduce((sum, value) => sum + value, 0) / (SIDE - 2 * REACH) ** 2);
  return detail.map((value, pixel) =>
    inside(pixel % SIDE) && inside(Math.floor(pixel / SIDE)) ? value - mean : 0,
  );
}

/** Agreement of two details with `a` in one turn, -1 to 1; 0 where a picture has none. */
export function detailAgreement(a: Int32Array, b: Int32Array, turn: number): number {
  const [squareA, squareB] = [turnedProduct(a, a, 0), turnedProduct(b, b, 0)];
  if (squareA === 0 || squareB === 0) return 0;
  return turnedProduct(a, b, turn) / Math.sqrt(squareA) / Math.sqrt(squareB);
}

function turnedProduct(a: Uint8Array | Int32Array, b: Uint8Array | Int32Array, turn: number): number {
  const source = TURN_PIXELS[turn];
  if (!source) throw new RangeError(`There is no turn ${turn}.`);
  let product = 0;
  for (let pixel = 0; pixel < PIXELS; pixel++) product += (a[source[pixel] ?? 0] ?? 0) * (b[pixel] ?? 0);
  return product;
}

/** Sums over the square of `2 * reach + 1` pixels around each pixel; the edge repeats itself outwards. */
export function boxSums(picture: Uint8Array, reach: number): Int32Array {
  return lineSums(lineSums(Int32Array.from(picture), reach, 1, SIDE), reach, SIDE, 1);
}

function lineSums(values: Int32Array, reach: number, step: number, lineStep: number): Int32Array {
  const sums = new Int32Array(PIXELS);
  for (let line = 0; line < SIDE; line++) {
    const at = (place: number) =>
      values[line * lineStep + Math.min(SIDE - 1, Math.max(0, place)) * step] ?? 0;
    let sum = 0;
    for (let place = -reach; place <= reach; place++) sum += at(place);
    for (let place = 0; place < SIDE; place++) {
      sums[line * lineStep + place * step] = sum;
      sum += at(place + reach + 1) - at(place - reach);
    }
  }
  return sums;
}
