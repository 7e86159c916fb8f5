import { uprightSize } from '../dataset/model/orientation.js';
import { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import type { ImageSettings } from '../dataset/model/settings.js';
import { preprocessImage } from './preprocess.js';

/** A photo for detection. */
export interface Photo {
  readonly path: string;
  /** Upright JPEG or PNG within the size limit of DetectCustomLabels. */
  readonly picture: Buffer;
  /** Size in pixels of the upright photo before resizing. */
  readonly width: number;
  readonly height: number;
}

/**
 * Preprocesses a photo like the images of the model's dataset, smaller if the size limit requires it.
 * Returns what is wrong with a photo that cannot be used.
 * @param settings the settings of the model's dataset
 */
export async function preparePhoto(
  path: string,
  bytes: Buffer,
  settings: ImageSettings,
): Promise<Photo | { problem: string }> {
  for (let side = settings.imageMaxSide; side >= SERVICE_LIMITS.minSide; side = Math.floor(side * 0.75)) {
    const image = await preprocessImage(bytes, { ...settings, imageMaxSide: side });
    if ('reason' in image) return { problem: image.message };
    if (image.body.length > SERVICE_LIMITS.inlineImageBytes) continue;
    return { path, picture: image.body, ...uprightSize(image) };
  }
  return {
    problem: `The photo cannot be reduced to the maximum of ${SERVICE_LIMITS.inlineImageBytes} bytes for detection.`,
  };
}
