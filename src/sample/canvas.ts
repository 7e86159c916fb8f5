/** A picture being drawn. `rgb` is interleaved sRGB, 0 to 255, not rounded; values outside are clamped at the end. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly rgb: Float32Array;
}

export type Rgb = readonly [number, number, number];

/** A smooth quantity over a picture, sampled every `STEP` pixels up to the right and lower edge or beyond. */
export interface Field {
  readonly columns: number;
  readonly values: Float32Array;
}

const STEP = 16;

/** Samples a function of pixel coordinates as a field for a picture of `width` x `height` pixels. */
export function createField(width: number, height: number, value: (x: number, y: number) => number): Field {
  const columns = Math.ceil(width / STEP) + 1;
  const rows = Math.ceil(height / STEP) + 1;
  const values = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      values[row * columns + column] = value(column * STEP, row * STEP);
    }
  }
  return { columns, values };
}

/** Fills `line` with the field's values along row `y`. */
export function fieldLine(field: Field, y: number, line: Float32Array): void {
  const row = Math.floor(y / STEP);
  const fy = (y - row * STEP) / STEP;
  const upper = row * field.columns;
  const lower = upper + field.columns;
  for (let column = 0, x = 0; x < line.length; column += 1) {
    const start = (field.values[upper + column] ?? 0) * (1 - fy) + (field.values[lower + column] ?? 0) * fy;
    const end =
      (field.values[upper + column + 1] ?? 0) * (1 - fy) + (field.values[lower + column + 1] ?? 0) * fy;
    const slope = (end - start) / STEP;
    const stop = Math.min(line.length, x + STEP);
    for (let value = start; x < stop; x += 1, value += slope) line[x] = value;
  }
}

/** The field's value at the grid point nearest to a pixel. */
export function fieldAt(field: Field, x: number, y: number): number {
  return field.values[Math.round(y / STEP) * field.columns + Math.round(x / STEP)] ?? 1;
}

/** Blurs with a binomial kernel (1 2 1) in both directions, in place. */
export function soften({ width, height, rgb }: Canvas): void {
  const stride = width * 3;
  for (let y = 0; y < height; y += 1) {
    const end = (y + 1) * stride - 3;
    for (let channel = 0; channel < 3; channel += 1) {
      let before = rgb[y * stride + channel] ?? 0;
      let here = before;
      for (let i = y * stride + channel; i < end; i += 3) {
        const after = rgb[i + 3] ?? 0;
        rgb[i] = (before + here + here + after) * 0.25;
        before = here;
        here = after;
      }
    }
  }
  const above = rgb.slice(0, stride);
  for (let y = 0; y < height - 1; y += 1) {
    const row = y * stride;
    for (let i = 0; i < stride; i += 1) {
      const here = rgb[row + i] ?? 0;
      rgb[row + i] = ((above[i] ?? 0) + here + here + (rgb[row + stride + i] ?? 0)) * 0.25;
      above[i] = here;
    }
  }
}
