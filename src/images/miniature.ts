import sharp from 'sharp';
import { DECODED_FORMATS, formatOf } from './format.js';

export interface Miniature {
  readonly jpeg: Buffer;
  /** Pixels of the upright picture that `jpeg` shows a part or all of, before it was made small. */
  readonly width: number;
  readonly height: number;
}

export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Longest side in pixels: two columns on a phone at twice its density. */
const SIDE = 320;
const MAX_BYTES = 24_000;
/** The first quality whose file is small enough, else the last. */
const QUALITIES = [72, 50, 30];
const MAX_INPUT_PIXELS = 200_000_000;

/**
 * A picture, or a region of its upright pixels, as a small JPEG for a report. Damaged files are shown as far as they
 * can be decoded; undefined where that is not at all.
 */
export async function miniature(bytes: Buffer, region: Region | null): Promise<Miniature | undefined> {
  if (!DECODED_FORMATS.has(formatOf(bytes))) return undefined;
  try {
    const source = sharp(bytes, { failOn: 'none', limitInputPixels: MAX_INPUT_PIXELS }).autoOrient();
    const { autoOrient } = await source.metadata();
    const { data, info } = await (region ? source.extract(region) : source)
      .resize({ width: SIDE, height: SIDE, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .flatten({ background: '#ffffff' })
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const raw = { width: info.width, height: info.height, channels: info.channels };
    let jpeg = Buffer.alloc(0);
    for (const quality of QUALITIES) {
      jpeg = await sharp(data, { raw }).jpeg({ quality }).toBuffer();
      if (jpeg.length <= MAX_BYTES) break;
    }
    return { jpeg, width: autoOrient.width, height: autoOrient.height };
  } catch {
    return undefined;
  }
}
