import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { marked, redCentre, waves } from './pictures.js';
import { flat, prepared } from './prepared.js';

/** Mean difference of two encoded pictures' sRGB pixels, 0 to 255. */
async function difference(a: Buffer, b: Buffer): Promise<number> {
  const [p, q] = await Promise.all(
    [a, b].map((image) => sharp(image).toColourspace('srgb').raw().toBuffer()),
  );
  if (p?.length !== q?.length || !p || !q) throw new Error('Pictures of different shape.');
  return p.reduce((sum, value, i) => sum + Math.abs(value - (q[i] ?? 0)), 0) / p.length;
}

describe('an image that needs no conversion', () => {
  it.each([
    ['JPEG', () => waves(640, 480).jpeg({ quality: 80 }).toBuffer(), 'jpg', 'image/jpeg'],
    ['progressive JPEG', () => waves(640, 480).jpeg({ progressive: true }).toBuffer(), 'jpg', 'image/jpeg'],
    ['PNG', () => waves(200, 300).png().toBuffer(), 'png', 'image/png'],
  ])('an image that needs no conversion is kept byte for byte: %s', async (_, make, format, contentType) => {
    const source = await make();
    const image = await prepared(source);
    expect(image.body.equals(source)).toBe(true);
    expect(image).toMatchObject({ untouched: true, format, contentType, orientation: 1 });
    expect(image.stored).toEqual(image.output);
  });
});

