import type { Size } from '../dataset/model/types.js';
import { ExifBlock } from './exif-block.js';
import type { ImageFormat } from './format.js';
import { countScans, isFrame, jpegSegments } from './jpeg-segments.js';
import { pngPixels } from './png-chunks.js';

/**
 * CPU time in ms that decoding and converting a blank picture takes on a server of 2 cores, computed from the headers of
 * the file so that it is the same on every machine. What the content of a picture costs beyond that grows with its bytes.
 */
export function decodingMs(bytes: Buffer, format: ImageFormat, { width, height }: Size): number {
  const megapixels = (width * height) / 1e6;
  if (isCmyk(bytes, format)) return CMYK_SETUP_MS + megapixels * CMYK_MS;
  return megapixels * msPerMegapixel(bytes, format);
}

/** Converting from a colour profile, which is stored under these names. */
const PROFILE_MS = 18;
const PROFILE_NAMES: Partial<Record<ImageFormat, string>> = {
  jpeg: 'ICC_PROFILE',
  png: 'iCCP',
  webp: 'ICCP',
  tiff: 'acsp',
  avif: 'acsp',
};
/** Four inks, which are always converted by a profile. Preparing it takes the same time for the smallest picture. */
const CMYK_MS = 70;
const CMYK_SETUP_MS = 38;
const ALPHA_MS = 10;
/** Per sample of 16 bits or more. */
const DEEP_SAMPLE_MS = 6;

function msPerMegapixel(bytes: Buffer, format: ImageFormat): number {
  const name = PROFILE_NAMES[format];
  const profile = name !== undefined && bytes.includes(name, 0, 'latin1') ? PROFILE_MS : 0;
  if (format === 'jpeg') return profile + jpegMs(countScans(bytes));
  if (format === 'png') return profile + pngMs(bytes);
  if (format === 'tiff') return tiffMs(bytes, profile);
  return profile + (OTHER_MS[format] ?? 0);
}

const OTHER_MS: Partial<Record<ImageFormat, number>> = { webp: 11, gif: 19, avif: 35 };

const jpegMs = (scans: number) => (scans > 1 ? 8 + scans / 2 : 5);

function isCmyk(bytes: Buffer, format: ImageFormat): boolean {
  if (format === 'jpeg') return hasFourComponents(bytes);
  return format === 'tiff' && new ExifBlock(bytes).numberOf(COLOURS_TAG) === CMYK;
}

function hasFourComponents(jpeg: Buffer): boolean {
  for (const { marker, from } of jpegSegments(jpeg)) {
    if (isFrame(marker)) return jpeg[from + 5] === 4;
  }
  return false;
}

function pngMs(png: Buffer): number {
  const { isInterlaced, isDeep, hasAlpha, samples } = pngPixels(png);
  const interlacing = isInterlaced ? (isDeep ? 18 : 9) : 0;
  return 5 + interlacing + samplesMs({ isDeep, hasAlpha, samples });
}

const BITS_TAG = 258;
const COLOURS_TAG = 262;
const SAMPLES_TAG = 277;
const CMYK = 5;
const LAB = 8;

function tiffMs(tiff: Buffer, profile: number): number {
  const block = new ExifBlock(tiff);
  const colours = block.numberOf(COLOURS_TAG) ?? 0;
  const samples = block.numberOf(SAMPLES_TAG) ?? 1;
  const isDeep = (block.numberOf(BITS_TAG) ?? 1) > 8;
  const conversion = colours === LAB ? PROFILE_MS : profile;
  return 9 + conversion + samplesMs({ isDeep, hasAlpha: samples === 2 || samples > 3, samples });
}

function samplesMs(pixel: { isDeep: boolean; hasAlpha: boolean; samples: number }): number {
  return (pixel.hasAlpha ? ALPHA_MS : 0) + (pixel.isDeep ? DEEP_SAMPLE_MS * pixel.samples : 0);
}
