import { APART, sumOn, TURNED_APART } from './axes.js';
import { GRID, DESCRIPTOR_LENGTH as LENGTH } from './descriptor.js';
import type { Pictures } from './split.js';

/** Number of columns: one for each of the axes that do not overlap. */
export const COLUMNS = APART.length;

/** Read once: reading a global is slow in a VM context, where tests run. */
const { floor } = Math;

/** Pictures by which the usual value of a column is found. */
const SAMPLE = 63;

/** More than the number of pictures that are compared at once. */
const KEY_STEP = 2 ** 14;

/** Some pictures, sorted by how much they differ from the usual one, with their values on each axis side by side. */
export interface Columns {
  /** Rows in the descriptors. */
  readonly rows: Int32Array;
  /** Values of the first picture, then those of the second one, and so on. */
  readonly pictures: Int16Array;
  /** The same values by axis: those of the first axis, then those of the second one, and so on. */
  readonly values: Int16Array;
  /** Squared distance from the usual picture, in descending order. */
  readonly strengths: Float64Array;
}

/** The usual picture: the median of a sample on each axis. */
export function usualValues(descriptors: Int16Array, { rows, turn }: Pictures): Int16Array {
  const count = Math.min(SAMPLE, rows.length);
  const values = new Int16Array(count);
  return Int16Array.from(TURNED_APART[turn] ?? [], (axis) => {
    for (let index = 0; index < count; index++) {
      const row = rows[floor((index * rows.length) / count)] ?? 0;
      values[index] = sumOn(descriptors, row * LENGTH, axis) / axis.size;
    }
    return values.sort()[count >> 1] ?? 0;
  });
}

export function columnsOf(descriptors: Int16Array, { rows, turn }: Pictures, usual: Int16Array): Columns {
  const axes = TURNED_APART[turn] ?? [];
  const places = Uint16Array.from(axes, ({ place }) => place);
  const squares = axes.findIndex(({ size }) => size === 1);
  const count = rows.length;
  const unsorted = new Int16Array(count * COLUMNS);
  // One number per picture sorts much faster than a comparison function: the distance is a whole number below 2^38.
  const keys = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    const start = (rows[index] ?? 0) * LENGTH;
    let distance = 0;
    for (let column = 0; column < COLUMNS; column++) {
      const at = start + (places[column] ?? 0);
      const value = column < squares ? halfSum(descriptors, at) : (descriptors[at] ?? 0);
      const difference = value - (usual[column] ?? 0);
      unsorted[index * COLUMNS + column] = value;
      distance += difference * difference;
    }
    keys[index] = -(distance * KEY_STEP + index);
  }
  keys.sort();
  const columns: Columns = {
    rows: new Int32Array(count),
    pictures: new Int16Array(count * COLUMNS),
    values: new Int16Array(count * COLUMNS),
    strengths: new Float64Array(count),
  };
  for (let index = 0; index < count; index++) {
    const key = -(keys[index] ?? 0);
    const distance = floor(key / KEY_STEP);
    const from = key - distance * KEY_STEP;
    columns.rows[index] = rows[from] ?? 0;
    columns.strengths[index] = distance;
    for (let column = 0; column < COLUMNS; column++) {
      const value = unsorted[from * COLUMNS + column] ?? 0;
      columns.pictures[index * COLUMNS + column] = value;
      columns.values[column * count + index] = value;
    }
  }
  return columns;
}

/** Half of the sum of 2x2 cells, which is their projection, rounded down. */
function halfSum(descriptors: Int16Array, at: number): number {
  const upper = (descriptors[at] ?? 0) + (descriptors[at + 1] ?? 0);
  return (upper + (descriptors[at + GRID] ?? 0) + (descriptors[at + GRID + 1] ?? 0)) >> 1;
}
