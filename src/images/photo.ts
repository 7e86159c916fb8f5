import { uprightSize } from '../dataset/model/orientation.js';
import type { Rectangle } from '../dataset/model/rectangle.js';
import { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import type { ImageSettings } from '../dataset/model/settings.js';
import { type PreparedImage, preprocessImage } from './preprocess.js';

/** A part of a photo for detection. */
export interface PhotoTile {
  /** Left, top, width and height as shares of the photo's sides, 0 to 1. */
  readonly area: Rectangle;
  /** JPEG or PNG within the size limit of DetectCustomLabels. */
  readonly picture: Buffer;
}

/** A photo for detection. */
export interface Photo {
  readonly path: string;
  /** Upright JPEG or PNG within the size limit of DetectCustomLabels. */
  readonly picture: Buffer;
  /** Its tiles; none unless the model was trained with them. */
  readonly tiles: readonly PhotoTile[];
  /** Size in pixels of the upright photo before resizing. */
  readonly width: number;
  readonly height: number;
}

/**
 * Preprocesses a photo like the images of the model's dataset, and cuts it into the same tiles; smaller if the size limit
 * requires it. Returns what is wrong with a photo that cannot be used.
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
    const bodies = [image, ...image.tiles].map(({ body }) => body.length);
    if (Math.max(...bodies) > SERVICE_LIMITS.inlineImageBytes) continue;
    return { path, picture: image.body, tiles: photoTiles(image), ...uprightSize(image) };
  }
  return {
    problem: `The photo cannot be reduced to the maximum of ${SERVICE_LIMITS.inlineImageBytes} bytes for detection.`,
  };
}

function photoTiles({ tiles, output }: PreparedImage): PhotoTile[] {
  const { width, height } = output;
  return tiles.map(({ area, body }) => ({
    area: {
      left: area.left / width,
      top: area.top / height,
      width: area.width / width,
      height: area.height / height,
    },
    picture: body,
  }));
}
