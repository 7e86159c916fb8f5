import type { Rectangle } from '../../dataset/model/rectangle.js';
import { type Cells, CHANNELS, DIRECTIONS } from './cells.js';

/** Destructured once: tests run in a VM context, where each access to a global is slow. */
const { floor, log, max, min, sqrt } = Math;

/** Number of parts along each side of the grid that divides a window. */
const GRID = 5;
const POINTS = GRID + 1;
/** Features of each part: edges by direction, edge strength, and colour relative to the surroundings. */
const PART = DIRECTIONS + 1 + 3;
const COLOURS = 3;
/** Width of the strips around a window as a share of its side. They show how the window differs from its surroundings. */
const STRIP = 0.5;
const STRIPS = 4;
/** Features of position and size. The squares let a linear score prefer a certain size. */
const GEOMETRY = 7;
export const FEATURES = GRID * GRID * PART + STRIPS * (COLOURS + 1) + COLOURS + GEOMETRY;

/** Added to the denominator so that windows with almost no edges do not get huge features. */
const FLAT = 24;

/** Summed-area table of the cells, so that every window costs the same whatever its size. */
export class CellSums {
  private readonly sums: Float64Array;
  private readonly stride: number;
  private readonly corners = new Float64Array(POINTS * POINTS * CHANNELS);
  private readonly strip = new Float64Array(CHANNELS);

  constructor(readonly cells: Cells) {
    const { columns, rows, values } = cells;
    this.stride = (columns + 1) * CHANNELS;
    this.sums = new Float64Array((rows + 1) * this.stride);
    for (let row = 0; row < rows; row++) {
      for (let channel = 0; channel < CHANNELS; channel++) {
        let line = 0;
        for (let column = 0; column < columns; column++) {
          line += values[(row * columns + column) * CHANNELS + channel] as number;
          const at = (row + 1) * this.stride + (column + 1) * CHANNELS + channel;
          this.sums[at] = line + (this.sums[at - this.stride] as number);
        }
      }
    }
  }

  /** Writes the FEATURES features of a window, given in cells, to `out` from index `at`. */
  describe(window: Rectangle, out: Float32Array, at: number): void {
    const { left, top, width, height } = window;
    const { columns, rows } = this.cells;
    for (let v = 0; v < POINTS; v++) {
      for (let u = 0; u < POINTS; u++) {
        const point = (v * POINTS + u) * CHANNELS;
        this.sumAt(left + (u * width) / GRID, top + (v * height) / GRID, this.corners, point);
      }
    }
    let to = this.strips(window, out, at);
    const around = at + STRIPS * (COLOURS + 1);
    to = this.parts(out, to, (width * height) / (GRID * GRID), around);
    out[to] = (left + width / 2) / columns - 0.5;
    out[to + 1] = (top + height / 2) / rows - 0.5;
    const longer = max(columns, rows);
    const [wide, tall] = [log(width / longer), log(height / longer)];
    out[to + 2] = wide;
    out[to + 3] = tall;
    out[to + 4] = wide * wide;
    out[to + 5] = tall * tall;
    out[to + 6] = wide * tall;
  }

  /** Writes mean colours and edges of each strip and the mean colour of all strips. @returns the next index */
  private strips({ left, top, width, height }: Rectangle, out: Float32Array, at: number): number {
    const [wide, tall] = [width * STRIP, height * STRIP];
    const sides: readonly Rectangle[] = [
      { left: left - wide, top, width: wide, height },
      { left: left + width, top, width: wide, height },
      { left, top: top - tall, width, height: tall },
      { left, top: top + height, width, height: tall },
    ];
    const around = at + STRIPS * (COLOURS + 1);
    out.fill(0, around, around + COLOURS);
    let seen = 0;
    sides.forEach((side, index) => {
      const area = this.sumOf(side);
      const to = at + index * (COLOURS + 1);
      out.fill(0, to, to + COLOURS + 1);
      if (area < 1e-3) return;
      seen += 1;
      for (let c = 0; c < COLOURS; c++) {
        const mean = (this.strip[DIRECTIONS + c] as number) / area;
        out[to + c] = mean;
        out[around + c] = (out[around + c] as number) + mean;
      }
      let edges = 0;
      for (let d = 0; d < DIRECTIONS; d++) edges += this.strip[d] as number;
      out[to + COLOURS] = sqrt(max(0, edges) / area);
    });
    for (let c = 0; c < COLOURS; c++) out[around + c] = (out[around + c] as number) / max(1, seen);
    for (let index = 0; index < STRIPS; index++) {
      const to = at + index * (COLOURS + 1);
      const isEmpty = out[to] === 0;
      for (let c = 0; c < COLOURS; c++)
        out[to + c] = isEmpty ? 0 : (out[to + c] as number) - (out[around + c] as number);
    }
    return around + COLOURS;
  }

