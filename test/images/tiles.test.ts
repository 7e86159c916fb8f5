import { expect, it } from '@jest/globals';
import sharp from 'sharp';
import { preparePhoto } from '../../src/images/photo.js';
import { preprocessImage } from '../../src/images/preprocess.js';
import { waves } from './pictures.js';

async function tiled(bytes: Buffer, imageMaxSide = 1280) {
  const image = await preprocessImage(bytes, { imageMaxSide, tiles: 2 });
  if ('reason' in image) throw new Error(image.message);
  return image;
}
const pixels = (body: Buffer) => sharp(body).raw().toBuffer();

it('tiles show the pixels of their area of the upright photo', async () => {
  const turned = await waves(300, 200).withMetadata({ orientation: 6 }).png().toBuffer();
  const { body, output, tiles } = await tiled(turned);
  expect(output).toEqual({ width: 200, height: 300 });
  expect(tiles.map(({ area }) => [area.left, area.top, area.width, area.height])).toEqual([
    [0, 0, 112, 167],
    [88, 0, 112, 167],
    [0, 133, 112, 167],
    [88, 133, 112, 167],
  ]);
  for (const { area, body: tile } of tiles) {
    expect(await pixels(tile)).toEqual(await pixels(await sharp(body).extract(area).png().toBuffer()));
  }
});

it('tiles have up to IMAGE_MAX_SIDE pixels, so that they show more detail than the photo without tiles', async () => {
  const { output, tiles } = await tiled(await waves(800, 600).jpeg().toBuffer(), 256);
  expect(output).toEqual({ width: 460, height: 345 });
  expect(tiles[0]?.area).toMatchObject({ width: 256, height: 192 });
});

it('a photo for detection is cut as the photos of the model were', async () => {
  const photo = await preparePhoto('a.jpg', await waves(900, 450).jpeg().toBuffer(), {
    ...{ imageMaxSide: 1280, tiles: 2 },
  });
  if ('problem' in photo) throw new Error(photo.problem);
  expect(photo.tiles.map(({ area }) => [area.left.toFixed(2), area.top.toFixed(2)])).toEqual([
    ['0.00', '0.00'],
    ['0.44', '0.00'],
    ['0.00', '0.44'],
    ['0.44', '0.44'],
  ]);
  const whole = await preparePhoto('a.jpg', await waves(900, 450).jpeg().toBuffer(), { imageMaxSide: 1280 });
  expect(whole).toMatchObject({ tiles: [] });
});
