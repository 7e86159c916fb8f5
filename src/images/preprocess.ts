import sharp, { type Metadata, type Sharp } from 'sharp';
import { hasLowContrast } from '../dataset/model/contrast.js';
import type { Rectangle } from '../dataset/model/rectangle.js';
import { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import type { ImageSettings } from '../dataset/model/settings.js';
import { photoMaxSide, tilesOf } from '../dataset/model/tiles.js';
import type { ExifOrientation, Size } from '../dataset/model/types.js';
import { errorMessage } from '../lib/error-message.js';
import type { ImageShare } from './decoding-cost.js';
import { DECODED_FORMATS, formatOf, type ImageFormat } from './format.js';
import { outsideLimits, tooManyPixels, type UnusableImage, undecodable, unsupported } from './limits.js';
import { isOnePicture } from './one-picture.js';
import { type Source, withSource } from './source.js';
import { stretchContrast } from './stretch-contrast.js';
import { hasExifOrProfile } from './strip-metadata.js';
import { lumaThumbnail } from './thumbnail.js';

/** A part of a preprocessed image, encoded like it. */
export interface PreparedTile {
  /** In pixels of the preprocessed image. */
  readonly area: Rectangle;
  readonly body: Buffer;
}

/** A preprocessed image. */
export interface PreparedImage {
  readonly body: Buffer;
  /** Its tiles in the order of `tilesOf`. */
  readonly tiles: readonly PreparedTile[];
  readonly format: 'jpg' | 'png';
  readonly contentType: 'image/jpeg' | 'image/png';
  /** Pixels as stored in the source, before EXIF orientation. */
  readonly stored: Size;
  readonly orientation: ExifOrientation;
  /** Size of `body` in pixels, upright. */
  readonly output: Size;
  /** Whether `body` has the bytes of the source file. */
  readonly untouched: boolean;
  /** 64x64 luma means, see `lumaThumbnail`. */
  readonly thumbnail64: Uint8Array;
}

const JPEG_QUALITY = 92;

/**
 * Converts an image to what Rekognition accepts: upright, sRGB, 8 bits, JPEG or PNG, within `photoMaxSide` pixels,
 * without metadata. An image that meets all of this already is kept byte for byte, or without its metadata. Returns why an
 * image cannot be used instead of throwing.
 * @param share limits the time for decoding an image of an archive
 */
export async function preprocessImage(
  bytes: Buffer,
  settings: ImageSettings,
  share?: ImageShare,
): Promise<PreparedImage | UnusableImage> {
  const format = formatOf(bytes);
  if (!DECODED_FORMATS.has(format)) return unsupported(format, bytes);
  try {
    return await withSource(bytes, format, { failOn: 'error', share }, (source) =>
      prepare(bytes, format, source, settings),
    );
  } catch (error) {
    const cause = errorMessage(error);
    return /exceeds pixel limit/.test(cause) ? tooManyPixels() : undecodable();
  }
}

async function prepare(
  bytes: Buffer,
  format: ImageFormat,
  { lean, metadata, open }: Source,
  settings: ImageSettings,
): Promise<PreparedImage | UnusableImage> {
  const { stretchContrast: stretching = 'off', tiles = 1 } = settings;
  const imageMaxSide = photoMaxSide(settings);
  const { data, info } = await resized(open(), imageMaxSide, 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const output = { width: info.width, height: info.height };
  const problem = outsideLimits(output);
  if (problem) return problem;

  const isPng = format === 'png';
  const rgb = toRgb(data, info.channels);
  const thumbnail = lumaThumbnail(rgb, output.width, output.height);
  const stretched =
    stretching === 'auto' && hasLowContrast(thumbnail) ? await stretchedRgb(open(), imageMaxSide) : undefined;
  const isKept =
    stretched === undefined &&
    needsNoConversion(metadata, output, bytes) &&
    !hasExifOrProfile(lean, isPng ? 'png' : 'jpeg');
  const pixels = stretched ?? rgb;
  const body = isKept ? lean : await encode(pixels, output, isPng);
  if (body.length > SERVICE_LIMITS.imageBytes) {
    return {
      reason: 'too-large',
      message: `${body.length} bytes as ${isPng ? 'PNG' : 'JPEG'}; the maximum of Rekognition is ${SERVICE_LIMITS.imageBytes}. Lower IMAGE_MAX_SIDE.`,
    };
  }
  return {
    body,
    tiles: await cut(pixels, output, tilesOf(output, tiles), isPng),
    format: isPng ? 'png' : 'jpg',
    contentType: isPng ? 'image/png' : 'image/jpeg',
    stored: { width: metadata.width, height: metadata.height },
    orientation: orientationOf(metadata),
    output,
    untouched: body === bytes,
    thumbnail64: stretched ? lumaThumbnail(stretched, output.width, output.height) : thumbnail,
  };
}

/** The image upright, within `side` pixels, without transparency. */
function resized(image: Sharp, side: number, colourspace: 'srgb' | 'rgb16'): Sharp {
  return image
    .autoOrient()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .toColourspace(colourspace)
    .flatten({ background: '#ffffff' })
    .removeAlpha();
}

/** Decodes again with 16 bits, which keep what 8 bits lose. Undefined if the image is uniform. */
async function stretchedRgb(image: Sharp, side: number): Promise<Buffer | undefined> {
  const { data, info } = await resized(image, side, 'rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const stretched = stretchContrast(new Uint16Array(data.buffer, data.byteOffset, data.length / 2));
  return stretched && toRgb(stretched, info.channels);
}

/** Whether the file is an upright 8-bit sRGB JPEG or PNG within the limits, and complete. */
function needsNoConversion(metadata: Metadata, output: Size, bytes: Buffer): boolean {
  const plain =
    (metadata.format === 'jpeg' || metadata.format === 'png') &&
    metadata.space === 'srgb' &&
    metadata.depth === 'uchar' &&
    metadata.channels === 3 &&
    (metadata.pages ?? 1) === 1;
  const sameSize = metadata.width === output.width && metadata.height === output.height;
  if (!(plain && sameSize && bytes.length <= SERVICE_LIMITS.imageBytes)) return false;
  return isOnePicture(bytes, metadata.format === 'png' ? 'png' : 'jpeg');
}

async function cut(
  pixels: Buffer,
  size: Size,
  areas: readonly Rectangle[],
  png: boolean,
): Promise<PreparedTile[]> {
  const tiles: PreparedTile[] = [];
  for (const area of areas) tiles.push({ area, body: await encode(pixels, size, png, area) });
  return tiles;
}

/** Encodes without chroma subsampling: small colour differences matter, for example in skin lesions. */
async function encode(rgb: Buffer, { width, height }: Size, png: boolean, area?: Rectangle): Promise<Buffer> {
  const whole = sharp(rgb, { raw: { width, height, channels: 3 } });
  const image = area ? whole.extract(area) : whole;
  return png
    ? await image.png({ compressionLevel: 6 }).toBuffer()
    : await image.jpeg({ quality: JPEG_QUALITY, chromaSubsampling: '4:4:4' }).toBuffer();
}

/** Expands greyscale pixels, which have one channel, to RGB. */
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
