import fc from 'fast-check';
import sharp from 'sharp';
import { bufferSource } from '../../src/archive/source.js';
import { examineArchive } from '../../src/check/examine.js';
import { DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { miniature } from '../../src/images/miniature.js';
import { preprocessImage } from '../../src/images/preprocess.js';
import { roboflowArchive, zipOf } from '../support/archives.js';
import { zipBytes } from '../support/zip-bytes.js';
import { byteEdits, drawn, editBytes, editJson, jsonEdits } from './edits.js';
import { check, type FuzzTarget } from './target.js';

const SETTINGS = { ...DEFAULT_DATASET_SETTINGS, minClassImages: 1, valSplit: 0.25 };

/** Reads an archive as `curator check` does: a result, fit or not, whatever the bytes. */
async function examine(zip: Buffer): Promise<void> {
  const options = { dataset: 'd', settings: SETTINGS, onProgress: () => undefined };
  const { result } = await examineArchive(bufferSource(zip), options);
  check(result.fit || result.findings.length > 0, 'A dataset is unfit without a finding.');
  JSON.stringify(result);
}

/** Bytes of whole archives. */
export function archiveTarget(): FuzzTarget {
  const archives = Promise.all([
    roboflowArchive(6),
    zipOf({ 'a/_annotations.coco.json': COCO_TEXT, 'a/0.jpg': 'no picture' }, { compress: true }),
    zipBytes([{ name: 'c.json', data: Buffer.from(COCO_TEXT), deflate: true, zip64: true }], { zip64: true }),
  ]);
  return {
    make: async (seed) => {
      const all = await archives;
      return editBytes(all[Math.abs(seed) % all.length] ?? Buffer.alloc(0), drawn(byteEdits, seed));
    },
    run: examine,
  };
}

/** COCO documents of every structure that is read. */
export function cocoTarget(): FuzzTarget {
  return {
    make: async (seed) => {
      const document = editJson(COCO, drawn(jsonEdits, seed));
      const text = Buffer.from(JSON.stringify(document) ?? 'undefined');
      const isDamaged = drawn(fc.integer({ min: 0, max: 3 }), seed) === 0;
      const bytes = isDamaged ? editBytes(text, drawn(byteEdits, seed)) : text;
      const pictures = await PICTURES;
      return await zipOf({ 'train/_annotations.coco.json': bytes, ...pictures });
    },
    run: examine,
  };
}

/** Bytes of image files of every decoded format. */
export function imageTarget(): FuzzTarget {
  return {
    make: async (seed) => {
      const all = await IMAGES;
      return editBytes(all[Math.abs(seed) % all.length] ?? Buffer.alloc(0), drawn(byteEdits, seed));
    },
    run: async (bytes) => {
      const image = await preprocessImage(bytes, { imageMaxSide: 1280, stretchContrast: 'auto' });
      await miniature(bytes, null);
      if ('reason' in image) return;
      const { width, height } = await sharp(image.body, { failOn: 'error' }).metadata();
      check(
        width === image.output.width && height === image.output.height,
        'The stored image has another size.',
      );
    },
  };
}

const SIDES = { width: 96, height: 80 };
const photo = () =>
  sharp({
    create: {
      ...SIDES,
      channels: 3,
      background: '#a06040',
      noise: { type: 'gaussian', mean: 90, sigma: 30 },
    },
  });

const PICTURES = Promise.all(
  [0, 1, 2, 3].map(async (n) => [`train/${n}.jpg`, await photo().jpeg().toBuffer()]),
).then((pictures): Record<string, Buffer> => Object.fromEntries(pictures));

const IMAGES = Promise.all([
  photo()
    .withExif({ IFD0: { Artist: 'a' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
    .jpeg()
    .toBuffer(),
  photo().withIccProfile('p3').withMetadata({ orientation: 6 }).jpeg({ progressive: true }).toBuffer(),
  photo().png().toBuffer(),
  photo().png({ palette: true, progressive: true }).toBuffer(),
  photo().toColourspace('rgb16').withXmp('<x/>').png().toBuffer(),
  photo().webp().toBuffer(),
  photo().webp({ lossless: true }).toBuffer(),
  photo().gif().toBuffer(),
  photo().tiff({ compression: 'lzw', tile: true }).toBuffer(),
  photo().tiff({ compression: 'deflate', predictor: 'horizontal' }).toBuffer(),
  photo().avif({ effort: 0 }).toBuffer(),
]);

const COCO = {
  info: { description: 'x', year: 2025 },
  licenses: [{ id: 1, name: 'CC', url: 'http://localhost' }],
  images: [0, 1, 2, 3].map((id) => ({
    ...{ id, file_name: `${id}.jpg`, width: 96, height: 80, date_captured: '2025-09-14' },
    extra: { name: `photo${id}.jpg` },
  })),
  annotations: [0, 1, 2, 3, 4, 5, 6, 7].map((id) => ({
    ...{
      id,
      image_id: id % 4,
      category_id: 1 + (id % 2),
      bbox: [10 + id, 10, 30, 30],
      area: 900,
      iscrowd: 0,
    },
    ...(id % 3 === 0 ? { segmentation: [[10, 10, 40, 10, 40, 40, 10, 40]] } : {}),
    ...(id % 4 === 1 ? { segmentation: { counts: [810, 30, 50, 30, 6760], size: [80, 96] } } : {}),
    ...(id === 2 ? { segmentation: { counts: 'Pg02d0', size: [80, 96] } } : {}),
    ...(id === 5 ? { attributes: { rotation: 30, occluded: false } } : {}),
  })),
  categories: [
    { id: 0, name: 'lesions', supercategory: 'none' },
    { id: 1, name: 'acne', supercategory: 'lesions' },
    { id: 2, name: 'wart', supercategory: 'lesions' },
  ],
};
const COCO_TEXT = JSON.stringify(COCO);
