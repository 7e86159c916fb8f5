import { turnBox } from '../dataset/model/orientation.js';
import type { ExifOrientation, Size } from '../dataset/model/types.js';
import type { SampleBox } from './looks.js';

/** A finished picture: interleaved 8-bit RGB, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** The operations of each EXIF orientation (EXIF 2.32), in this order: mirror columns, mirror rows, swap axes. */
const TURNS: Readonly<Record<ExifOrientation, readonly [mirrorX: boolean, mirrorY: boolean, swap: boolean]>> =
  {
    1: [false, false, false],
    2: [true, false, false],
    3: [true, true, false],
    4: [false, true, false],
    5: [false, false, true],
    6: [false, true, true],
    7: [true, true, true],
    8: [true, false, true],
  };

/** The orientation that undoes another one. */
export function inverseTurn(orientation: ExifOrientation): ExifOrientation {
  if (orientation === 6) return 8;
  return orientation === 8 ? 6 : orientation;
}

/** Applies an EXIF orientation to stored pixels and returns the upright picture. */
export function turnPixels(pixels: Pixels, orientation: ExifOrientation): Pixels {
  if (orientation === 1) return pixels;
  const [mirrorX, mirrorY, swap] = TURNS[orientation];
  const columnStep = mirrorX ? -1 : 1;
  const rowStep = mirrorY ? -pixels.width : pixels.width;
  const origin = (mirrorX ? pixels.width - 1 : 0) + (mirrorY ? (pixels.height - 1) * pixels.width : 0);
  const [width, height] = swap ? [pixels.height, pixels.width] : [pixels.width, pixels.height];
  const [stepX, stepY] = swap ? [rowStep, columnStep] : [columnStep, rowStep];
  const source = pixels.rgb;
  const rgb = new Uint8Array(source.length);
  let to = 0;
  for (let y = 0; y < height; y += 1) {
    let from = 3 * (origin + y * stepY);
    for (let x = 0; x < width; x += 1, to += 3, from += 3 * stepX) {
      rgb[to] = source[from] ?? 0;
      rgb[to + 1] = source[from + 1] ?? 0;
      rgb[to + 2] = source[from + 2] ?? 0;
    }
  }
  return { width, height, rgb };
}

/** Applies an EXIF orientation to a box of a stored picture of size `stored`, as `turnPixels` does to its pixels. */
export function turnSampleBox(box: SampleBox, stored: Size, orientation: ExifOrientation): SampleBox {
  const { x, y, width, height } = turnBox({ ...box, x: box.left, y: box.top }, stored, orientation);
  return { label: box.label, left: x, top: y, width, height };
}
