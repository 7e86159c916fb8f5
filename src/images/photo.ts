import { preprocessImage } from './preprocess.js';

export interface Photo {
  readonly path: string;
  /** Upright JPEG or PNG within what the service takes as bytes. */
  readonly picture: Buffer;
  /** Pixels of the upright photo, before it was made smaller. */
  readonly width: number;
  readonly height: number;
}

/** DetectCustomLabels takes this much as bytes (developer guide, limits). */
const MAX_BYTES = 4 * 1024 * 1024;
const MIN_SIDE = 64;

/** A photo as the model's own images were made, or what is wrong with it. */
export async function preparePhoto(
  path: string,
  bytes: Buffer,
  imageMaxSide: number,
): Promise<Photo | { problem: string }> {
  for (let side = imageMaxSide; side >= MIN_SIDE; side = Math.floor(side * 0.75)) {
    const image = await preprocessImage(bytes, { imageMaxSide: side });
    if ('reason' in image) return { problem: image.message };
    if (image.body.length > MAX_BYTES) continue;
    const { stored, orientation } = image;
    const [width, height] = orientation >= 5 ? [stored.height, stored.width] : [stored.width, stored.height];
    return { path, picture: image.body, width, height };
  }
  return { problem: `it can't be made smaller than the ${MAX_BYTES} bytes that the service takes.` };
}