describe('an image that needs conversion', () => {
  it.each([
    [
      'progressive CMYK JPEG',
      () => waves(300, 200).toColourspace('cmyk').jpeg({ quality: 95, progressive: true }).toBuffer(),
      'jpg',
    ],
    ['CMYK JPEG', () => waves(300, 200).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(), 'jpg'],
    ['greyscale JPEG', () => waves(300, 200).toColourspace('b-w').jpeg().toBuffer(), 'jpg'],
    ['16 bit PNG', () => waves(300, 200).toColourspace('rgb16').png().toBuffer(), 'png'],
    ['greyscale PNG', () => waves(300, 200).toColourspace('b-w').png().toBuffer(), 'png'],
    ['WebP', () => waves(300, 200).webp({ quality: 95 }).toBuffer(), 'jpg'],
    ['TIFF', () => waves(300, 200).tiff().toBuffer(), 'jpg'],
    ['GIF', () => waves(300, 200).gif().toBuffer(), 'jpg'],
    ['AVIF', () => waves(300, 200).avif({ quality: 90, effort: 0 }).toBuffer(), 'jpg'],
  ])(
    'an image that needs conversion is converted to 8-bit sRGB with three channels and looks the same: %s',
    async (_, make, format) => {
      const source = await make();
      const image = await prepared(source);
      expect(image).toMatchObject({ untouched: false, format, output: { width: 300, height: 200 } });
      const metadata = await sharp(image.body).metadata();
      expect(metadata).toMatchObject({
        format: format === 'jpg' ? 'jpeg' : 'png',
        space: 'srgb',
        channels: 3,
        depth: 'uchar',
      });
      expect(
        await difference(image.body, await sharp(source).toColourspace('srgb').png().toBuffer()),
      ).toBeLessThan(4);
    },
  );

  it.each([
    ['further pictures after the first, as in an MPO file', mpo],
    ['appended bytes', async () => Buffer.concat([await jpeg(), Buffer.from('ftypmp42 a film')])],
    [
      'missing bytes after the last pixel',
      async () => (await waves(300, 200).png().toBuffer()).subarray(0, -6),
    ],
  ])(
    'an image that needs conversion is stored without anything but its first picture: %s',
    async (_, make) => {
      const source = await make();
      const image = await prepared(source);
      expect(image).toMatchObject({ untouched: false, output: { width: 300, height: 200 } });
      expect(image.body.includes('MPF')).toBe(false);
      expect(image.body.includes('film')).toBe(false);
      expect(await difference(image.body, await waves(300, 200).png().toBuffer())).toBeLessThan(4);
      expect((await prepared(image.body)).untouched).toBe(true);
    },
  );

  it('shows transparent parts in white', async () => {
    const clear = {
      create: { width: 100, height: 80, channels: 4, background: { r: 200, g: 0, b: 0, alpha: 0 } },
    };
    const image = await prepared(
      await sharp({ create: { ...clear.create, channels: 4 } })
        .png()
        .toBuffer(),
    );
    expect(image.format).toBe('png');
    expect([...(await sharp(image.body).raw().toBuffer()).subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  it('an image that needs conversion has its colours converted by the embedded profile', async () => {
    const pixels = { width: 100, height: 100, channels: 3 } as const;
    const red = await sharp({ create: { ...pixels, background: { r: 255, g: 0, b: 0 } } })
      .withIccProfile('p3')
      .png()
      .toBuffer();
    const image = await prepared(red);
    expect(image.untouched).toBe(false);
    const rgb = await sharp(image.body).raw().toBuffer();
    expect([rgb[0], rgb[1], rgb[2]].map((value) => Math.round((value ?? 0) / 8))).toEqual([32, 0, 0]);
  });

  it('an image that needs conversion is stored without EXIF, GPS, XMP and colour profile', async () => {
    const source = await waves(300, 200)
      .withExif({ IFD0: { Artist: 'somebody' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><secret/></x:xmpmeta>')
      .withIccProfile('p3')
      .jpeg()
      .toBuffer();
    const image = await prepared(source);
    const { exif, xmp, icc, iptc } = await sharp(image.body).metadata();
    expect({ exif, xmp, icc, iptc }).toEqual({});
    expect(image.body.includes('somebody')).toBe(false);
    expect(image.body.includes('secret')).toBe(false);
  });

  it('an image that needs conversion is stored as the first page of an animation', async () => {
    const frames = await Promise.all([10, 240].map((grey) => flat(100, 100, grey)));
    const image = await prepared(
      await sharp(frames, { join: { animated: true } })
        .gif()
        .toBuffer(),
    );
    expect(image.output).toEqual({ width: 100, height: 100 });
    expect((await sharp(image.body).raw().toBuffer())[0]).toBeLessThan(20);
  });

  it('an image that needs conversion is stored as PNG if its content is PNG', async () => {
    expect((await prepared(await waves(100, 100).png().toBuffer())).contentType).toBe('image/png');
  });

  it('an image that needs conversion is converted to the same bytes and thumbnail each time', async () => {
    const source = await waves(1700, 900).jpeg().toBuffer();
    const [first, second] = [await prepared(source), await prepared(source)];
    expect(second.body.equals(first.body)).toBe(true);
    expect(second.thumbnail64).toEqual(first.thumbnail64);
  });
});

describe('EXIF orientation', () => {
  /** Maps a point of the stored picture to the upright picture, both in shares of the sides (EXIF 2.3, 4.6.4). */
  const UPRIGHT: Record<number, (x: number, y: number) => [number, number]> = {
    1: (x, y) => [x, y],
    2: (x, y) => [1 - x, y],
    3: (x, y) => [1 - x, 1 - y],
    4: (x, y) => [x, 1 - y],
    5: (x, y) => [y, x],
    6: (x, y) => [1 - y, x],
    7: (x, y) => [1 - y, 1 - x],
    8: (x, y) => [y, 1 - x],
  };

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %d is applied to the pixels', async (orientation) => {
    const source = await marked(800, 600, { x: 180, y: 100 }, 40)
      .withMetadata({ orientation })
      .jpeg({ quality: 95 })
      .toBuffer();
    const image = await prepared(source, { imageMaxSide: 400 });
    const [x, y] = UPRIGHT[orientation]?.(180 / 800, 100 / 600) ?? [0, 0];
    const turned = orientation > 4;
    expect(image).toMatchObject({
      orientation,
      untouched: false,
      stored: { width: 800, height: 600 },
      output: turned ? { width: 300, height: 400 } : { width: 400, height: 300 },
    });
    const centre = await redCentre(image.body);
    expect(Math.abs(centre.x - x * image.output.width)).toBeLessThan(0.6);
    expect(Math.abs(centre.y - y * image.output.height)).toBeLessThan(0.6);
    expect((await sharp(image.body).metadata()).orientation).toBeUndefined();
  });
});

const jpeg = () => waves(300, 200).jpeg({ quality: 95 }).toBuffer();

/** A JPEG with the index of a Multi-Picture file, followed by a second JPEG. */
async function mpo(): Promise<Buffer> {
  const first = await jpeg();
  const index = Buffer.from('\xff\xe2\x00\x0aMPF\0II*\0', 'latin1');
  const second = await flatJpeg(300, 200);
  return Buffer.concat([first.subarray(0, 2), index, first.subarray(2), second]);
}

const flatJpeg = async (width: number, height: number) =>
  await sharp(await flat(width, height, 0))
    .jpeg()
    .toBuffer();
