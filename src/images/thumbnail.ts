/** Side of the thumbnail that copies are verified on. */
export const LARGE_SIDE = 64;

/**
 * Luma means of a grid of `LARGE_SIDE` x `LARGE_SIDE` cells over an RGB picture, whatever its shape. A pixel that
 * lies in two cells counts for each by its share, so that turning a picture turns its thumbnail.
 * Rec. 601 luma, as JPEG itself weighs, in 1/1000; integers below 2^53, so that every processor gives the same bytes.
 */
export function largeThumbnail(rgb: Buffer, width: number, height: number): Uint8Array {
  // One row of cells more, for the nothing that the last row of pixels has left for a next one.
  const sums = new Float64Array((LARGE_SIDE + 1) * LARGE_SIDE);
  for (let y = 0; y < height; y++) {
    const line = cellsOfLine(rgb, y * width, width);
    const row = Math.floor((y * LARGE_SIDE) / height);
    const part = Math.min(LARGE_SIDE, (row + 1) * height - y * LARGE_SIDE);
    for (let column = 0; column < LARGE_SIDE; column++) {
      const at = row * LARGE_SIDE + column;
      const sum = line[column] ?? 0;
      sums[at] = (sums[at] ?? 0) + sum * part;
      sums[at + LARGE_SIDE] = (sums[at + LARGE_SIDE] ?? 0) + sum * (LARGE_SIDE - part);
    }
  }
  const weight = 1000 * width * height;
  return Uint8Array.from(sums.subarray(0, LARGE_SIDE * LARGE_SIDE), (sum) => Math.round(sum / weight));
}

/** Luma of a line of at least `LARGE_SIDE` pixels in cells; a pixel is `LARGE_SIDE` parts wide, a cell `width`. */
function cellsOfLine(rgb: Buffer, start: number, width: number): Float64Array {
  const cells = new Float64Array(LARGE_SIDE);
  let left = 0;
  for (let cell = 0, x = 0; cell < LARGE_SIDE; cell++, x++) {
    const end = Math.floor(((cell + 1) * width) / LARGE_SIDE);
    const part = ((cell + 1) * width) % LARGE_SIDE;
    let whole = 0;
    for (; x < end; x++) whole += lumaOf(rgb, start + x);
    const split = part > 0 ? lumaOf(rgb, start + x) : 0;
    cells[cell] = left + whole * LARGE_SIDE + split * part;
    left = split * (LARGE_SIDE - part);
    if (part === 0) x -= 1;
  }
  return cells;
}

function lumaOf(rgb: Buffer, pixel: number): number {
  const at = pixel * 3;
  return 299 * (rgb[at] ?? 0) + 587 * (rgb[at + 1] ?? 0) + 114 * (rgb[at + 2] ?? 0);
}
