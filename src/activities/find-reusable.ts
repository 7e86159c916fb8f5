import { reusableKey, reusableThumbnailsKey } from '../dataset/model/layout.js';
import { reusableSchema } from '../pipeline/files.js';
import { type Reusable, thumbnailAt } from '../pipeline/reusable.js';
import type { ObjectStore } from '../storage/object-store.js';
import { findIntact } from './find-intact.js';
import type { VersionRef } from './interface.js';

/** Reads the earlier results that `reuseResults` has found for a batch. */
export async function findReusable(
  store: ObjectStore,
  { bucket, dataset, version }: VersionRef,
  index: number,
  signal: AbortSignal,
): Promise<Reusable> {
  const found = await findIntact(store, bucket, reusableKey(dataset, version, index), reusableSchema, signal);
  if (!found || found.images.length === 0) return { sameArchive: false, images: new Map() };
  const key = reusableThumbnailsKey(dataset, version, index);
  const thumbnails = await store.getBytes(bucket, key, { signal });
  const images = found.images.map((image, position) => ({
    ...image,
    thumbnail: thumbnailAt(thumbnails, position),
  }));
  return { sameArchive: found.sameArchive, images: new Map(images.map((image) => [image.path, image])) };
}
