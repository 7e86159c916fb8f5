import type { VersionImage } from '../dataset/model/version-images.js';
import { groupBy } from '../lib/group-by.js';
import { byCodePoint } from '../lib/order.js';

/** All images of a photo, copies included: they are never on both sides of a fold. */
type Photo = readonly VersionImage[];

/** Divides images into folds of about equally many photos of each class. The same images give the same folds. */
export function foldsOf(images: readonly VersionImage[], count: number): VersionImage[][] {
  const folds = Array.from({ length: count }, (): VersionImage[] => []);
  for (const [index, photo] of photosByRarestLabel(images).flat().entries())
    folds[index % count]?.push(...photo);
  return folds;
}

/**
 * A part of the images, with about the same share of the photos of each class. A larger part contains a smaller one.
 * @param share above 0, at most 1
 */
export function partOf(images: readonly VersionImage[], share: number): VersionImage[] {
  return photosByRarestLabel(images).flatMap((photos) =>
    photos.slice(0, Math.ceil(share * photos.length)).flat(),
  );
}

/**
 * The photos with each rarest label. Names of photos are hashes, so their order is arbitrary but always the same. Photos
 * are grouped by their rarest label because a rare class must not be missing from a part by chance.
 */
function photosByRarestLabel(images: readonly VersionImage[]): Photo[][] {
  const photos = [...groupBy(images, ({ photo }) => photo)]
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([, copies]) => copies);
  const counts = photoCounts(photos);
  const rarest = (photo: Photo) =>
    [...labelsOf(photo)].sort(
      (a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0) || byCodePoint(a, b),
    )[0] ?? '';
  return [...groupBy(photos, rarest)].sort(([a], [b]) => byCodePoint(a, b)).map(([, group]) => group);
}

/** The number of photos that show each label. */
export function photosPerLabel(images: readonly VersionImage[]): Map<string, number> {
  return photoCounts([...groupBy(images, ({ photo }) => photo).values()]);
}

function photoCounts(photos: readonly Photo[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const photo of photos) {
    for (const label of labelsOf(photo)) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}

const labelsOf = (photo: Photo) => new Set(photo.flatMap(({ boxes }) => boxes.map(({ label }) => label)));
