import { baseName } from '../../lib/base-name.js';
import { agreeing, plural } from '../../lib/plural.js';
import { type ImageCounts, manifestSizes } from './counts.js';
import type { Rectangle } from './rectangle.js';
import { tilePlace } from './tiles.js';
import type { Side } from './types.js';

/** Numbers of images in the manifests. */
type SplitCounts = Pick<ImageCounts, 'train' | 'val' | 'tiles'>;

/**
 * Numbers of images of the manifests in words. With TILES, photos are counted and their tiles are named:
 * `20 test photos, as 68 images with tiles`, else `20 test images`.
 * @param used number of images that were used; with tiles, it includes them
 * @param split the numbers of the dataset version; undefined if they are unknown
 * @param kind stands before the noun, such as `test`
 */
export function usedImagesText(
  used: number,
  split: SplitCounts | null | undefined,
  side: Side,
  kind = '',
): string {
  const before = kind === '' ? '' : `${kind} `;
  if (!split?.tiles) return plural(used, `${before}image`);
  const sent = manifestSizes(split)[side];
  const part = used < sent ? `${used} of ` : '';
  return `${plural(split[side], `${before}photo`)}, as ${part}${plural(sent, 'image')} with tiles`;
}

/** Images of which some are tiles: `100 photos and 224 tiles`, or `100 images` without tiles. */
export function photosAndTiles(images: number, tiles: number): string {
  if (tiles === 0) return plural(images, 'image');
  return `${plural(images - tiles, 'photo')} and ${plural(tiles, 'tile')}`;
}

/** Says that a cross-validation leaves out tiles. */
export function wholePhotosText(photos: number, tiles: number): string {
  return `Only the ${plural(photos, 'whole photo')} ${agreeing(photos, 'is', 'are')} examined, not their ${plural(tiles, 'tile')}. Small objects are therefore found less often than by a model with tiles.`;
}

/** The place of a tile in its photo: `tile in row 2, column 1`. */
export function tileText(tile: Rectangle): string {
  const { row, column } = tilePlace(tile);
  return `tile in row ${row}, column ${column}`;
}

/** The name of an image's file, and the place of the tile if it is one. */
export function imageName({
  path,
  tile,
}: {
  readonly path: string;
  readonly tile?: Rectangle | undefined;
}): string {
  return tile ? `${baseName(path)}, ${tileText(tile)}` : baseName(path);
}
