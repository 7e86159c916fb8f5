import { createHash } from 'node:crypto';
import { imageSize } from 'image-size';
import { uprightSize } from '../../../src/dataset/model/orientation.js';
import type { ImageSettings } from '../../../src/dataset/model/settings.js';
import { THUMBNAIL_SIDE } from '../../../src/dataset/model/thumbnail.js';
import { photoMaxSide } from '../../../src/dataset/model/tiles.js';
import type { ExifOrientation, Size } from '../../../src/dataset/model/types.js';
import {
  decodingProblem,
  type ImageShare,
  metadataProblem,
  shareProblem,
} from '../../../src/images/decoding-cost.js';
import { exifOrientation } from '../../../src/images/exif-orientation.js';
import { DECODED_FORMATS, formatOf } from '../../../src/images/format.js';
import {
  MAX_INPUT_PIXELS,
  outsideLimits,
  tooManyPixels,
  type UnusableImage,
  undecodable,
  unsupported,
} from '../../../src/images/limits.js';
import type { PreparedImage } from '../../../src/images/preprocess.js';
import type { ProcessedRecord } from '../../../src/pipeline/records.js';
import type { Thumbnails } from '../../../src/pipeline/thumbnails.js';
import { drawnFile } from './canvas.js';
import { prepared } from './stretch.js';
import { orientationToApply } from './upright.js';

/** Thumbnails are means of cells. A picture of this side gives equally good thumbnails in less time. */
const MEASURED_SIDE = 512;

/**
 * Replaces sharp in the browser: returns the sizes, rejections and thumbnail that sharp would give. Nothing is encoded,
 * so `body` is the source, and an image that would be too large only after encoding is not detected here.
 */
export async function preprocessImage(
  bytes: Buffer<ArrayBuffer>,
  settings: ImageSettings,
  share?: ImageShare,
): Promise<PreparedImage | UnusableImage> {
  const format = formatOf(bytes);
  if (!DECODED_FORMATS.has(format)) return unsupported(format, bytes);
  try {
    const hidden = metadataProblem(bytes, format);
    if (hidden) return hidden;
    const { width, height, orientation } = sizeOf(bytes);
    if (width * height > MAX_INPUT_PIXELS) return tooManyPixels();
    const size = { width, height };
    const costly =
      decodingProblem(bytes, format, size) ?? (share && shareProblem(bytes, format, size, share));
    if (costly) return costly;
    const upright = uprightSize({ stored: { width, height }, orientation });
    const output = within(upright, photoMaxSide(settings));
    const problem = outsideLimits(output);
    if (problem) return problem;
    const isPng = format === 'png';
    return {
      body: bytes,
      tiles: [],
      format: isPng ? 'png' : 'jpg',
      contentType: isPng ? 'image/png' : 'image/jpeg',
      stored: { width, height },
      orientation,
      output,
      untouched: false,
      thumbnail64: format === 'tiff' ? unseen(bytes) : await thumbnailOf(bytes, output, settings),
    };
  } catch {
    return undecodable();
  }
}

function sizeOf(bytes: Buffer): Size & { orientation: ExifOrientation } {
  const { width, height } = imageSize(bytes);
  return { width, height, orientation: exifOrientation(bytes) };
}

/** Never enlarged; a side is at least a pixel. */
function within({ width, height }: Size, side: number): Size {
  const factor = Math.min(1, side / Math.max(width, height));
  const scaled = (length: number) => Math.max(1, Math.round(length * factor));
  return { width: scaled(width), height: scaled(height) };
}

async function thumbnailOf(
  bytes: Buffer<ArrayBuffer>,
  output: Size,
  settings: ImageSettings,
): Promise<Uint8Array> {
  const { thumbnail64 } = await prepared(bytes, measured(output), settings);
  return thumbnail64;
}

/** The picture of an image file for the page: the file itself, or a PNG where preprocessing stretches or turns it. */
export async function pictureOf(
  bytes: Buffer<ArrayBuffer>,
  output: Size,
  settings: ImageSettings,
): Promise<Blob> {
  if (settings.stretchContrast === 'auto' && formatOf(bytes) !== 'tiff') {
    const { canvas, isStretched } = await prepared(bytes, output, settings);
    if (isStretched) return await canvas.convertToBlob();
  }
  if (orientationToApply(bytes) === 1) return new Blob([bytes]);
  return await (await drawnFile(bytes, output)).convertToBlob();
}

function measured(output: Size): Size {
  const { width, height } = within(output, MEASURED_SIDE);
  return { width: Math.max(THUMBNAIL_SIDE, width), height: Math.max(THUMBNAIL_SIDE, height) };
}

/** Browsers cannot decode TIFF: returns noise derived from the file, which is similar to no other image. */
const unseen = (bytes: Buffer) => noiseOf(createHash('sha256').update(bytes).digest('hex'));

function noiseOf(sha256: string): Uint8Array {
  const noise = Buffer.from(sha256, 'hex');
  return Uint8Array.from({ length: THUMBNAIL_SIDE * THUMBNAIL_SIDE }, (_, i) => noise[i % noise.length] ?? 0);
}

/** Whether an image was not decoded, so that its thumbnail is noise. */
export function isUnseen({ result, thumbnail }: ProcessedRecord, thumbnails: Thumbnails): boolean {
  if (result.status !== 'preprocessed') return false;
  const noise = noiseOf(result.sourceSha256);
  return thumbnails.get(thumbnail).every((luma, i) => luma === noise[i]);
}
