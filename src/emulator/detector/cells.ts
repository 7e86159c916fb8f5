import type { Picture } from './picture.js';

/** Destructured once: tests run in a VM context, where each access to a global is slow. */
const { PI, atan2, floor, max, min, round, sqrt } = Math;

/** Channels of a cell: nine edge directions of 20 degrees each, then luma, blue difference and red difference. */
export const DIRECTIONS = 9;
export const CHANNELS = DIRECTIONS + 3;
/** Side of a cell in pixels of the scaled picture. */
export const CELL = 4;
/** Resolution of the stored means in steps per unit. Soft skin differs by less than one unit. */
const STEPS = 16;

/** A picture as a grid of cells: the mean of each channel in steps, row by row. */
export interface Cells {
  readonly columns: number;
  readonly rows: number;
  readonly values: Uint16Array;
}

/** Scales a picture down to a maximum longer side of `side` pixels and computes its cells. */
export function describeCells(picture: Picture, side: number): Cells {
  const { luma, blue, red, width, height } = scaleDown(picture, side);
  const columns = max(1, floor(width / CELL));
  const rows = max(1, floor(height / CELL));
  const sums = new Float64Array(columns * rows * CHANNELS);
  const [right, bottom] = [min(width, columns * CELL), min(height, rows * CELL)];
  for (let y = 0; y < bottom; y++) {
    const above = max(0, y - 1) * width;
    const below = min(height - 1, y + 1) * width;
    const row = floor(y / CELL) * columns;
    for (let x = 0; x < right; x++) {
      const at = y * width + x;
      const cell = (row + floor(x / CELL)) * CHANNELS;
      const dx = (luma[at + (x < width - 1 ? 1 : 0)] as number) - (luma[at - (x > 0 ? 1 : 0)] as number);
      const dy = (luma[below + x] as number) - (luma[above + x] as number);
      addEdge(sums, cell, dx, dy);
      add(sums, cell + DIRECTIONS, luma[at] as number);
      add(sums, cell + DIRECTIONS + 1, blue[at] as number);
      add(sums, cell + DIRECTIONS + 2, red[at] as number);
    }
  }
  const pixels = min(CELL, width) * min(CELL, height);
  return { columns, rows, values: Uint16Array.from(sums, (sum) => round((sum * STEPS) / pixels)) };
}

function add(sums: Float64Array, at: number, value: number): void {
  sums[at] = (sums[at] as number) + value;
}

/** Divides an edge between the two directions nearest to it. */
function addEdge(sums: Float64Array, cell: number, dx: number, dy: number): void {
  const strength = sqrt(dx * dx + dy * dy);
  if (strength === 0) return;
  const turn = atan2(dy, dx) / PI;
  const direction = (turn < 0 ? turn + 1 : turn) * DIRECTIONS;
  const lower = floor(direction);
  const share = direction - lower;
  add(sums, cell + (lower % DIRECTIONS), strength * (1 - share));
  add(sums, cell + ((lower + 1) % DIRECTIONS), strength * share);
}

interface Planes {
  readonly width: number;
  readonly height: number;
  readonly luma: Float32Array;
  /** Blue minus luma and red minus luma, scaled; 128 means no difference. */
  readonly blue: Float32Array;
  readonly red: Float32Array;
}

/** Scales down by averaging the source pixels that each target pixel covers. Never enlarges. */
function scaleDown({ rgb, width: fromWidth, height: fromHeight }: Picture, side: number): Planes {
  const scale = min(1, side / max(fromWidth, fromHeight));
  const width = max(1, round(fromWidth * scale));
  const height = max(1, round(fromHeight * scale));
  const planes = [0, 1, 2].map(() => new Float32Array(width * height));
  const [luma, blue, red] = planes as [Float32Array, Float32Array, Float32Array];
  for (let y = 0; y < height; y++) {
    const top = floor((y * fromHeight) / height);
    const bottom = max(top + 1, floor(((y + 1) * fromHeight) / height));
    for (let x = 0; x < width; x++) {
      const left = floor((x * fromWidth) / width);
      const right = max(left + 1, floor(((x + 1) * fromWidth) / width));
      let [r, g, b] = [0, 0, 0];
      for (let v = top; v < bottom; v++) {
        for (let at = 3 * (v * fromWidth + left), end = 3 * (v * fromWidth + right); at < end; at += 3) {
          r += rgb[at] as number;
          g += rgb[at + 1] as number;
          b += rgb[at + 2] as number;
        }
      }
      const pixels = (right - left) * (bottom - top);
      const bright = (0.299 * r + 0.587 * g + 0.114 * b) / pixels;
      const to = y * width + x;
      luma[to] = bright;
      blue[to] = 128 + 0.564 * (b / pixels - bright);
      red[to] = 128 + 0.713 * (r / pixels - bright);
    }
  }
  return { width, height, luma, blue, red };
}
