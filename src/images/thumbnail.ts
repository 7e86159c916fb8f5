/** Side of the thumbnail that copies are verified on. */
export const LARGE_SIDE = 64;
/** Side of the thumbnail that candidates are found by. */
export const SMALL_SIDE = 16;

/**
 * Luma means of a grid of `LARGE_SIDE` x `LARGE_SIDE` cells over an RGB picture, whatever its shape.
 * Integers only, so that every processor gives the same bytes.
 */
export function largeThumbnail(rgb: Buffer, width: number, height: number): Uint8Array {
  const thumbnail = new Uint8Array(LARGE_SIDE * LARGE_SIDE);
  for (let row = 0; row < LARGE_SIDE; row++) {
    const top = Math.floor((row * height) / LARGE_SIDE);
    const bottom = Math.max(top + 1, Math.floor(((row + 1) * height) / LARGE_SIDE));
    for (let column = 0; column < LARGE_SIDE; column++) {
      const left = Math.floor((column * width) / LARGE_SIDE);
      const right = Math.max(left + 1, Math.floor(((column + 1) * width) / LARGE_SIDE));
      thumbnail[row * LARGE_SIDE + column] = lumaMean(rgb, width, left, top, right, bottom);
    }
  }
  return thumbnail;
}

/** The same at a quarter of the side. */
export function smallThumbnail(large: Uint8Array): Uint8Array {
  const step = LARGE_SIDE / SMALL_SIDE;
  const small = new Uint8Array(SMALL_SIDE * SMALL_SIDE);
  for (let i = 0; i < small.length; i++) {
    const top = Math.floor(i / SMALL_SIDE) * step;
    const left = (i % SMALL_SIDE) * step;
    let sum = 0;
    for (let y = top; y < top + step; y++) {
      for (let x = left; x < left + step; x++) sum += large[y * LARGE_SIDE + x] ?? 0;
    }
    small[i] = Math.round(sum / (step * step));
  }
  return small;
}

/** Rec. 601 luma in 1/1000, as JPEG itself weighs. */
function lumaMean(
  rgb: Buffer,
  width: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
): number {
  let sum = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const at = (y * width + x) * 3;
      sum += 299 * (rgb[at] ?? 0) + 587 * (rgb[at + 1] ?? 0) + 114 * (rgb[at + 2] ?? 0);
    }
  }
  return Math.round(sum / (1000 * (right - left) * (bottom - top)));
}
