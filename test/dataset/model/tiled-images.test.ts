import { describe, expect, it } from '@jest/globals';
import { imageName, photosAndTiles, usedImagesText } from '../../../src/dataset/model/tiled-images.js';
import { tilesOf } from '../../../src/dataset/model/tiles.js';

const TILED = { train: 80, val: 20, tiles: { train: 176, val: 48, withoutBoxes: 9, uncutPhotos: 0 } };

describe('the words for images with tiles', () => {
  it.each([
    ['train', 256, '', '80 photos, as 256 images with tiles'],
    ['train', 250, '', '80 photos, as 250 of 256 images with tiles'],
    ['val', 68, 'test', '20 test photos, as 68 images with tiles'],
  ] as const)('count the photos of %s and name the tiles if the service used %d images', (...of) => {
    const [side, used, kind, text] = of;
    expect(usedImagesText(used, TILED, side, kind)).toBe(text);
  });

  it('count images only without tiles, or if the counts of the version are unknown', () => {
    expect(usedImagesText(79, { train: 80, val: 20 }, 'train')).toBe('79 images');
    expect(usedImagesText(1, null, 'val', 'test')).toBe('1 test image');
  });

  it('tell photos from tiles in a list', () => {
    expect(photosAndTiles(324, 224)).toBe('100 photos and 224 tiles');
    expect(photosAndTiles(1, 1)).toBe('0 photos and 1 tile');
    expect(photosAndTiles(2, 0)).toBe('2 images');
  });

  it.each([2, 3, 4])('name the row and the column of each tile with TILES=%d', (tiles) => {
    for (const size of [
      { width: 1501, height: 997 },
      { width: 4096, height: 224 },
      { width: 260, height: 2000 },
    ]) {
      const names = tilesOf(size, tiles).map((tile) => imageName({ path: 'a/skin.jpg', tile }));
      const expected = Array.from({ length: tiles ** 2 }, (_, i) => {
        const [row, column] = [Math.floor(i / tiles) + 1, (i % tiles) + 1];
        return `skin.jpg, tile in row ${row}, column ${column}`;
      });
      expect(names).toEqual(expected);
    }
    expect(imageName({ path: 'a/skin.jpg' })).toBe('skin.jpg');
  });
});
