import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { bufferSource } from '../../src/archive/source.js';
import { DEFAULT_DATASET_SETTINGS as settings } from '../../src/dataset/model/settings.js';
import { shareProblem } from '../../src/images/decoding-cost.js';
import { formatOf } from '../../src/images/format.js';
import { miniature } from '../../src/images/miniature.js';
import { inspect } from '../../src/pipeline/inspect.js';
import { processBatch } from '../../src/pipeline/process-batch.js';
import type { Reusable } from '../../src/pipeline/reusable.js';
import { picture, zipOf } from '../support/archives.js';
import { scansJpeg } from '../support/hostile/jpeg.js';
import { blankWebp } from '../support/hostile/other-formats.js';
import { blackPng } from '../support/hostile/png.js';

const black = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: 'black' } });
const deepInterlaced = (side: number) => blackPng(side, side, { depth: 16, colour: 6, interlaced: true });

/** What is wrong with a picture that is one of several; null if nothing is. */
async function problemOf(bytes: Buffer, images: number, packedBytes: number) {
  const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
  return shareProblem(bytes, formatOf(bytes), { width, height }, { images, packedBytes })?.message ?? null;
}

describe('a share of the time for decoding', () => {
  it.each<[string, () => Buffer | Promise<Buffer>, number]>([
    ['an interlaced PNG of 100 megapixels', () => blackPng(10_000, 10_000, { interlaced: true }), 1_400],
    ['an interlaced PNG of 16 bits', () => deepInterlaced(4_000), 912],
    ['a progressive JPEG of 80 scans', () => scansJpeg(4_000, 4_000, 80), 768],
    ['a blank JPEG of 100 megapixels', () => black(10_000, 10_000).jpeg().toBuffer(), 500],
    ['a JPEG with a colour profile', () => black(5_000, 5_000).withIccProfile('p3').jpeg().toBuffer(), 575],
    ['a JPEG in CMYK', () => black(3_000, 3_000).toColourspace('cmyk').jpeg().toBuffer(), 668],
    [
      'a TIFF in CMYK',
      () => black(3_000, 3_000).toColourspace('cmyk').tiff({ compression: 'deflate' }).toBuffer(),
      668,
    ],
    [
      'a TIFF of 16 bits',
      () => black(3_000, 3_000).toColourspace('rgb16').tiff({ compression: 'deflate' }).toBuffer(),
      243,
    ],
    ['a blank WebP of 16 megapixels', () => blankWebp(4_000, 4_000), 176],
    ['a blank WebP of 9 megapixels', () => blankWebp(3_000, 3_000), 99],
    ['a black PNG of 15 megapixels', () => blackPng(4_000, 3_750, { colour: 0 }), 75],
    ['a small TIFF in CMYK', () => black(64, 64).toColourspace('cmyk').tiff().toBuffer(), 38],
    ['a blank GIF of 16 megapixels', () => black(4_000, 4_000).gif().toBuffer(), 304],
  ])(
    'a picture of a large archive is rejected if it takes more than its share of the time for decoding: %s',
    async (_, make, ms) => {
      const bytes = await make();
      const { length } = deflateRawSync(bytes);
      const share = Math.round(Math.max(10, Math.min(150, length * 0.005)) + length * 0.001);
      const problem = await problemOf(bytes, 1_000, length);
      expect(problem).toMatch(
        `take ${ms} ms; the maximum for ${length} bytes in an archive of 1000 images is ${share} ms. Resize it`,
      );
      expect(await problemOf(bytes, 1, length)).toBeNull();
    },
  );

  it.each<[string, () => Buffer | Promise<Buffer>, number]>([
    ['a progressive photo of 50 megapixels', () => scansJpeg(8_192, 6_144, 10), 10_000_000],
    ['a blurred progressive photo of 24 megapixels', () => scansJpeg(6_000, 4_000, 10), 500_000],
    ['a black photo of 24 megapixels', () => black(6_000, 4_000).jpeg().toBuffer(), 140_000],
    ['a screenshot of 15 megapixels', () => blackPng(5_120, 2_880, { colour: 6 }), 200_000],
    ['a blank scan of 30 megapixels', () => blackPng(4_960, 6_000, { colour: 0 }), 30_000],
    ['an interlaced PNG of 8 megapixels', () => blackPng(3_840, 2_160, { interlaced: true }), 25_000],
    ['a microscope picture of 16 bits', () => blackPng(4_000, 4_000, { depth: 16, colour: 0 }), 2_000_000],
    ['a black-and-white scan of 9 megapixels', () => blackPng(2_480, 3_508, { colour: 0 }), 10_000],
    ['an AVIF photo of 6 megapixels', () => black(3_000, 2_000).avif({ effort: 0 }).toBuffer(), 150_000],
  ])(
    'a picture of the largest archive is used if its decoding is usual: %s',
    async (_, make, packedBytes) => {
      expect(await problemOf(await make(), 250_000, packedBytes)).toBeNull();
    },
  );

  it('a picture does not get more time for decoding by bytes that the archive compresses', async () => {
    const padded = Buffer.concat([blackPng(10_000, 10_000, { interlaced: true }), Buffer.alloc(1_000_000)]);
    expect(await problemOf(padded, 1_000, 2_000_000)).toBeNull();
    expect(await problemOf(padded, 1_000, 2_000)).toMatch('the maximum for 2000 bytes');
  });

  it('a report shows no rejected picture that takes long to decode', async () => {
    expect(await miniature(deepInterlaced(2_500), null)).toBeUndefined();
    expect(await miniature(deepInterlaced(1_000), null)).toBeDefined();
  });
});

/** Preprocesses the first batch of an archive of these files. */
async function processed(files: Readonly<Record<string, Buffer>>, reusable?: Reusable) {
  const names = Object.keys(files);
  const coco = {
    images: names.map((file_name, id) => ({ id, file_name })),
    annotations: names.map((_, id) => ({ id, image_id: id, category_id: 1, bbox: [5, 5, 20, 20] })),
    categories: [{ id: 1, name: 'apple' }],
  };
  const source = bufferSource(await zipOf({ ...files, '_annotations.coco.json': JSON.stringify(coco) }));
  const [batch] = (await inspect(source, settings)).batches;
  if (!batch) throw new Error('No batch.');
  const nothing = async () => undefined;
  return await processBatch({
    ...{ source, batch, settings, dataset: 'd', onImage: () => undefined },
    ...(reusable ? { reusable } : {}),
    sink: { raw: nothing, preprocessed: nothing, copied: async () => true },
  });
}

it('a costly picture is used in a small archive and rejected in a large one, also if its earlier result is known', async () => {
  const costly = deepInterlaced(2_000);
  const photo = await picture(1);
  const photos = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`b-${n}.jpg`, photo]));
  const small = await processed({ 'a.png': costly, 'b.jpg': photo });
  const [result] = small.result.images;
  if (result?.status !== 'preprocessed') throw new Error('Rejected in the small archive.');

  const earlier = { path: 'a.png', result, thumbnail: small.thumbnails.subarray(0, 4096), hasRaw: true };
  const reusable = { sameArchive: false, images: new Map([['a.png', earlier]]) };
  for (const known of [undefined, reusable]) {
    const { images } = (await processed({ 'a.png': costly, ...photos }, known)).result;
    expect(images.filter(({ status }) => status === 'rejected')).toMatchObject([
      { path: 'a.png', reason: 'too-costly', message: expect.stringMatching('in an archive of 101 images') },
    ]);
  }
});
