import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { hasLowContrast } from '../../src/dataset/model/contrast.js';
import { type PreparedImage, preprocessImage } from '../../src/images/preprocess.js';
import { cameraPng, waves } from './pictures.js';

async function prepared(bytes: Buffer, stretchContrast?: 'off' | 'auto'): Promise<PreparedImage> {
  const result = await preprocessImage(bytes, {
    imageMaxSide: 1280,
    ...(stretchContrast ? { stretchContrast } : {}),
  });
  if ('reason' in result) throw new Error(result.message);
  return result;
}

const luma = async (body: Buffer) => Uint8Array.from(await sharp(body).greyscale().raw().toBuffer());

/** Pearson correlation of two pictures' luma, -1 to 1. */
async function correlation(a: Buffer, b: Buffer): Promise<number> {
  const [p, q] = [await luma(a), await luma(b)];
  const mean = (values: Uint8Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanP, meanQ] = [mean(p), mean(q)];
  let [product, squaresP, squaresQ] = [0, 0, 0];
  for (const [i, value] of p.entries()) {
    const [x, y] = [value - meanP, (q[i] ?? 0) - meanQ];
    product += x * y;
    squaresP += x * x;
    squaresQ += y * y;
  }
  return product / Math.sqrt(squaresP * squaresQ);
}

const dark = (factor: number) => waves(300, 200).linear(factor, 0).jpeg({ quality: 95 }).toBuffer();
const uniform = () =>
  sharp({ create: { width: 96, height: 80, channels: 3, background: '#404040' } })
    .png()
    .toBuffer();

describe('low contrast', () => {
  it.each([
    ['10 bits in a 16-bit PNG', () => cameraPng(waves(300, 200), 10)],
    ['12 bits in a 16-bit PNG', () => cameraPng(waves(300, 200), 12)],
    ['a nearly black JPEG', () => dark(0.1)],
    ['a uniform picture', uniform],
    [
      'a uniform picture with single bright spots',
      () =>
        sharp({ create: { width: 640, height: 640, channels: 3, background: '#404040' } })
          .composite([{ input: { create: { width: 30, height: 30, channels: 3, background: '#fff' } } }])
          .png()
          .toBuffer(),
    ],
  ])('low contrast is detected in %s', async (_, make) => {
    expect(hasLowContrast((await prepared(await make())).thumbnail64)).toBe(true);
  });

  it.each([
    ['an ordinary picture', () => waves(300, 200).jpeg().toBuffer()],
    ['a dark picture with visible detail', () => dark(0.4)],
    ['a faint picture of medium brightness', () => waves(300, 200).linear(0.07, 90).png().toBuffer()],
    ['16 bits in a 16-bit PNG', () => cameraPng(waves(300, 200), 16)],
  ])('low contrast is not detected in %s', async (_, make) => {
    expect(hasLowContrast((await prepared(await make())).thumbnail64)).toBe(false);
  });
});

describe('STRETCH_CONTRAST', () => {
  it.each([10, 12, 13])(
    'STRETCH_CONTRAST=auto restores a picture of %d bits in a 16-bit PNG',
    async (bits) => {
      const image = await prepared(await cameraPng(waves(300, 200), bits), 'auto');
      expect(image).toMatchObject({ untouched: false, format: 'png', output: { width: 300, height: 200 } });
      expect(await sharp(image.body).metadata()).toMatchObject({
        depth: 'uchar',
        channels: 3,
        space: 'srgb',
      });
      expect(hasLowContrast(image.thumbnail64)).toBe(false);
      expect(await correlation(image.body, await waves(300, 200).png().toBuffer())).toBeGreaterThan(0.99);
      const values = await luma(image.body);
      expect([Math.min(...values), Math.max(...values)]).toEqual([0, 255]);
    },
  );

  it('STRETCH_CONTRAST=auto keeps the hue of a nearly black picture', async () => {
    const red = await sharp({ create: { width: 200, height: 160, channels: 3, background: '#080000' } })
      .composite([{ input: { create: { width: 100, height: 160, channels: 3, background: '#000000' } } }])
      .png()
      .toBuffer();
    const { body } = await prepared(red, 'auto');
    const { channels } = await sharp(body).stats();
    expect(channels.map(({ max }) => max)).toEqual([255, 0, 0]);
  });

  it.each([
    ['an ordinary picture', () => waves(300, 200).jpeg().toBuffer()],
    ['a uniform picture', uniform],
  ])('STRETCH_CONTRAST=auto keeps the bytes of %s', async (_, make) => {
    const source = await make();
    expect((await prepared(source, 'auto')).body.equals(source)).toBe(true);
  });

  it.each(['off', undefined] as const)(
    'STRETCH_CONTRAST=%s keeps a nearly black picture nearly black',
    async (setting) => {
      const { body } = await prepared(await cameraPng(waves(300, 200), 12), setting);
      expect(Math.max(...(await luma(body)))).toBeLessThan(16);
    },
  );

  it('STRETCH_CONTRAST=auto gives the same bytes each time', async () => {
    const source = await cameraPng(waves(300, 200), 12);
    const [one, other] = [await prepared(source, 'auto'), await prepared(source, 'auto')];
    expect(one.body.equals(other.body)).toBe(true);
    expect(one.thumbnail64).toEqual(other.thumbnail64);
  });
});
