import { type DecodedPng, decode } from 'fast-png';
import { hasLowContrast } from '../../../src/dataset/model/contrast.js';
import type { ImageSettings } from '../../../src/dataset/model/settings.js';
import type { Size } from '../../../src/dataset/model/types.js';
import { formatOf } from '../../../src/images/format.js';
import { stretchContrast } from '../../../src/images/stretch-contrast.js';
import { lumaThumbnail } from '../../../src/images/thumbnail.js';
import { drawn, drawnFile, rgbOf } from './canvas.js';
import { orientationToApply } from './upright.js';

/** Offset of the bit depth in the header of a PNG file. */
const PNG_DEPTH_AT = 24;
const WHITE = 65_535;

/** Pixels with one grey or three colour values each, row by row. */
interface Levels extends Size {
  readonly values: Uint16Array;
  readonly channels: number;
}

/** An image as it is preprocessed. */
export interface Prepared {
  readonly canvas: OffscreenCanvas;
  readonly thumbnail64: Uint8Array;
  readonly isStretched: boolean;
}

/**
 * Draws an image file at `size`, whose sides must have at least 64 pixels. With STRETCH_CONTRAST=auto the contrast of an
 * image that is nearly uniform or nearly black is stretched, by the rules of the server.
 */
export async function prepared(
  bytes: Buffer<ArrayBuffer>,
  size: Size,
  { stretchContrast: stretching = 'off' }: Pick<ImageSettings, 'stretchContrast'>,
): Promise<Prepared> {
  const plain = await drawnFile(bytes, size);
  const thumbnail64 = thumbnailOf(plain);
  const canvas =
    stretching === 'auto' && hasLowContrast(thumbnail64) ? await stretched(bytes, plain) : undefined;
  return canvas
    ? { canvas, thumbnail64: thumbnailOf(canvas), isStretched: true }
    : { canvas: plain, thumbnail64, isStretched: false };
}

const thumbnailOf = (canvas: OffscreenCanvas) => lumaThumbnail(rgbOf(canvas), canvas.width, canvas.height);

/** The image with its contrast stretched, at the size of `plain`. Undefined where the image is uniform. */
async function stretched(
  bytes: Buffer<ArrayBuffer>,
  plain: OffscreenCanvas,
): Promise<OffscreenCanvas | undefined> {
  const isDeep = isDeepPng(bytes);
  const { values, channels, width, height } = isDeep ? levelsOf(decode(bytes)) : levelsOn(plain);
  const pixels = stretchContrast(values);
  if (!pixels) return undefined;
  const bitmap = await createImageBitmap(new ImageData(toRgba(pixels, channels), width, height));
  try {
    return drawn(bitmap, plain, isDeep ? orientationToApply(bytes) : 1);
  } finally {
    bitmap.close();
  }
}

/** Whether a file is a PNG of 16 bits, of which browsers keep only 8. */
const isDeepPng = (bytes: Buffer) => formatOf(bytes) === 'png' && bytes[PNG_DEPTH_AT] === 16;

function levelsOn(canvas: OffscreenCanvas): Levels {
  const { width, height } = canvas;
  return { values: new Uint16Array(rgbOf(canvas)), channels: 3, width, height };
}

/** The values of a 16-bit PNG, on white where it is transparent. */
function levelsOf({ data, channels, width, height }: DecodedPng): Levels {
  if (channels === 1 || channels === 3) {
    return { values: new Uint16Array(data), channels, width, height };
  }
  const colours = channels - 1;
  const values = new Uint16Array(width * height * colours);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const alpha = data[pixel * channels + colours] ?? WHITE;
    for (let colour = 0; colour < colours; colour++) {
      const value = data[pixel * channels + colour] ?? 0;
      values[pixel * colours + colour] = Math.round((value * alpha) / WHITE) + WHITE - alpha;
    }
  }
  return { values, channels: colours, width, height };
}

function toRgba(pixels: Buffer, channels: number): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray((pixels.length / channels) * 4).fill(255);
  const [green, blue] = channels === 1 ? [0, 0] : [1, 2];
  for (let from = 0, to = 0; from < pixels.length; from += channels, to += 4) {
    rgba[to] = pixels[from] ?? 0;
    rgba[to + 1] = pixels[from + green] ?? 0;
    rgba[to + 2] = pixels[from + blue] ?? 0;
  }
  return rgba;
}
