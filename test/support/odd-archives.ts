import sharp from 'sharp';
import { picture, zipOf } from './archives.js';

const IMAGES = 48;
const SIZE = { width: 96, height: 80 };
const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 9\n';
const CATEGORIES: unknown = [
  { id: 1, name: 'crack' },
  { id: 2, name: 'hole' },
  { id: 3, name: 'crack\u200b' },
];

const nameOf = (n: number) => `photo${n}.jpg`;
const box = (n: number, more: object = {}) => ({
  ...{
    id: n,
    image_id: n,
    category_id: 1 + (n % 2),
    bbox: [(n * 29) % 60, (n * 31) % 50, 24, 24],
    iscrowd: 0,
  },
  ...more,
});

/** A COCO file of `IMAGES` images with a box each. */
function coco(more: (n: number) => object = () => ({}), categories = CATEGORIES, fileOf = nameOf): string {
  const numbers = Array.from({ length: IMAGES }, (_, n) => n);
  return JSON.stringify({
    images: numbers.map((n) => ({ id: n, file_name: fileOf(n), ...SIZE })),
    annotations: numbers.map((n) => box(n, more(n))),
    categories,
  });
}

async function images(fileOf: (n: number, jpeg: Buffer) => Promise<readonly [string, Buffer]>) {
  const files = Array.from({ length: IMAGES }, async (_, n) => await fileOf(n, await picture(n)));
  return Object.fromEntries((await Promise.all(files)).map(([name, bytes]) => [`images/${name}`, bytes]));
}

const jpegs = async () => await images(async (n, jpeg) => [nameOf(n), jpeg]);
const predicted = (n: number) => ({ bbox: [60 - ((n * 29) % 60), 7, 24, 24], score: 0.3 + n / 100 });

/** TIFF files named .jpg, and JPEG files named .tif. */
async function misnamed(): Promise<Record<string, string | Buffer>> {
  const isTiff = (n: number) => n % 3 === 0;
  const isNamedTiff = (n: number) => n % 6 === 1;
  const fileOf = (n: number) => (isNamedTiff(n) ? `photo${n}.tif` : nameOf(n));
  const files = await images(async (n, jpeg) => [
    fileOf(n),
    isTiff(n) ? await sharp(jpeg).tiff({ compression: 'none' }).toBuffer() : jpeg,
  ]);
  return { 'c.json': coco(undefined, CATEGORIES, fileOf), ...files };
}

/** The EXIF orientation that turns a picture back. */
const BACK = [1, 1, 2, 3, 4, 5, 8, 7, 6];

/**
 * TIFF, PNG and WebP files with EXIF orientations. Each second half of the PNG and WebP files shows the pictures of the
 * first half again, stored turned or mirrored, so that they are copies only if they are seen upright.
 */
async function turned(): Promise<Record<string, string | Buffer>> {
  const files = await images(async (n) => {
    const isTiff = n % 3 === 0;
    const orientation = n < IMAGES / 2 ? 1 : 1 + (n % 8);
    const upright = await picture(isTiff ? n : n % (IMAGES / 2));
    const marked = await sharp(upright).withMetadata({ orientation: BACK[orientation] }).png().toBuffer();
    const stored = sharp(await sharp(marked).autoOrient().png().toBuffer()).withMetadata({ orientation });
    if (isTiff) return [nameOf(n), await stored.tiff({ compression: 'none' }).toBuffer()];
    return [nameOf(n), await (n % 3 === 1 ? stored.png() : stored.webp({ lossless: true })).toBuffer()];
  });
  return { 'c.json': coco(), ...files };
}

/** Archives whose check once differed from what a person expects, by what is odd about them. */
export const ODD_ARCHIVES: Readonly<Record<string, () => Promise<Buffer>>> = {
  'a class name with a zero-width space': async () =>
    await zipOf({ 'c.json': coco((n) => (n % 8 === 0 ? { category_id: 3 } : {})), ...(await jpegs()) }),
  'predictions beside labels': async () =>
    await zipOf({ 'a.json': coco(predicted), 'labels.json': coco(), ...(await jpegs()) }),
  'categories from names to ids': async () =>
    await zipOf({ 'c.json': coco(undefined, { crack: 1, hole: 2 }), ...(await jpegs()) }),
  'Git LFS pointers among the images': async () => {
    const files = await images(async (n, jpeg) => [nameOf(n), n % 8 === 0 ? Buffer.from(POINTER) : jpeg]);
    return await zipOf({ 'c.json': coco(), ...files });
  },
  'files with EXIF orientations in TIFF, PNG and WebP': async () => await zipOf(await turned()),
  'files with the extensions of other formats': async () => await zipOf(await misnamed()),
};
