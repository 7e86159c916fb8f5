import { THUMBNAIL_SIDE as SIDE } from '../model/thumbnail.js';
import { type Spread, TURNS } from './similarity.js';

/** Bits of a cell's row or column in the grid of 16x16 cells. */
const BITS = 4;
const GRID = 1 << BITS;
const CELL_SIDE = SIDE / GRID;
/** The cell of each pixel. */
const CELLS = Uint8Array.from({ length: SIDE * SIDE }, (_, pixel) => {
  const [row, column] = [Math.floor(pixel / SIDE), pixel % SIDE];
  return Math.floor(row / CELL_SIDE) * GRID + Math.floor(column / CELL_SIDE);
});

/** Number of values in a descriptor. */
export const DESCRIPTOR_LENGTH = GRID * GRID;

/** Descriptor values per unit. The length of a picture minus its mean is one unit. */
export const UNIT = 16384;

/** Places of the difference between left and right half, and between upper and lower half. */
const ACROSS = GRID / 2;
const DOWN = (GRID / 2) * GRID;

const paritySign = (value: number) => (value.toString(2).replaceAll('0', '').length % 2 === 1 ? -1 : 1);

/** For each of `TURNS`: the place from which each value of a turned picture's descriptor is taken, and its sign. */
const TURNED_PLACES = TURNS.map(({ transpose, flipX, flipY }) => {
  const from = new Uint8Array(DESCRIPTOR_LENGTH);
  const signs = new Int8Array(DESCRIPTOR_LENGTH);
  for (let place = 0; place < DESCRIPTOR_LENGTH; place++) {
    const [u, v] = [place % GRID, place >> BITS];
    const [x, y] = transpose ? [v, u] : [u, v];
    from[place] = y * GRID + x;
    signs[place] = (flipX ? paritySign(x) : 1) * (flipY ? paritySign(y) : 1);
  }
  return { from, signs };
});

/**
 * Describes a picture by 256 whole numbers. Two pictures with the correlation r have the distance sqrt(2 - 2r) if each is
 * reduced by its mean and scaled to length 1. The distance of their descriptors is no larger, apart from rounding:
 * values 1 to 255 are Walsh coefficients of a grid of 16x16 cells, that is an orthonormal projection, and value 0 is the
 * length of the rest, which differs by no more than the rests. A turn of the picture only exchanges values and signs.
 */
export function descriptorOf(picture: Uint8Array, { deviation }: Spread): Int16Array {
  const values = new Float64Array(DESCRIPTOR_LENGTH);
  for (let pixel = 0; pixel < CELLS.length; pixel++) {
    const cell = CELLS[pixel] ?? 0;
    values[cell] = (values[cell] ?? 0) + (picture[pixel] ?? 0);
  }
  transform(values);
  let rest = deviation;
  for (let place = 1; place < DESCRIPTOR_LENGTH; place++) rest -= (values[place] ?? 0) ** 2;
  values[0] = Math.sqrt(Math.max(0, rest));
  const descriptor = new Int16Array(DESCRIPTOR_LENGTH);
  const scale = UNIT / Math.sqrt(deviation);
  for (let place = 0; place < DESCRIPTOR_LENGTH; place++) {
    descriptor[place] = Math.round((values[place] ?? 0) * scale);
  }
  return descriptor;
}

/** The fast Walsh-Hadamard transform, in place: sums and differences of halves, of their halves, and so on. */
function transform(values: Float64Array): void {
  for (let half = 1; half < values.length; half *= 2) {
    for (let start = 0; start < values.length; start += 2 * half) {
      for (let at = start; at < start + half; at++) {
        const a = values[at] ?? 0;
        const b = values[at + half] ?? 0;
        values[at] = a + b;
        values[at + half] = a - b;
      }
    }
  }
}

/** Descriptor of the picture in one of `TURNS`. */
export function turnedDescriptor(descriptor: Int16Array, turn: number): Int16Array {
  const turned = new Int16Array(DESCRIPTOR_LENGTH);
  for (let place = 0; place < DESCRIPTOR_LENGTH; place++)
    turned[place] = turnedValue(descriptor, turn, place);
  return turned;
}

/**
 * The turns in which a picture is upright: the left half is brighter than the right one by at least as much as the upper
 * half than the lower one, and the upper half is not darker. Every picture has such a turn. With a `tolerance`, these
 * are also the turns in which the picture may be within this distance of an upright picture.
 */
export function uprightTurns(descriptor: Int16Array, tolerance: number): number[] {
  return [...TURNS.keys()].filter((turn) => {
    const across = turnedValue(descriptor, turn, ACROSS);
    const down = turnedValue(descriptor, turn, DOWN);
    return down >= -tolerance && across - down >= -Math.SQRT2 * tolerance;
  });
}

function turnedValue(descriptor: Int16Array, turn: number, place: number): number {
  const places = TURNED_PLACES[turn];
  return (places?.signs[place] ?? 0) * (descriptor[places?.from[place] ?? 0] ?? 0);
}