  private parts(out: Float32Array, from: number, area: number, around: number): number {
    let energy = 0;
    for (let v = 0, to = from; v < GRID; v++) {
      for (let u = 0; u < GRID; u++, to += PART) {
        const a = (v * POINTS + u) * CHANNELS;
        const b = a + CHANNELS;
        const c = a + POINTS * CHANNELS;
        const d = c + CHANNELS;
        let edges = 0;
        for (let channel = 0; channel < CHANNELS; channel++) {
          const sum =
            (this.corners[d + channel] as number) -
            (this.corners[b + channel] as number) -
            (this.corners[c + channel] as number) +
            (this.corners[a + channel] as number);
          const mean = sum / area;
          if (channel < DIRECTIONS) {
            out[to + channel] = mean;
            edges += mean;
            energy += mean * mean;
          } else {
            out[to + channel + 1] = mean - (out[around + channel - DIRECTIONS] as number);
          }
        }
        out[to + DIRECTIONS] = sqrt(max(0, edges));
      }
    }
    const scale = 1 / (sqrt(energy) + FLAT);
    const end = from + GRID * GRID * PART;
    for (let to = from; to < end; to += PART) {
      for (let d = 0; d < DIRECTIONS; d++) out[to + d] = (out[to + d] as number) * scale;
    }
    return end;
  }

  /** Fills `strip` with the sums over the part of a rectangle inside the picture. @returns the area of that part in cells */
  private sumOf({ left, top, width, height }: Rectangle): number {
    const [x0, x1] = [this.inside(left, this.cells.columns), this.inside(left + width, this.cells.columns)];
    const [y0, y1] = [this.inside(top, this.cells.rows), this.inside(top + height, this.cells.rows)];
    const corners = this.corner;
    this.sumAt(x0, y0, corners, 0);
    this.sumAt(x1, y0, corners, CHANNELS);
    this.sumAt(x0, y1, corners, 2 * CHANNELS);
    this.sumAt(x1, y1, corners, 3 * CHANNELS);
    for (let c = 0; c < CHANNELS; c++) {
      this.strip[c] =
        (corners[3 * CHANNELS + c] as number) -
        (corners[CHANNELS + c] as number) -
        (corners[2 * CHANNELS + c] as number) +
        (corners[c] as number);
    }
    return (x1 - x0) * (y1 - y0);
  }

  private readonly corner = new Float64Array(4 * CHANNELS);

  private inside(value: number, end: number): number {
    return min(end, max(0, value));
  }

  /** Writes the sums of all cells above and left of a point; points between cells are interpolated linearly. */
  private sumAt(x: number, y: number, out: Float64Array, to: number): void {
    const { columns, rows } = this.cells;
    const column = min(columns - 1, max(0, floor(x)));
    const row = min(rows - 1, max(0, floor(y)));
    const fx = min(1, max(0, x - column));
    const fy = min(1, max(0, y - row));
    const upper = [(1 - fx) * (1 - fy), fx * (1 - fy)] as const;
    const lower = [(1 - fx) * fy, fx * fy] as const;
    const a = row * this.stride + column * CHANNELS;
    const { sums, stride } = this;
    for (let c = 0; c < CHANNELS; c++) {
      out[to + c] =
        upper[0] * (sums[a + c] as number) +
        upper[1] * (sums[a + CHANNELS + c] as number) +
        lower[0] * (sums[a + stride + c] as number) +
        lower[1] * (sums[a + stride + CHANNELS + c] as number);
    }
  }
}
