import { DESCRIPTOR_LENGTH, GRID, TURNED_PLACES } from './descriptor.js';
import { TURNS } from './similarity.js';

/** A square of cells whose sum tells pictures apart, or one value of a descriptor that is not a cell. */
export interface Axis {
  /** Place of the first value in the descriptor. */
  readonly place: number;
  /**
   * Values per row and column. The sums of two descriptors differ by no more than `size` times the distance of the
   * descriptors, since a sum of `size` x `size` values divided by `size` is a projection onto a line.
   */
  readonly size: number;
}

/** Squares of each size, and the steps between them. Squares of one size overlap, so that an object fills one of them well. */
const SQUARES = [
  { size: 1, step: 1 },
  { size: 2, step: 1 },
  { size: 4, step: 2 },
  { size: 8, step: 4 },
] as const;

const squares = (size: number, step: number): Axis[] => {
  const starts = Array.from({ length: (GRID - size) / step + 1 }, (_, index) => index * step);
  return starts.flatMap((row) => starts.map((column) => ({ place: row * GRID + column, size })));
};

const REST: readonly Axis[] = Array.from({ length: DESCRIPTOR_LENGTH - GRID * GRID }, (_, index) => ({
  place: GRID * GRID + index,
  size: 1,
}));

/** The axes by which pictures are divided. */
export const AXES: readonly Axis[] = [...SQUARES.flatMap(({ size, step }) => squares(size, step)), ...REST];

/** Axes that do not overlap, so that squared differences add up. Together they cover the picture. */
export const APART: readonly Axis[] = [...squares(2, 2), ...REST];

/** For each of `TURNS`: where an axis of the turned picture lies in the descriptor of the picture itself. */
export function turnedAxis({ place, size }: Axis, turn: number): Axis {
  if (size === 1) return { place: TURNED_PLACES[turn]?.[place] ?? 0, size };
  const corners = [place, place + (size - 1) * (GRID + 1)].map(
    (corner) => TURNED_PLACES[turn]?.[corner] ?? 0,
  );
  const row = Math.min(...corners.map((corner) => Math.floor(corner / GRID)));
  const column = Math.min(...corners.map((corner) => corner % GRID));
  return { place: row * GRID + column, size };
}

/** `APART` for each of `TURNS`. */
export const TURNED_APART: readonly (readonly Axis[])[] = TURNS.map((_, turn) =>
  APART.map((axis) => turnedAxis(axis, turn)),
);

/** Sum of the values of an axis in the descriptor that starts at `start`. */
export function sumOn(descriptors: Int16Array, start: number, { place, size }: Axis): number {
  let at = start + place;
  if (size === 1) return descriptors[at] ?? 0;
  let sum = 0;
  for (let row = 0; row < size; row++, at += GRID) {
    for (let column = 0; column < size; column++) sum += descriptors[at + column] ?? 0;
  }
  return sum;
}
