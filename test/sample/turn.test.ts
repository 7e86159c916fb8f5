import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { ExifOrientation } from '../../src/dataset/model/types.js';
import { inverseTurn, type Pixels, turnPixels, turnSampleBox } from '../../src/sample/turn.js';

const ORIENTATIONS: ExifOrientation[] = [1, 2, 3, 4, 5, 6, 7, 8];
const WIDTH = 5;
const HEIGHT = 3;
const STORED: Pixels = {
  width: WIDTH,
  height: HEIGHT,
  rgb: Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => i * 5),
};

describe.each(ORIENTATIONS)('EXIF orientation %i', (orientation) => {
  it('rotates pixels as an image library does', async () => {
    const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const;
    const png = await sharp(STORED.rgb, { raw }).withMetadata({ orientation }).png().toBuffer();
    const { data, info } = await sharp(png).autoOrient().raw().toBuffer({ resolveWithObject: true });
    const shown = turnPixels(STORED, orientation);
    expect([shown.width, shown.height]).toEqual([info.width, info.height]);
    expect(Buffer.from(shown.rgb).equals(data)).toBe(true);
  });

  it('an EXIF orientation is undone by its inverse', () => {
    expect(turnPixels(turnPixels(STORED, orientation), inverseTurn(orientation))).toEqual(STORED);
  });

  it('moves a box with the pixels inside it', () => {
    const box = turnSampleBox({ label: 'papule', left: 3, top: 1, width: 1, height: 1 }, STORED, orientation);
    const shown = turnPixels(STORED, orientation);
    expect(shown.rgb[3 * (box.top * shown.width + box.left)]).toBe(STORED.rgb[3 * (1 * WIDTH + 3)]);
  });

  it('swaps the sides of a box if it swaps the sides of the picture', () => {
    const box = turnSampleBox({ label: 'papule', left: 0, top: 0, width: 5, height: 3 }, STORED, orientation);
    const { width, height } = turnPixels(STORED, orientation);
    expect(box).toEqual({ label: 'papule', left: 0, top: 0, width, height });
  });
});
