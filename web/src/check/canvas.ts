import { swapsSides } from '../../../src/dataset/model/orientation.js';
import type { ExifOrientation, Size } from '../../../src/dataset/model/types.js';
import { asStored, orientationToApply } from './upright.js';

type Transform = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Moves a stored picture to the upright one of this size, by EXIF orientation. */
const TRANSFORMS: Readonly<Record<ExifOrientation, (width: number, height: number) => Transform>> = {
  1: () => [1, 0, 0, 1, 0, 0],
  2: (width) => [-1, 0, 0, 1, width, 0],
  3: (width, height) => [-1, 0, 0, -1, width, height],
  4: (_, height) => [1, 0, 0, -1, 0, height],
  5: () => [0, 1, 1, 0, 0, 0],
  6: (width) => [0, 1, -1, 0, width, 0],
  7: (width, height) => [0, -1, -1, 0, width, height],
  8: (_, height) => [0, -1, 1, 0, 0, height],
};

/** Draws a stored picture on white, upright and scaled to `size`. */
export function drawn(
  picture: ImageBitmap,
  { width, height }: Size,
  orientation: ExifOrientation,
): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = contextOf(canvas);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.setTransform(...TRANSFORMS[orientation](width, height));
  const [drawnWidth, drawnHeight] = swapsSides(orientation) ? [height, width] : [width, height];
  context.drawImage(picture, 0, 0, drawnWidth, drawnHeight);
  return canvas;
}

/** Draws an image file upright on white, scaled to `size`. Rejects where the browser cannot decode it. */
export async function drawnFile(bytes: Buffer<ArrayBuffer>, size: Size): Promise<OffscreenCanvas> {
  const orientation = orientationToApply(bytes);
  const bitmap = await createImageBitmap(new Blob([orientation === 1 ? bytes : asStored(bytes)]));
  try {
    return drawn(bitmap, size, orientation);
  } finally {
    bitmap.close();
  }
}

/** The pixels of a canvas as interleaved 8-bit RGB, row by row. */
export function rgbOf(canvas: OffscreenCanvas): Buffer {
  const { data: rgba } = contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height);
  const rgb = Buffer.alloc((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0;
    rgb[to + 1] = rgba[from + 1] ?? 0;
    rgb[to + 2] = rgba[from + 2] ?? 0;
  }
  return rgb;
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser has no 2D canvas.');
  return context;
}
