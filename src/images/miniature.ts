import sharp from 'sharp';
import { DECODED_FORMATS, formatOf } from './format.js';
import { type Source, withSource } from './source.js';

export interface Miniature {
  readonly jpeg: Buffer;
  /** Size in pixels of the whole upright picture, before cropping and resizing. */
  readonly width: number;
  readonly height: number;
}

export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A report shows 50 rejected pictures, which are decoded as they are in the archive. */
const MAX_SHOWN = 50;
/** Maximum longer side in pixels: two columns on a phone with double pixel density. */
const SIDE = 320;
const MAX_BYTES = 24_000;
/** JPEG qualities in the order in which they are tried until the file is small enough. */
const QUALITIES = [72, 50, 30];

/**
 * Returns a picture, or a region of its upright pixels, as a small JPEG for a report. Of damaged files the part that can
 * be decoded is shown. Returns undefined if nothing can be decoded.
 */
export async function miniature(bytes: Buffer, region: Region | null): Promise<Miniature | undefined> {
  const format = formatOf(bytes);
  if (!DECODED_FORMATS.has(format)) return undefined;
  try {
    const share = { images: MAX_SHOWN, packedBytes: bytes.length };
    const made = await withSource(bytes, format, { failOn: 'none', share }, (source) =>
      shrink(source, region),
    );
    return 'reason' in made ? undefined : made;
  } catch {
    return undefined;
  }
}

async function shrink({ metadata, open }: Source, region: Region | null): Promise<Miniature> {
  const upright = open().autoOrient();
  const { data, info } = await (region ? upright.extract(region) : upright)
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
  const { width, height } = metadata.autoOrient;
  return { jpeg, width, height };
}
