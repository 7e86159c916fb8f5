import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { miniature } from '../../src/images/miniature.js';
import { MAX_TEXT_BYTES, runawayExif, withExif } from '../support/hostile/exif.js';
import { restartsJpeg, scansJpeg, withSegments } from '../support/hostile/jpeg.js';
import { blankWebp, framesGif, framesWebp, pagesTiff, withXmp } from '../support/hostile/other-formats.js';
import { animationFrames, blackPng, profileBomb, textBomb } from '../support/hostile/png.js';
import { waves } from './pictures.js';
import { prepared, rejection } from './prepared.js';

const photo = () => waves(300, 200).jpeg().toBuffer();
const white = async (width: number, height: number) =>
  await sharp({ create: { width, height, channels: 3, background: 'white' } })
    .jpeg({ progressive: true })
    .toBuffer();
const LARGE = Buffer.alloc(20_000_000);
/** A part of a colour profile that fills a segment. */
const PROFILE = Buffer.alloc(65_000);
PROFILE.write('ICC_PROFILE\0', 'latin1');
const EMPTY_COMMENT = Buffer.from([0x21, 0xfe, 0]);

/** A TIFF of three pages whose last one refers to the first one. */
function endlessTiff(): Buffer {
  const tiff = pagesTiff(96, 3);
  tiff.writeUInt32LE(tiff.readUInt32LE(4), tiff.length - 4);
  return tiff;
}
const texts = (count: number) => Array.from({ length: count }, () => textBomb(MAX_TEXT_BYTES));

describe('a picture that is too costly to decode', () => {
  const BASELINE = 'Save it as a baseline JPEG.';
  const TOO_MUCH = 'its metadata has more than 16 MB. Save it without metadata.';
  const TOO_MANY_PICTURES = 'it has more than 10000 frames or pages. Save the first one as JPEG or PNG.';

  it.each<[string, () => Buffer | Promise<Buffer>, string]>([
    [
      '800 scans of a large picture',
      () => scansJpeg(8000, 8000, 800),
      `it has 800 scans of 8000x8000 pixels. ${BASELINE}`,
    ],
    [
      '800 scans of a small picture',
      () => scansJpeg(64, 64, 800),
      `it has 800 scans of 64x64 pixels. ${BASELINE}`,
    ],
    [
      '40 scans of a huge picture',
      () => scansJpeg(14_000, 14_000, 40),
      `it has 40 scans of 14000x14000 pixels. ${BASELINE}`,
    ],
    [
      '20 scans of 100 megapixels in a file of 200 KB',
      () => scansJpeg(10_000, 10_000, 20),
      'a file of 198830 bytes with 20 scans of 10000x10000 pixels is blank. Remove it, or save it as a baseline JPEG.',
    ],
    [
      'an interlaced PNG of 16 bits that needs 1.6 GB',
      () => blackPng(14_142, 14_142, { depth: 16, colour: 6, interlaced: true }),
      `14142x14142 pixels in this form need 1600 MB; the maximum is 420 MB. ${BASELINE}`,
    ],
    [
      'an interlaced PNG of 121 megapixels with transparency',
      () => blackPng(11_000, 11_000, { colour: 6, interlaced: true }),
      `11000x11000 pixels in this form need 484 MB; the maximum is 420 MB. ${BASELINE}`,
    ],
    [
      'a WebP of 30 bytes with 100 megapixels',
      () => blankWebp(10_000, 10_000),
      'a file of 30 bytes with 10000x10000 pixels is blank. Remove or resize it.',
    ],
    [
      'EXIF directories that refer to themselves',
      async () => withExif(await photo(), runawayExif()),
      'its EXIF data has more than 2000 entries. Save it without metadata.',
    ],
    [
      'a JPEG with 20 MB of colour profiles',
      async () => withSegments(await photo(), 0xe2, PROFILE, 320),
      TOO_MUCH,
    ],
    ['a PNG with 20 MB of EXIF data', () => blackPng(96, 96, {}, { before: [['eXIf', LARGE]] }), TOO_MUCH],
    ['a WebP with 20 MB of XMP', () => withXmp(blankWebp(96, 96), LARGE), TOO_MUCH],
    ['a GIF of 10,001 frames', () => framesGif(96, 96, 10_001), TOO_MANY_PICTURES],
    [
      'a GIF of a million frames behind an extension without data that decoders take for more',
      () => framesGif(96, 96, 1_000_000, Buffer.from([0x21, 1, 0, 1, 0, 0])),
      TOO_MANY_PICTURES,
    ],
    ['a WebP of a million frames', () => framesWebp(96, 96, 1_000_000), TOO_MANY_PICTURES],
    ['a TIFF of 10,001 pages', () => pagesTiff(96, 10_001), TOO_MANY_PICTURES],
    [
      'a TIFF of 200,000 pages from last to first, of the other byte order',
      () => pagesTiff(96, 200_000, { bigEndian: true, backwards: true }),
      TOO_MANY_PICTURES,
    ],
  ])('a picture that is too costly to decode is rejected by its headers: %s', async (_, make, problem) => {
    const bytes = await make();
    expect(await rejection(bytes)).toBe(`too-costly: Decoding is too costly: ${problem}`);
    expect(await miniature(bytes, null)).toBeUndefined();
  });

  it.each<[string, () => Buffer | Promise<Buffer>]>([
    ['20 scans', () => scansJpeg(2000, 2000, 20)],
    ['a white progressive picture of 80 megapixels', () => white(10_000, 8_000)],
    ['a progressive photo of 50 megapixels', () => scansJpeg(8192, 6144, 10)],
    ['a restart after each block', () => restartsJpeg(2000, 2000, 1)],
    ['one restart after 65,535 blocks', () => restartsJpeg(2400, 2400, 65_535)],
    ['30,000 pixels in a row, interlaced', () => blackPng(30_000, 1_600, { interlaced: true })],
    ['a blank WebP of 16 megapixels', () => blankWebp(4000, 4000)],
    ['a GIF of 5,000 frames', () => framesGif(96, 96, 5000)],
    ['a GIF of 5,000 frames behind an empty extension', () => framesGif(96, 96, 5000, EMPTY_COMMENT)],
    ['a WebP of 5,000 frames', () => framesWebp(96, 96, 5000)],
    ['a TIFF of 5,000 pages', () => pagesTiff(96, 5000)],
    [
      'a TIFF of 5,000 pages of the other byte order, from last to first',
      () => pagesTiff(96, 5000, { bigEndian: true, backwards: true }),
    ],
    ['a TIFF whose last page refers to the first one', () => endlessTiff()],
  ])('a picture with unusual headers is used if its decoding is cheap: %s', async (_, make) => {
    expect(await rejection(await make())).toBe('accepted');
  });
});

