import sharp, { type Metadata } from 'sharp';
import { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import type { ImageSettings } from '../dataset/model/settings.js';
import type { ExifOrientation, Size } from '../dataset/model/types.js';
import { errorMessage } from '../lib/error-message.js';
import { DECODED_FORMATS, formatOf, type ImageFormat } from './format.js';
import {
  MAX_INPUT_PIXELS,
  outsideLimits,
  tooManyPixels,
  type UnusableImage,
  undecodable,
  unsupported,
} from './limits.js';
import { isOnePicture } from './one-picture.js';
import { lumaThumbnail } from './thumbnail.js';

// Parallelism comes from images side by side (slots.ts), not from threads within one.
sharp.concurrency(1);
sharp.cache(false);

export interface PreparedImage {
  readonly body: Buffer;
  readonly format: 'jpg' | 'png';
  readonly contentType: 'image/jpeg' | 'image/png';
  /** Pixels as stored in the source, before EXIF orientation. */
  readonly stored: Size;
  readonly orientation: ExifOrientation;
  /** Pixels of `body`, upright. */
  readonly output: Size;
  /** True where `body` is the source, byte for byte. */
  readonly untouched: boolean;
  readonly thumbnail64: Uint8Array;
}

const JPEG_QUALITY = 92;

/**
 * An image as the service takes it: upright, sRGB, 8 bit, JPEG or PNG, within `imageMaxSide`, without metadata;
 * or why it can't be used. What is that already stays as it is, byte for byte. Decoded once.
 */
export async function preprocessImage(
  bytes: Buffer,
  settings: ImageSettings,
): Promise<PreparedImage | UnusableImage> {
  const format = formatOf(bytes);
  if (!DECODED_FORMATS.has(format)) return unsupported(format);
  try {
    return await prepare(bytes, format, settings);
  } catch (error) {
    const cause = errorMessage(error);
    return /exceeds pixel limit/.test(cause) ? tooManyPixels() : undecodable();
  }
}

async function prepare(
  bytes: Buffer,
  format: ImageFormat,
  { imageMaxSide }: ImageSettings,
): Promise<PreparedImage | UnusableImage> {
  const source = sharp(bytes, { failOn: 'error', limitInputPixels: MAX_INPUT_PIXELS });
  const metadata = await source.metadata();
  const { data: rgb, info } = await source
    .autoOrient()
    .resize({ width: imageMaxSide, height: imageMaxSide, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .flatten({ background: '#ffffff' })
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const output = { width: info.width, height: info.height };
  const problem = outsideLimits(output);
  if (problem) return problem;

  const isPng = format === 'png';
  const untouched = needsNothing(metadata, output, bytes);
  const body = untouched ? bytes : await encode(toRgb(rgb, info.channels), output, isPng);
  if (body.length > SERVICE_LIMITS.imageBytes) {
    return {
      reason: 'too-large',
      message: `It has ${body.length} bytes as ${isPng ? 'PNG' : 'JPEG'}; the service takes ${SERVICE_LIMITS.imageBytes}. Lower IMAGE_MAX_SIDE.`,
    };
  }
  const thumbnail64 = lumaThumbnail(toRgb(rgb, info.channels), output.width, output.height);
  return {
    body,
    format: isPng ? 'png' : 'jpg',
    contentType: isPng ? 'image/png' : 'image/jpeg',
    stored: { width: metadata.width, height: metadata.height },
    orientation: orientationOf(metadata),
    output,
    untouched,
    thumbnail64,
  };
}

/** Upright sRGB of 8 bits in three channels, within the size, whole, and nothing attached that should be stripped. */
function needsNothing(metadata: Metadata, output: Size, bytes: Buffer): boolean {
  const plain =
    (metadata.format === 'jpeg' || metadata.format === 'png') &&
    metadata.space === 'srgb' &&
    metadata.depth === 'uchar' &&
    metadata.channels === 3 &&
    (metadata.pages ?? 1) === 1;
  const bare = !(metadata.exif || metadata.icc || metadata.iptc || metadata.xmp);
  const sameSize = metadata.width === output.width && metadata.height === output.height;
  if (!(plain && bare && sameSize && bytes.length <= SERVICE_LIMITS.imageBytes)) return false;
  return isOnePicture(bytes, metadata.format === 'png' ? 'png' : 'jpeg');
}

/** 4:4:4 keeps the small red and brown differences that skin lesions, among others, are told by. */
async function encode(rgb: Buffer, { width, height }: Size, png: boolean): Promise<Buffer> {
  const image = sharp(rgb, { raw: { width, height, channels: 3 } });
  return png
    ? await image.png({ compressionLevel: 6 }).toBuffer()
    : await image.jpeg({ quality: JPEG_QUALITY, chromaSubsampling: '4:4:4' }).toBuffer();
}

/** Greyscale sources come out with one channel. */
function toRgb(pixels: Buffer, channels: number): Buffer {
  if (channels === 3) return pixels;
  const rgb = Buffer.alloc((pixels.length / channels) * 3);
  for (let from = 0, to = 0; from < pixels.length; from += channels, to += 3) {
    rgb.fill(pixels[from] ?? 0, to, to + 3);
  }
  return rgb;
}

function orientationOf({ orientation }: Metadata): ExifOrientation {
  return orientation !== undefined && orientation >= 1 && orientation <= 8
    ? (orientation as ExifOrientation)
    : 1;
}
