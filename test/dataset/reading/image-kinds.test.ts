import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { DatasetError } from '../../../src/dataset/model/errors.js';
import { picture, zipOf } from '../../support/archives.js';
import { readWhole } from '../../support/whole-archive.js';

const GONE = 'gone.jpg';
const COCO = 'train/_annotations.coco.json';

/** Returns an archive of these images, each with one box in its middle, with one more record whose file is missing. */
async function archive(images: Readonly<Record<string, Buffer>>, more: Record<string, Buffer> = {}) {
  const names = [...Object.keys(images), GONE];
  const coco = {
    images: names.map((name, id) => ({ id, file_name: name })),
    annotations: names.map((_, id) => ({ id, image_id: id, category_id: 1, bbox: [20, 20, 40, 40] })),
    categories: [{ id: 1, name: 'wart' }],
  };
  const files = Object.entries(images).map(([name, bytes]) => [`train/${name}`, bytes]);
  return await zipOf({ [COCO]: JSON.stringify(coco), ...Object.fromEntries(files), ...more });
}

const jpegOf = async (seed: number) => sharp(await picture(seed, 200, 160));
const usable = async (): Promise<Record<string, Buffer>> => ({
  'baseline.jpg': await picture(1),
  'progressive.jpg': await (await jpegOf(2)).jpeg({ progressive: true }).toBuffer(),
  'cmyk.jpg': await (await jpegOf(3)).toColourspace('cmyk').jpeg().toBuffer(),
  'grey.jpg': await (await jpegOf(4)).toColourspace('b-w').jpeg().toBuffer(),
  'icc.jpg': await (await jpegOf(5)).withIccProfile('p3').jpeg().toBuffer(),
  'alpha.png': await (await jpegOf(6)).ensureAlpha(0.5).png().toBuffer(),
  '16 bit.png': await (await jpegOf(7)).toColourspace('rgb16').png().toBuffer(),
  'photo.webp': await (await jpegOf(8)).webp().toBuffer(),
  'photo.tiff': await (await jpegOf(9)).tiff().toBuffer(),
  'photo.avif': await (await jpegOf(10)).avif({ effort: 0 }).toBuffer(),
  'a png.jpg': await (await jpegOf(11)).png().toBuffer(),
  'a jpeg.png': await (await jpegOf(12)).jpeg().toBuffer(),
  'wide.jpg': await picture(13, 4500, 300),
  'turned.jpg': await (await jpegOf(14)).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
});

const unusable = async (): Promise<Record<string, Buffer>> => ({
  'small.jpg': await picture(20, 63, 80),
  'thin.jpg': await picture(21, 1400, 66),
  'truncated.jpg': (await picture(22, 300, 300)).subarray(0, 2_000),
  'noise.jpg': Buffer.concat([(await picture(23)).subarray(0, 200), Buffer.alloc(500, 0x55)]),
  'phone.heic': Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
  'page.jpg': Buffer.from('<!doctype html><title>404</title>'),
  'empty.jpg': Buffer.alloc(0),
});

