import sharp, { type Sharp } from 'sharp';
import { parseSourceRef } from '../custom-labels/validate-line.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { Picture } from './detector/index.js';

/** Decodes an image to RGB, three bytes per pixel. Grey is repeated in all three channels; transparency becomes white. */
export async function decodeRgb(image: Sharp): Promise<Picture> {
  const { data, info } = await image
    .toColourspace('srgb')
    .flatten({ background: '#ffffff' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { rgb: data, width: info.width, height: info.height };
}

/** Decodes the image of a checked manifest line. EXIF orientation is not applied: boxes refer to the stored pixels. */
export async function readPicture(
  store: Pick<ObjectStore, 'getBytes'>,
  sourceRef: string,
  signal: AbortSignal,
): Promise<Picture> {
  const { bucket = '', key = '' } = parseSourceRef(sourceRef) ?? {};
  return await decodeRgb(sharp(await store.getBytes(bucket, key, { signal })));
}
