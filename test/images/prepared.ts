import sharp from 'sharp';
import { type PreparedImage, preprocessImage } from '../../src/images/preprocess.js';

const SETTINGS = { imageMaxSide: 1280 };

/** A preprocessed image. Throws if it is rejected. */
export async function prepared(bytes: Buffer, settings = SETTINGS): Promise<PreparedImage> {
  const result = await preprocessImage(bytes, settings);
  if ('reason' in result) throw new Error(`Rejected: ${result.reason}: ${result.message}`);
  return result;
}

/** `reason: message` of a rejected image, or `accepted`. */
export async function rejection(bytes: Buffer, settings = SETTINGS): Promise<string> {
  const result = await preprocessImage(bytes, settings);
  return 'reason' in result ? `${result.reason}: ${result.message}` : 'accepted';
}

/** A PNG of one grey. */
export function flat(width: number, height: number, grey: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: { r: grey, g: grey, b: grey } } })
    .png()
    .toBuffer();
}
