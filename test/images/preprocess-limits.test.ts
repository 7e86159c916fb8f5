import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { waves } from './pictures.js';
import { flat, prepared, rejection } from './prepared.js';

describe('the size of a preprocessed image', () => {
  it('the size of a preprocessed image is limited on the longer side and keeps the aspect ratio', async () => {
    const image = await prepared(await waves(2000, 1000).jpeg().toBuffer(), { imageMaxSide: 640 });
    expect(image).toMatchObject({
      stored: { width: 2000, height: 1000 },
      output: { width: 640, height: 320 },
    });
    expect(await sharp(image.body).metadata()).toMatchObject({ width: 640, height: 320 });
  });

  it('the size of a preprocessed image is never larger than the source', async () => {
    const image = await prepared(await waves(100, 90).jpeg().toBuffer(), { imageMaxSide: 4096 });
    expect(image.output).toEqual({ width: 100, height: 90 });
  });

  it('a preprocessed image may be smaller than 4,096 px if its source is larger', async () => {
    const image = await prepared(await flat(4500, 300, 90));
    expect(image).toMatchObject({
      stored: { width: 4500, height: 300 },
      output: { width: 1280, height: 85 },
    });
  });

  it('the size of a preprocessed image is limited after rotation by EXIF', async () => {
    const source = await waves(1000, 500).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const image = await prepared(source, { imageMaxSide: 500 });
    expect(image).toMatchObject({
      stored: { width: 1000, height: 500 },
      orientation: 6,
      output: { width: 250, height: 500 },
    });
  });

  it.each([
    [64, 64, 'accepted'],
    [63, 64, 'too-small: 63x64 pixels after resizing; the minimum of Rekognition is 64 per side.'],
    [1280, 64, 'accepted'],
    [
      1300,
      64,
      'aspect-ratio: 1280x63 pixels after resizing; the maximum aspect ratio of Rekognition is 20:1.',
    ],
    [
      4000,
      60,
      'aspect-ratio: 1280x19 pixels after resizing; the maximum aspect ratio of Rekognition is 20:1.',
    ],
    [1280, 70, 'accepted'],
    [4000, 201, 'accepted'],
    [
      3840,
      190,
      'aspect-ratio: 1280x63 pixels after resizing; the maximum aspect ratio of Rekognition is 20:1.',
    ],
  ])(
    'the size of a preprocessed image is checked against the limits of the service: %dx%d',
    async (width, height, expected) => {
      expect(await rejection(await waves(width, height).png().toBuffer())).toBe(expected);
    },
  );

  it('an image with too many bytes is refused with the setting to lower', async () => {
    const side = 2400;
    const noise = Buffer.alloc(side * side * 3);
    let state = 1;
    for (let i = 0; i < noise.length; i++) {
      state = (state * 48271) % 2147483647;
      noise[i] = state & 255;
    }
    const source = await sharp(noise, { raw: { width: side, height: side, channels: 3 } })
      .png({ compressionLevel: 0 })
      .toBuffer();
    expect(await rejection(source, { imageMaxSide: 4096 })).toMatch(
      /^too-large: \d+ bytes as PNG; the maximum of Rekognition is 15728640\. Lower IMAGE_MAX_SIDE\.$/,
    );
    expect(await rejection(source, { imageMaxSide: 1280 })).toBe('accepted');
  });

  it('an image is refused by its header if decoding would fill the memory', async () => {
    const bomb = await flat(64, 64, 0);
    bomb.writeUInt32BE(30_000, 16);
    bomb.writeUInt32BE(30_000, 20);
    expect(await rejection(withCrc(bomb))).toBe('too-large: More than 200000000 pixels. Resize the image.');
  });
});

describe('an unusable image', () => {
  it.each([
    [
      'SVG',
      '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><image href="file:///etc/passwd"/></svg>',
    ],
    [
      'SVG with a prolog',
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    ],
    ['PDF', '%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj'],
    ['text', 'See the other archive.'],
    ['a video', '\0\0\0\x18ftypisom\0\0\x02\0isomiso2'],
    ['nothing', ''],
  ])('an unusable image is refused before decoding: %s', async (_, text) => {
    expect(await rejection(Buffer.from(text))).toBe(
      'unsupported-format: The file is not an image of a known format. Save it as JPEG or PNG.',
    );
  });

  it.each([
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 9\n',
      'Run `git lfs pull`, then zip the files that it fetches.',
    ],
    [
      'a web page',
      '<!doctype html><title>404</title>',
      'The download failed or needs a login. Download the dataset again.',
    ],
  ])('an unusable image is refused with what to do if it is %s', async (name, text, advice) => {
    expect(await rejection(Buffer.from(text))).toBe(
      `unsupported-format: The file is ${name}, not an image. ${advice}`,
    );
  });

  it.each([
    ['BMP', Buffer.from('BM\x46\0\0\0\0\0\0\0\x36\0\0\0', 'latin1')],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')],
    ['JPEG 2000', Buffer.from('\0\0\0\x0cjP  \r\n\x87\n', 'latin1')],
    ['JPEG XL', Buffer.from('\0\0\0\x0cJXL \r\n\x87\n', 'latin1')],
    ['JPEG XL', Buffer.from('\xff\x0a\x00\x10', 'latin1')],
    ['PSD', Buffer.from('8BPS\0\x01', 'latin1')],
  ])('an unusable image is refused with the name of its format: %s', async (name, bytes) => {
    expect(await rejection(bytes)).toBe(
      `unsupported-format: ${name} images are not supported. Save it as JPEG or PNG.`,
    );
  });

  it.each(['jpeg', 'png', 'webp', 'avif'] as const)(
    'an unusable image is refused as undecodable: truncated %s',
    async (format) => {
      const whole = await waves(400, 300).toFormat(format).toBuffer();
      expect(await rejection(whole.subarray(0, Math.floor(whole.length * 0.6)))).toBe(
        'undecodable: The image is damaged and cannot be decoded completely. Export it again.',
      );
    },
  );

  it.each([1, 2, 500])(
    'an unusable image is refused as undecodable: JPEG without its last %d bytes',
    async (missing) => {
      const whole = await waves(400, 300).jpeg().toBuffer();
      expect(await rejection(whole.subarray(0, whole.length - missing))).toMatch(/^undecodable: /);
    },
  );

  it.each(['jpeg', 'png'] as const)(
    'an unusable image is refused as undecodable: %s with only a header',
    async (format) => {
      const whole = await waves(400, 300).toFormat(format).toBuffer();
      const header = whole.subarray(0, 60);
      expect(await rejection(Buffer.concat([header, Buffer.alloc(2000, 0x20)]))).toMatch(/^undecodable: /);
    },
  );
});

/** Updates the checksum of a PNG's header. */
function withCrc(png: Buffer): Buffer {
  let crc = 0xffffffff;
  for (const byte of png.subarray(12, 29)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  png.writeUInt32BE(~crc >>> 0, 29);
  return png;
}
