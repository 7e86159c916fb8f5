import { THUMBNAIL_SIDE } from '../dataset/model/thumbnail.js';

/**
 * Computes the mean luma of a grid of `THUMBNAIL_SIDE` x `THUMBNAIL_SIDE` cells over an RGB picture of any aspect ratio.
 * A pixel on a cell border counts for each cell by its share, so that rotating a picture rotates its thumbnail.
 * Luma is weighted by Rec. 601, as in JPEG. All sums are integers below 2^53: every processor gives the same bytes.
 * @param rgb interleaved 8-bit RGB, row by row; each side must have at least `THUMBNAIL_SIDE` pixels
 */
export function lumaThumbnail(rgb: Buffer, width: number, height: number): Uint8Array {
  // One extra row of cells receives the remainder of the last row of pixels, which is always 0.
  const sums = new Float64Array((THUMBNAIL_SIDE + 1) * THUMBNAIL_SIDE);
  for (let y = 0; y < height; y++) {
    const line = cellsOfLine(rgb, y * width, width);
    const row = Math.floor((y * THUMBNAIL_SIDE) / height);
    const part = Math.min(THUMBNAIL_SIDE, (row + 1) * height - y * THUMBNAIL_SIDE);
    for (let column = 0; column < THUMBNAIL_SIDE; column++) {
      const at = row * THUMBNAIL_SIDE + column;
      const sum = line[column] ?? 0;
      sums[at] = (sums[at] ?? 0) + sum * part;
      sums[at + THUMBNAIL_SIDE] = (sums[at + THUMBNAIL_SIDE] ?? 0) + sum * (THUMBNAIL_SIDE - part);
    }
  }
  const weight = 1000 * width * height;
  return Uint8Array.from(sums.subarray(0, THUMBNAIL_SIDE * THUMBNAIL_SIDE), (sum) =>
    Math.round(sum / weight),
  );
}

/** Luma of one line of pixels per cell, in units in which a pixel is `THUMBNAIL_SIDE` wide and a cell `width`. */
function cellsOfLine(rgb: Buffer, start: number, width: number): Float64Array {
  const cells = new Float64Array(THUMBNAIL_SIDE);
  let left = 0;
  for (let cell = 0, x = 0; cell < THUMBNAIL_SIDE; cell++, x++) {
    const end = Math.floor(((cell + 1) * width) / THUMBNAIL_SIDE);
    const part = ((cell + 1) * width) % THUMBNAIL_SIDE;
    let whole = 0;
    for (; x < end; x++) whole += lumaOf(rgb, start + x);
    const split = part > 0 ? lumaOf(rgb, start + x) : 0;
    cells[cell] = left + whole * THUMBNAIL_SIDE + split * part;
    left = split * (THUMBNAIL_SIDE - part);
    if (part === 0) x -= 1;
  }
  return cells;
}

function lumaOf(rgb: Buffer, pixel: number): number {
  const at = pixel * 3;
  return 299 * (rgb[at] ?? 0) + 587 * (rgb[at + 1] ?? 0) + 114 * (rgb[at + 2] ?? 0);
}
