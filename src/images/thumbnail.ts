import { THUMBNAIL_SIDE } from '../dataset/model/thumbnail.js';

/**
 * Computes the mean luma of a grid of `THUMBNAIL_SIDE` x `THUMBNAIL_SIDE` cells over an RGB picture of any aspect ratio.
 * A pixel on a cell border counts for each cell by its share, so that rotating a picture rotates its thumbnail.
 * Luma is weighted by Rec. 601, as in JPEG. All sums are integers below 2^53: every processor gives the same bytes.
 * @param rgb interleaved 8-bit RGB, row by row; each side must have at least `THUMBNAIL_SIDE` and at most 16,384 pixels
 */
export function lumaThumbnail(rgb: Buffer, width: number, height: number): Uint8Array {
  const stride = width * 3;
  const pixels = new DataView(rgb.buffer, rgb.byteOffset, rgb.length);
  const line = new Uint32Array(stride);
  // One extra row of cells receives the remainder of the last row of pixels, which is always 0.
  const cells = new Float64Array((THUMBNAIL_SIDE + 1) * THUMBNAIL_SIDE);
  for (let row = 0, y = 0; row < THUMBNAIL_SIDE; row++) {
    const end = Math.floor(((row + 1) * height) / THUMBNAIL_SIDE);
    sumLines(pixels, y * stride, end * stride, line);
    addToRow(cells, row, line, THUMBNAIL_SIDE);
    y = end;
    const part = ((row + 1) * height) % THUMBNAIL_SIDE;
    if (part === 0) continue;
    sumLines(pixels, y * stride, (y + 1) * stride, line);
    addToRow(cells, row, line, part);
    addToRow(cells, row + 1, line, THUMBNAIL_SIDE - part);
    y += 1;
  }
  const weight = 1000 * width * height;
  return Uint8Array.from(cells.subarray(0, THUMBNAIL_SIDE * THUMBNAIL_SIDE), (sum) =>
    Math.round(sum / weight),
  );
}

/**
 * Sums lines of pixels byte by byte into `line`. Four bytes are read at once and summed in two pairs of 16 bits, which
 * hold the sum of 257 lines; a row of cells has up to 256.
 * @param start offset of the first line
 * @param end offset behind the last line
 */
function sumLines(pixels: DataView, start: number, end: number, line: Uint32Array): void {
  const stride = line.length;
  let i = 0;
  for (; i + 4 <= stride; i += 4) {
    let even = 0;
    let odd = 0;
    for (let at = start + i; at < end; at += stride) {
      const four = pixels.getInt32(at, true);
      even += four & 0xff00ff;
      odd += (four >>> 8) & 0xff00ff;
    }
    line[i] = even & 0xffff;
    line[i + 1] = odd & 0xffff;
    line[i + 2] = even >>> 16;
    line[i + 3] = odd >>> 16;
  }
  for (; i < stride; i++) {
    let sum = 0;
    for (let at = start + i; at < end; at += stride) sum += pixels.getUint8(at);
    line[i] = sum;
  }
}

/**
 * Adds the luma of a line of pixels to a row of cells, in units in which a pixel is `THUMBNAIL_SIDE` wide and a cell is as
 * wide as the picture has pixels.
 * @param part the height of the line in the same units
 */
function addToRow(cells: Float64Array, row: number, line: Uint32Array, part: number): void {
  const width = line.length / 3;
  let left = 0;
  for (let column = 0, at = 0; column < THUMBNAIL_SIDE; column++) {
    const end = Math.floor(((column + 1) * width) / THUMBNAIL_SIDE) * 3;
    const share = ((column + 1) * width) % THUMBNAIL_SIDE;
    let whole = 0;
    for (; at < end; at += 3) whole += lumaOf(line, at);
    const split = share > 0 ? lumaOf(line, at) : 0;
    const cell = row * THUMBNAIL_SIDE + column;
    cells[cell] = (cells[cell] ?? 0) + (left + whole * THUMBNAIL_SIDE + split * share) * part;
    left = split * (THUMBNAIL_SIDE - share);
    if (share > 0) at += 3;
  }
}

function lumaOf(rgb: Uint32Array, at: number): number {
  return 299 * (rgb[at] ?? 0) + 587 * (rgb[at + 1] ?? 0) + 114 * (rgb[at + 2] ?? 0);
}
