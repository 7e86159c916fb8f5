import sharp, { type Sharp } from 'sharp';
import { parseSourceRef } from '../custom-labels/validate-line.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { Picture } from './detector/index.js';

/** Three bytes a pixel, whatever the image has: grey spreads over all three, what is transparent lies on white. */
export async function decodeRgb(image: Sharp): Promise<Picture> {
  const { data, info } = await image
    .toColourspace('srgb')
    .flatten({ background: '#ffffff' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { rgb: data, width: info.width, height: info.height };
}

/** The image of a manifest's line that has been checked. Its boxes mean the pixels as they are stored. */
export async function readPicture(
  store: Pick<ObjectStore, 'getBytes'>,
  sourceRef: string,
  signal: AbortSignal,
): Promise<Picture> {
  const { bucket = '', key = '' } = parseSourceRef(sourceRef) ?? {};
  return await decodeRgb(sharp(await store.getBytes(bucket, key, { signal })));
}
