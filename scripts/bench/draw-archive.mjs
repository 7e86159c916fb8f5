// Draws photos with the noise of a camera into an archive with a COCO file.
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import sharp from 'sharp';
import yazl from 'yazl';

/** 1.4 megapixels with a height of three quarters. */
export const PHOTO_WIDTH = 1366;

/**
 * Writes an archive of JPEGs with one box each, of two classes. A photo of 1.4 megapixels has some 0.7 MB.
 * @param width of the photos in pixels; the height is three quarters of it
 */
export async function drawArchive(path, images, width = PHOTO_WIDTH) {
  const height = Math.round(width * 0.75);
  const zip = new yazl.ZipFile();
  const written = pipeline(zip.outputStream, createWriteStream(path));
  const records = Array.from({ length: images }, (_, id) => ({ id, file_name: `${id}.jpg` }));
  for (const { file_name } of records) zip.addBuffer(await drawPhoto(width, height), file_name);
  const annotations = records.map(({ id }) => ({
    ...{ id, image_id: id, category_id: id % 2 },
    bbox: [100, 100, 300, 200],
  }));
  const categories = [
    { id: 0, name: 'a' },
    { id: 1, name: 'b' },
  ];
  const sized = records.map((record) => ({ ...record, width, height }));
  const coco = { images: sized, annotations, categories };
  zip.addBuffer(Buffer.from(JSON.stringify(coco)), '_annotations.coco.json');
  zip.end();
  await written;
}

async function drawPhoto(width, height) {
  const noise = { type: 'gaussian', mean: 128, sigma: 19 };
  const background = { r: 128, g: 128, b: 128 };
  return await sharp({ create: { width, height, channels: 3, background, noise } })
    .jpeg({ quality: 92 })
    .toBuffer();
}
