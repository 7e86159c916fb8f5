import { THUMBNAIL_SIDE as SIDE } from '../model/thumbnail.js';
import { type Spread, TURNS, turnedPlace } from './similarity.js';

/** Cells per row and column of the grid. */
export const GRID = 16;
const CELLS = GRID * GRID;
const CELL_SIDE = SIDE / GRID;
/** Blocks of cells per row and column, and cells per row of a block. */
const BLOCKS = 4;
const BLOCK_SIDE = GRID / BLOCKS;

/** Number of values in a descriptor: one per cell, then one per block. */
export const DESCRIPTOR_LENGTH = CELLS + BLOCKS * BLOCKS;

/** Descriptor values per unit. The length of a picture minus its mean is one unit. */
export const UNIT = 16384;

/** The first pixel and the block of each cell. */
const PIXEL_OF = Uint16Array.from({ length: CELLS }, (_, cell) => {
  const [row, column] = [Math.floor(cell / GRID), cell % GRID];
  return (row * SIDE + column) * CELL_SIDE;
});
const BLOCK_OF = Uint8Array.from({ length: CELLS }, (_, cell) => {
  const [row, column] = [Math.floor(cell / GRID), cell % GRID];
  return Math.floor(row / BLOCK_SIDE) * BLOCKS + Math.floor(column / BLOCK_SIDE);
});

/** For each of `TURNS`: the place from which each value of a turned picture's descriptor is taken. */
export const TURNED_PLACES: readonly Uint16Array[] = TURNS.map((_, turn) =>
  Uint16Array.from({ length: DESCRIPTOR_LENGTH }, (_, place) =>
    place < CELLS ? turnedPlace(place, GRID, turn) : CELLS + turnedPlace(place - CELLS, BLOCKS, turn),
  ),
);

/**
 * Describes a picture by 272 whole numbers. Two pictures with the correlation r have the distance sqrt(2 - 2r) if each is
 * reduced by its mean and scaled to length 1. The distance of their descriptors is no larger, apart from rounding: the
 * values of the 256 cells of 4x4 pixels are an orthonormal projection, and each of the last 16 is the length of what the
 * cells of a block leave over, which differs by no more than the remainders do. A turn of the picture only exchanges values.
 */
export function descriptorOf(picture: Uint8Array, { sum, deviation }: Spread): Int16Array {
  const sums = new Int32Array(CELLS);
  // Times the number of pixels per cell, so that they are whole numbers.
  const remainders = new Int32Array(BLOCKS * BLOCKS);
  for (let cell = 0; cell < CELLS; cell++) {
    let [sumOfCell, squares] = [0, 0];
    const start = PIXEL_OF[cell] ?? 0;
    for (let row = start; row < start + CELL_SIDE * SIDE; row += SIDE) {
      for (let pixel = row; pixel < row + CELL_SIDE; pixel++) {
        const luma = picture[pixel] ?? 0;
        sumOfCell += luma;
        squares += luma * luma;
      }
    }
    sums[cell] = sumOfCell;
    const block = BLOCK_OF[cell] ?? 0;
    remainders[block] = (remainders[block] ?? 0) + CELL_SIDE ** 2 * squares - sumOfCell * sumOfCell;
  }
  const descriptor = new Int16Array(DESCRIPTOR_LENGTH);
  // The deviation is the squared length times the number of pixels; so is everything here.
  const scale = UNIT / Math.sqrt(deviation);
  for (let cell = 0; cell < CELLS; cell++) {
    const value = sums[cell] ?? 0;
    descriptor[cell] = Math.round(((CELLS * value - sum) / CELL_SIDE ** 2) * scale);
  }
  for (let block = 0; block < remainders.length; block++) {
    descriptor[CELLS + block] = Math.round(Math.sqrt(CELLS * (remainders[block] ?? 0)) * scale);
  }
  return descriptor;
}

/** Descriptor of the picture in one of `TURNS`. */
export function turnedDescriptor(descriptor: Int16Array, turn: number): Int16Array {
  if (turn === 0) return descriptor;
  const places = TURNED_PLACES[turn] ?? new Uint16Array();
  const turned = new Int16Array(DESCRIPTOR_LENGTH);
  for (let place = 0; place < places.length; place++) turned[place] = descriptor[places[place] ?? 0] ?? 0;
  return turned;
}

/**
 * The turns in which a picture is upright: the left half is brighter than the right one by at least as much as the upper
 * half than the lower one, and the upper half is not darker. Every picture has such a turn. With a `tolerance`, these
 * are also the turns in which the picture may be within this distance of an upright picture.
 */
export function uprightTurns(descriptor: Int16Array, tolerance: number): number[] {
  const [across, down] = halves(descriptor);
  return [...TURNS.keys()].filter((turn) => {
    const { transpose = false, flipX = false, flipY = false } = TURNS[turn] ?? {};
    const [x, y] = [flipX ? -across : across, flipY ? -down : down];
    const [turnedAcross, turnedDown] = transpose ? [y, x] : [x, y];
    return turnedDown >= -tolerance && turnedAcross - turnedDown >= -Math.SQRT2 * tolerance;
  });
}

/** The difference between the left and the right half, and between the upper and the lower half. */
function halves(descriptor: Int16Array): readonly [across: number, down: number] {
  let [across, down] = [0, 0];
  for (let cell = 0; cell < CELLS; cell++) {
    const value = descriptor[cell] ?? 0;
    across += cell % GRID < GRID / 2 ? value : -value;
    down += cell < CELLS / 2 ? value : -value;
  }
  return [across / GRID, down / GRID];
}