describe('images of many formats in one archive', () => {
  let whole: Awaited<ReturnType<typeof readWhole>>;
  beforeAll(async () => {
    const zip = await archive(
      { ...(await usable()), ...(await unusable()) },
      { 'train/unlisted.jpg': await picture(30), 'notes.txt': Buffer.from('no image') },
    );
    whole = await readWhole(zip, { maxRejectedRatio: 0.5 });
  });

  it.each([
    'baseline.jpg',
    'progressive.jpg',
    'cmyk.jpg',
    'grey.jpg',
    'icc.jpg',
    'alpha.png',
    '16 bit.png',
    'photo.webp',
    'photo.tiff',
    'photo.avif',
    'a png.jpg',
    'a jpeg.png',
    'wide.jpg',
    'turned.jpg',
  ])('%s is used', (name) => {
    const used = [...whole.curation.train, ...whole.curation.val];
    expect(used.find(({ path }) => path === `train/${name}`)?.boxes).toHaveLength(1);
  });

  it.each([
    ['small.jpg', 'too-small', /63x80 pixels.*minimum of Rekognition is 64/],
    ['thin.jpg', 'aspect-ratio', /maximum aspect ratio of Rekognition is 20:1/],
    ['truncated.jpg', 'undecodable', /damaged and cannot be decoded completely/],
    ['noise.jpg', 'undecodable', /damaged and cannot be decoded completely/],
    ['phone.heic', 'unsupported-format', /HEIC images are not supported. Save it as JPEG or PNG/],
    ['page.jpg', 'unsupported-format', /a web page, not an image/],
    ['empty.jpg', 'unsupported-format', /not an image of a known format/],
    [GONE, 'missing-in-archive', /^The archive has no file "gone.jpg"\.$/],
  ])('%s is reported with file, record and reason', (name, reason, message) => {
    const names = whole.records.map(({ image }) => image);
    const record = names.find(({ path }) => path === `train/${name}`)?.record ?? 'image id 21';
    expect(whole.curation.rejected.filter(({ path }) => path === `train/${name}`)).toEqual([
      { path: `train/${name}`, cocoFile: COCO, record, reason, message: expect.stringMatching(message) },
    ]);
  });

  it('the stored format depends on the content, not on the extension', () => {
    const keys = whole.records.flatMap(({ result }) =>
      result.status === 'preprocessed' ? [result.key] : [],
    );
    const stored = keys.map((key) => key.replace(/^.*\//, '').replace(/\.[0-9a-f]{12}\./, ' as '));
    expect(stored).toEqual(
      expect.arrayContaining(['a-png as png', 'a-jpeg as jpg', 'photo as jpg', 'alpha as png']),
    );
  });

  it('an image that no JSON file lists is ignored and reported', () => {
    const { findings, unlisted } = whole.plan;
    expect(unlisted).toEqual({ count: 1, examples: ['train/unlisted.jpg'] });
    expect(findings).toMatchObject([{ code: 'IMAGES_UNLISTED', count: 1, examples: ['train/unlisted.jpg'] }]);
    expect(whole.curation.images.found).toBe(22);
  });

  it('the run continues and counts the rejected images', () => {
    expect(whole.curation.images).toMatchObject({ used: 14, rejected: 8 });
    expect(whole.curation.annotations.dropped).toEqual({ 'image-rejected': 8 });
    expect(whole.curation.findings).toContainEqual(
      expect.objectContaining({ code: 'IMAGES_REJECTED', count: 8 }),
    );
  });

  it('above MAX_REJECTED_RATIO the run fails with a list of the rejected images', async () => {
    const zip = await archive({
      'a.jpg': await picture(1),
      'b.jpg': await picture(2),
      ...(await unusable()),
    });
    const error = await readWhole(zip).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DatasetError);
    expect(error).toMatchObject({
      type: 'TooManyRejectedImages',
      message: expect.stringMatching(
        /^8 of 10 images cannot be used \(1 too long and narrow, 1 not in the archive, /,
      ),
      details: {
        count: 8,
        examples: expect.arrayContaining([
          `train/small.jpg (${COCO}, image id 2): 63x80 pixels after resizing; the minimum of Rekognition is 64 per side.`,
        ]),
      },
    });
    expect((error as DatasetError).rejected).toHaveLength(8);
  });
});

it('a damaged entry is reported as one rejected image', async () => {
  const images = Object.fromEntries(
    await Promise.all(Array.from({ length: 12 }, async (_, n) => [`${n}.jpg`, await picture(n)])),
  );
  const zip = await archive(images);
  const at = zip.indexOf(images['3.jpg'] ?? '');
  zip[at + 700] = (zip[at + 700] ?? 0) ^ 0xff;
  const { curation } = await readWhole(zip);
  expect(curation.rejected.map(({ path, reason }) => [path, reason])).toEqual([
    ['train/3.jpg', 'crc-mismatch'],
    ['train/gone.jpg', 'missing-in-archive'],
  ]);
});
