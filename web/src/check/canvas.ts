import type { Size } from '../../../src/dataset/model/types.js';

/** Draws a picture on white, scaled to `size`. */
export function drawn(picture: ImageBitmap, { width, height }: Size): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = contextOf(canvas);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  return canvas;
}

/** Draws an image file upright on white, scaled to `size`. Rejects where the browser cannot decode it. */
export async function drawnFile(bytes: Buffer<ArrayBuffer>, size: Size): Promise<OffscreenCanvas> {
  const bitmap = await createImageBitmap(new Blob([bytes]));
  try {
    return drawn(bitmap, size);
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
