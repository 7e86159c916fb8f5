import type { Candidate } from '../model/candidates.js';
import type { Drops } from '../model/drops.js';
import type { Rectangle } from '../model/rectangle.js';
import { isTooSmallToTrain } from '../model/service-limits.js';
import type { DatasetSettings } from '../model/settings.js';
import { tileKey, tilesOf } from '../model/tiles.js';
import type { Box, CuratedImage } from '../model/types.js';
import { largestBoxes } from './class-rules.js';

/** Minimum share of a box's area inside a tile for which the tile shows the object. */
const MIN_INSIDE = 0.5;

/** The images of one manifest with TILES: photos and their tiles. */
export interface TiledImages {
  /** Photos and tiles with at least one box. */
  readonly images: readonly CuratedImage[];
  readonly tiles: number;
  readonly withoutBoxes: number;
  readonly uncutPhotos: number;
}

type TileSettings = Pick<DatasetSettings, 'tiles' | 'maxBoxPerImage' | 'minBoxPx'>;

/** Keeps the boxes of each photo that are among the largest of the photo or of a tile, in their original order. */
export function cutTiledBoxes(
  photos: readonly Candidate[],
  settings: TileSettings,
  drops: Drops,
): { images: Candidate[]; cutImages: string[] } {
  const cutImages: string[] = [];
  const images = photos.map((photo) => {
    const { used } = cutPhoto(photo, settings);
    const boxes = photo.boxes.filter((box) => used.has(box));
    if (boxes.length === photo.boxes.length) return photo;
    cutImages.push(photo.path);
    drops.add('over-max-boxes', photo.boxes.length - boxes.length);
    return { ...photo, boxes };
  });
  return { images, cutImages };
}

/** Adds the tiles of photos. The box rules hold for each image of the manifest: a photo and each of its tiles. */
export function withTiles(photos: readonly CuratedImage[], settings: TileSettings): TiledImages {
  const cut = photos.map((photo) => cutPhoto(photo, settings));
  const images = cut.flatMap(({ whole, tiles }) => [whole, ...tiles.filter(({ boxes }) => boxes.length > 0)]);
  const tiles = images.length - photos.length;
  return {
    images,
    tiles,
    withoutBoxes: cut.reduce((sum, one) => sum + one.tiles.length, 0) - tiles,
    uncutPhotos: cut.filter((one) => one.tiles.length === 0).length,
  };
}

/** The photo and its tiles with the boxes that each shows, and the boxes of the photo that any of them shows. */
function cutPhoto(photo: CuratedImage, settings: TileSettings) {
  const areas = tilesOf(photo.size, settings.tiles);
  const used = new Set<Box>();
  const boxesIn = (placed: readonly { readonly box: Box; readonly of: Box }[]) => {
    const largest = largestBoxes(
      placed.map(({ box }) => box),
      settings.maxBoxPerImage,
    );
    return placed.flatMap(({ box, of }) => {
      if (!largest.has(box)) return [];
      used.add(of);
      return [box];
    });
  };
  const whole = { ...photo, boxes: boxesIn(photo.boxes.map((box) => ({ box, of: box }))) };
  const tiles = areas.map((area, index): CuratedImage => {
    const placed = photo.boxes.flatMap((of) => {
      const box = boxInTile(of, area, settings.minBoxPx);
      return box ? [{ box, of }] : [];
    });
    const size = { width: area.width, height: area.height };
    return { ...photo, key: tileKey(photo.key, index), size, boxes: boxesIn(placed), tile: area };
  });
  return { whole, tiles, used };
}

/** The box in pixels of the tile, clipped to it; undefined if the tile shows too little of it. */
function boxInTile(box: Box, tile: Rectangle, minBoxPx: number): Box | undefined {
  const left = Math.max(0, box.left - tile.left);
  const top = Math.max(0, box.top - tile.top);
  const width = Math.min(tile.width, box.left + box.width - tile.left) - left;
  const height = Math.min(tile.height, box.top + box.height - tile.top) - top;
  if (width < minBoxPx || height < minBoxPx) return undefined;
  if (width * height < MIN_INSIDE * box.width * box.height) return undefined;
  const inTile = { label: box.label, left, top, width, height };
  return isTooSmallToTrain(inTile, tile) ? undefined : inTile;
}
