import type { Rectangle } from './rectangle.js';
import { SERVICE_LIMITS } from './service-limits.js';
import type { ImageSettings } from './settings.js';
import type { Size } from './types.js';

/** Maximum of TILES: with more, a photo would be over 17 images of the manifests. */
export const MAX_TILES = 4;

/** Share of a tile's side that the next tile shows again: an object up to this size is whole in at least one tile. */
const OVERLAP = 0.2;

/** Number of tiles' sides that cover a photo's side, since tiles overlap. */
const sidesPerPhoto = (tiles: number) => tiles - (tiles - 1) * OVERLAP;

/**
 * Maximum longer side of a preprocessed photo in pixels: IMAGE_MAX_SIDE, or with TILES the side at which a tile has
 * IMAGE_MAX_SIDE, up to the limit of the service.
 */
export function photoMaxSide({ imageMaxSide, tiles = 1 }: ImageSettings): number {
  if (tiles === 1) return imageMaxSide;
  const side = Math.floor(imageMaxSide * sidesPerPhoto(tiles));
  return Math.max(imageMaxSide, Math.min(SERVICE_LIMITS.maxSide, side));
}

/**
 * The tiles of a preprocessed photo in its pixels, row by row: `tiles` along each side, all of one size. Returns none if
 * TILES is 1, or if tiles would be smaller than the service accepts.
 */
export function tilesOf(photo: Size, tiles: number): Rectangle[] {
  if (tiles === 1) return [];
  const width = Math.ceil(photo.width / sidesPerPhoto(tiles));
  const height = Math.ceil(photo.height / sidesPerPhoto(tiles));
  if (Math.min(width, height) < SERVICE_LIMITS.minSide) return [];
  const starts = (side: number, length: number) =>
    Array.from({ length: tiles }, (_, i) => Math.round((i * (side - length)) / (tiles - 1)));
  return starts(photo.height, height).flatMap((top) =>
    starts(photo.width, width).map((left) => ({ left, top, width, height })),
  );
}

/** Row and column of a tile in its photo, from 1 on. */
export function tilePlace({ left, top, width, height }: Rectangle): { row: number; column: number } {
  const place = (start: number, length: number) => Math.round(start / (length * (1 - OVERLAP))) + 1;
  return { row: place(top, height), column: place(left, width) };
}

/** S3 key of a tile beside its photo: `a.<tag>.jpg` and the first tile `a.<tag>-1.jpg`. */
export const tileKey = (photoKey: string, index: number): string =>
  photoKey.replace(/\.(jpg|png)$/, `-${index + 1}.$1`);
