import { GRID, DESCRIPTOR_LENGTH as LENGTH, TURNED_PLACES } from './descriptor.js';
import type { Pictures } from './split.js';

const CELLS = GRID * GRID;
/** Pictures by which the functions are chosen, and pictures per step of work. */
const SAMPLE = 256;
const STEP = 5000;

/** Pictures with their values of some Walsh functions, one array per function. */
export interface Shades extends Pictures {
  readonly values: readonly Int16Array[];
}

/**
 * The Walsh functions in which pictures differ most. Each one is the sum of half of the cells minus that of the others,
 * divided by 16, so that the functions are orthonormal axes of a descriptor: broad light and shade is in few of them.
 */
export function widestFunctions(descriptors: Int16Array, { rows, turn }: Pictures, count: number): number[] {
  const size = Math.min(SAMPLE, rows.length);
  const [sums, squares] = [new Float64Array(CELLS), new Float64Array(CELLS)];
  const values = new Int32Array(CELLS);
  for (let index = 0; index < size; index++) {
    transform(descriptors, rows[Math.floor((index * rows.length) / size)] ?? 0, turn, values);
    for (let at = 0; at < CELLS; at++) {
      const value = values[at] ?? 0;
      sums[at] = (sums[at] ?? 0) + value;
      squares[at] = (squares[at] ?? 0) + value * value;
    }
  }
  const variances = sums.map((sum, at) => size * (squares[at] ?? 0) - sum * sum);
  return Array.from(variances.keys())
    .sort((a, b) => (variances[b] ?? 0) - (variances[a] ?? 0) || a - b)
    .slice(0, count);
}

/** Values of pictures on Walsh functions, rounded down. Yields after each step of work. */
export function* shadesOf(
  descriptors: Int16Array,
  { rows, turn }: Pictures,
  functions: readonly number[],
): Generator<undefined, Shades> {
  const values = functions.map(() => new Int16Array(rows.length));
  const transformed = new Int32Array(CELLS);
  for (let index = 0; index < rows.length; index++) {
    if (index % STEP === STEP - 1) yield;
    transform(descriptors, rows[index] ?? 0, turn, transformed);
    for (let axis = 0; axis < functions.length; axis++) {
      const column = values[axis];
      if (column) column[index] = (transformed[functions[axis] ?? 0] ?? 0) >> 4;
    }
  }
  return { rows, turn, values };
}

/** Computes 16 times the values of all Walsh functions of a picture in one of `TURNS`. */
function transform(descriptors: Int16Array, row: number, turn: number, values: Int32Array): void {
  const places = TURNED_PLACES[turn] ?? new Uint16Array();
  for (let cell = 0; cell < CELLS; cell++)
    values[cell] = descriptors[row * LENGTH + (places[cell] ?? 0)] ?? 0;
  for (let half = 1; half < CELLS; half *= 2) {
    for (let start = 0; start < CELLS; start += 2 * half) {
      for (let at = start; at < start + half; at++) {
        const [one, other] = [values[at] ?? 0, values[at + half] ?? 0];
        values[at] = one + other;
        values[at + half] = one - other;
      }
    }
  }
}
