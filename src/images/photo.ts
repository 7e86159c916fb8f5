import { uprightSize } from '../dataset/model/orientation.js';
import { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import { preprocessImage } from './preprocess.js';

export interface Photo {
  readonly path: string;
  /** Upright JPEG or PNG within what the service takes as bytes. */
  readonly picture: Buffer;
  /** Pixels of the upright photo, before it was made smaller. */
  readonly width: number;
  readonly height: number;
}

/** A photo as the model's own images were made, or what is wrong with it. */
export async function preparePhoto(
  path: string,
  bytes: Buffer,
  imageMaxSide: number,
): Promise<Photo | { problem: string }> {
  for (let side = imageMaxSide; side >= SERVICE_LIMITS.minSide; side = Math.floor(side * 0.75)) {
    const image = await preprocessImage(bytes, { imageMaxSide: side });
    if ('reason' in image) return { problem: image.message };
    if (image.body.length > SERVICE_LIMITS.inlineImageBytes) continue;
    return { path, picture: image.body, ...uprightSize(image) };
  }
  return {
    problem: `it can't be made smaller than the ${SERVICE_LIMITS.inlineImageBytes} bytes that the service takes.`,
  };
}