describe('metadata', () => {
  it.each<[string, Buffer]>([
    ['compressed texts that unpack to 316 MB', blackPng(96, 96, {}, { before: texts(40) })],
    ['the same after the pixels', blackPng(96, 96, {}, { after: texts(40) })],
    ['10,000 frames of an animation', blackPng(96, 96, {}, animationFrames(10_000))],
    ['private chunks', blackPng(96, 96, {}, { before: [['prVt', Buffer.from('Patient: Doe')]] })],
  ])(
    'metadata of a PNG is removed before decoding, and its pixels are kept as they are: %s',
    async (_, png) => {
      const image = await prepared(png);
      expect(image).toMatchObject({ untouched: false, format: 'png' });
      expect(image.body).toEqual(blackPng(96, 96));
    },
  );

  it('metadata of a PNG is removed if it is a profile that unpacks to 100 MB', async () => {
    const { body, untouched } = await prepared(blackPng(96, 96, {}, { before: [profileBomb(100_000_000)] }));
    expect(untouched).toBe(false);
    expect(body.includes('iCCP')).toBe(false);
  });

  it.each([
    ['comments', 0xfe, 'Patient: Doe'],
    ['a vendor block', 0xe5, 'Patient: Doe'],
    ['XMP', 0xe1, 'http://ns.adobe.com/xap/1.0/\0Patient: Doe'],
    ['IPTC', 0xed, 'Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0cPatient: Doe'],
  ])('metadata of a JPEG is removed without encoding its pixels again: %s', async (_, marker, text) => {
    const plain = await photo();
    const image = await prepared(withSegments(plain, marker, Buffer.from(text, 'latin1'), 2000));
    expect(image.untouched).toBe(false);
    expect(image.body.equals(plain)).toBe(true);
  });

  it('metadata of a JPEG that decides how it looks is kept until it is applied', async () => {
    const source = await waves(300, 200)
      .withMetadata({ orientation: 6 })
      .withIccProfile('p3')
      .jpeg()
      .toBuffer();
    const image = await prepared(source);
    expect(image).toMatchObject({ orientation: 6, output: { width: 200, height: 300 } });
    const { exif, icc } = await sharp(image.body).metadata();
    expect({ exif, icc }).toEqual({});
  });
});
