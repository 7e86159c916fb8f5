import { describe, expect, it } from '@jest/globals';
import { manifestText } from '../../../src/custom-labels/write-manifest.js';
import type { Curation } from '../../../src/dataset/curating/curate.js';
import type { CuratedImage } from '../../../src/dataset/model/types.js';
import { versionImageLines } from '../../../src/dataset/model/version-images.js';
import { boxOf, curated, drawn, findingOf, SMALL } from './images.js';

/** Photos of 1800 x 900 pixels; their tiles have 1000 x 500 pixels and start at 0 and 800, and at 0 and 400. */
const SIZE = { width: 1800, height: 900 };
const TILED = { ...SMALL, tiles: 2 };
const photos = (boxes: Parameters<typeof drawn>[1], count = 10) =>
  Array.from({ length: count }, (_, i) => drawn(`p${i}.jpg`, boxes, { stored: SIZE }));
const imagesOfPhoto = ({ manifests: { train, val } }: Curation, path = 'p0.jpg') =>
  [...train, ...val].filter((image) => image.path === path);
const places = (images: readonly CuratedImage[]) =>
  images.map(({ key, boxes }) => [key.replace(/.*p0/, ''), ...boxes.map(({ left, top }) => [left, top])]);

describe('curating with TILES', () => {
  it('puts a photo and its tiles into the manifests, with the boxes in pixels of each', () => {
    const curation = curated(photos([boxOf('acne', { x: 850, y: 420, width: 60, height: 50 })]), TILED);
    expect(places(imagesOfPhoto(curation))).toEqual([
      ['.jpg', [850, 420]],
      ['-1.jpg', [850, 420]],
      ['-2.jpg', [50, 420]],
      ['-3.jpg', [850, 20]],
      ['-4.jpg', [50, 20]],
    ]);
    const [, tile] = imagesOfPhoto(curation);
    expect(tile).toMatchObject({ size: { width: 1000, height: 500 }, tile: { left: 0, top: 0 } });
  });

  it('clips a box to a tile that shows half of it, and leaves it out of a tile that shows less', () => {
    const half = curated(photos([boxOf('acne', { x: 950, y: 100, width: 100, height: 100 })]), TILED);
    const less = curated(photos([boxOf('acne', { x: 960, y: 100, width: 100, height: 100 })]), TILED);
    expect(imagesOfPhoto(half).map(({ boxes }) => boxes[0]?.width)).toEqual([100, 50, 100]);
    expect(imagesOfPhoto(less).map(({ boxes }) => boxes[0]?.width)).toEqual([100, 100]);
  });

  it('keeps an object that no tile shows by half on its photo', () => {
    const curation = curated(photos([boxOf('face', { x: 0, y: 0, width: 1800, height: 900 })]), TILED);
    expect(places(imagesOfPhoto(curation))).toEqual([['.jpg', [0, 0]]]);
    expect(curation.annotations).toMatchObject({ used: 10, dropped: {} });
  });

  it('counts images and boxes by photo, and tiles separately', () => {
    const curation = curated(photos([boxOf('acne', { x: 10, y: 10 })]), TILED);
    expect(curation.images).toMatchObject({
      ...{ found: 10, used: 10, train: 8, val: 2 },
      tiles: { train: 8, val: 2, withoutBoxes: 30, uncutPhotos: 0 },
    });
    expect(curation.annotations).toMatchObject({ found: 10, used: 10 });
    expect(curation.manifests.train).toHaveLength(16);
  });

  it('counts photos that are too small to cut', () => {
    const small = Array.from({ length: 10 }, (_, i) =>
      drawn(`p${i}.jpg`, [boxOf('acne', { width: 30, height: 30 })], { stored: { width: 110, height: 110 } }),
    );
    expect(curated(small, TILED).images.tiles).toEqual({
      ...{ train: 0, val: 0, withoutBoxes: 0 },
      uncutPhotos: 10,
    });
  });

  it.each([
    [1800, 6, undefined],
    [1280, 5, undefined],
    [1280, 6, 6],
    [1281, 10, undefined],
  ])(
    'reports photos of up to IMAGE_MAX_SIDE if they are most: %d pixels, %d of 10',
    (side, count, reported) => {
      const some = Array.from({ length: 10 }, (_, i) =>
        drawn(`p${i}.jpg`, [boxOf('acne', { x: 10, y: 10 })], {
          stored: { width: i < count ? side : 1800, height: 900 },
        }),
      );
      const finding = findingOf(curated(some, { ...TILED, imageMaxSide: 1280 }), 'TILES_WITHOUT_DETAIL');
      expect(finding?.count).toBe(reported);
      if (reported !== undefined)
        expect(finding?.message).toMatch(
          /^6 of 10 photos have sides of up to IMAGE_MAX_SIDE=1280 pixels, so/,
        );
      expect(
        findingOf(curated(some, { ...SMALL, imageMaxSide: 1280 }), 'TILES_WITHOUT_DETAIL'),
      ).toBeUndefined();
    },
  );

  it('puts all tiles of a photo on one side of the split', () => {
    const { manifests } = curated(photos([boxOf('acne', { x: 850, y: 420, width: 60, height: 50 })]), TILED);
    const inVal = new Set(manifests.val.map(({ path }) => path));
    expect(inVal.size).toBe(2);
    expect(manifests.train.filter(({ path }) => inVal.has(path))).toEqual([]);
  });

  it('uses the boxes beyond MAX_BOX_PER_IMAGE that a tile has room for, and reports the others', () => {
    const row = (y: number) =>
      Array.from({ length: 30 }, (_, i) => boxOf('acne', { x: 10 + 20 * i, y, width: 10, height: 10 }));
    const settings = { ...TILED, maxBoxPerImage: 30 };
    const spread = curated(photos([...row(100), ...row(700)]), settings);
    expect(spread.annotations).toMatchObject({ used: 600, dropped: {} });
    expect(findingOf(spread, 'BOXES_CUT')).toBeUndefined();
    const dense = curated(photos([...row(100), ...row(200)]), settings);
    expect(dense.annotations).toMatchObject({ used: 300, dropped: { 'over-max-boxes': 300 } });
    expect(findingOf(dense, 'BOXES_CUT')?.count).toBe(10);
    for (const { boxes } of [...spread.manifests.train, ...dense.manifests.train])
      expect(boxes.length).toBeLessThanOrEqual(30);
  });

  it('is advised for photos with more boxes than MAX_BOX_PER_IMAGE if tiles have room for them', () => {
    const corner = (x: number, y: number) =>
      Array.from({ length: 20 }, (_, i) => boxOf('acne', { x: x + 20 * i, y, width: 10, height: 10 }));
    const spread = photos([...corner(10, 10), ...corner(1300, 10), ...corner(10, 800), ...corner(1300, 800)]);
    expect(findingOf(curated(spread, SMALL), 'BOXES_CUT')?.message).toContain('Set TILES=2, or');
    const dense = photos([0, 15, 30, 45].flatMap((y) => corner(10, y)));
    expect(findingOf(curated(dense, SMALL), 'BOXES_CUT')?.message).toContain('Cut these images into');
  });

  it('lists tiles in images.jsonl with the path of their photo and their area in it', () => {
    const { manifests } = curated(photos([boxOf('acne', { x: 1700, y: 800, width: 50, height: 50 })]), TILED);
    const lines = [...versionImageLines(manifests.train, manifests.val)].map((line) => JSON.parse(line));
    expect(lines.filter(({ path }) => path === 'p0.jpg')).toMatchObject([
      { key: 'datasets/d/preprocessed/p0-4.jpg', tile: { left: 800, top: 400, width: 1000, height: 500 } },
      { key: 'datasets/d/preprocessed/p0.jpg', width: 1800 },
    ]);
  });

  it('is advised for boxes that are too small at the resolution of training but not in the photos', () => {
    const large = { stored: { width: 4000, height: 3000 }, output: { width: 1280, height: 960 } };
    const images = Array.from({ length: 10 }, (_, i) =>
      drawn(`p${i}.jpg`, [boxOf('acne'), boxOf('acne', { x: 900, y: 900, width: 12, height: 12 })], large),
    );
    const message = findingOf(curated(images, SMALL), 'BOXES_TOO_SMALL')?.message;
    expect(message).toContain('Set TILES=2, which keeps 10 of 10 boxes');
    const tiny = images.map(({ image, result }) => ({
      image: { ...image, boxes: [boxOf('acne'), boxOf('acne', { width: 5, height: 5 })] },
      result,
    }));
    expect(findingOf(curated(tiny, SMALL), 'BOXES_TOO_SMALL')?.message).not.toContain('TILES');
  });

  it('changes nothing in the manifests and counts if TILES is 1', () => {
    const { images, manifests, train, val } = curated(photos([boxOf('acne')]), { ...TILED, tiles: 1 });
    expect([manifests.train, manifests.val]).toEqual([train, val]);
    expect(images).not.toHaveProperty('tiles');
    const context = { bucket: 'b', dataset: 'd', creationDate: '2025-09-14T08:30:12' };
    expect(manifestText(manifests.train, ['acne'], context)).not.toContain('-1.jpg');
  });
});
