import { describe, expect, it } from '@jest/globals';
import { photoMaxSide, tileKey, tilesOf } from '../../../src/dataset/model/tiles.js';

describe('tiles of a photo', () => {
  it('cover the photo and overlap by a fifth of their side', () => {
    expect(tilesOf({ width: 1800, height: 900 }, 2)).toEqual([
      { left: 0, top: 0, width: 1000, height: 500 },
      { left: 800, top: 0, width: 1000, height: 500 },
      { left: 0, top: 400, width: 1000, height: 500 },
      { left: 800, top: 400, width: 1000, height: 500 },
    ]);
  });

  it.each([2, 3, 4])('show an object of a fifth of their side whole in one of %d tiles per side', (tiles) => {
    const areas = tilesOf({ width: 1501, height: 997 }, tiles);
    const { width } = areas[0] ?? { width: 0 };
    const side = Math.floor(width * 0.2) - 1;
    for (let left = 0; left + side <= 1501; left += 7) {
      const isWhole = areas.some((area) => left >= area.left && left + side <= area.left + area.width);
      expect([left, isWhole]).toEqual([left, true]);
    }
  });

  it('are none without TILES, and none of a photo whose tiles would be below 64 pixels', () => {
    expect(tilesOf({ width: 1800, height: 900 }, 1)).toEqual([]);
    expect(tilesOf({ width: 1800, height: 113 }, 2)).toEqual([]);
    expect(tilesOf({ width: 1800, height: 116 }, 2)).toHaveLength(4);
  });

  it.each([1, 2, 3, 4])(
    'have up to IMAGE_MAX_SIDE pixels with TILES=%d, and their photo up to 4096',
    (tiles) => {
      for (const imageMaxSide of [640, 1280, 4096]) {
        const side = photoMaxSide({ imageMaxSide, tiles });
        expect(side).toBeLessThanOrEqual(4096);
        for (const { width } of tilesOf({ width: side, height: side }, tiles))
          expect(width).toBeLessThanOrEqual(imageMaxSide);
      }
    },
  );

  it('have keys beside the key of their photo', () => {
    expect(tileKey('d/a.jpg.0123456789ab.png', 0)).toBe('d/a.jpg.0123456789ab-1.png');
  });
});
