// Draws an archive of many different photos in little time: coloured cells, enlarged softly to 640 x 480 pixels, some 28 KB each.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import sharp from 'sharp';
import { zipOf } from './zip-writer.mjs';

const SIZE = { width: 640, height: 480 };
const CELLS = { width: 16, height: 12, channels: 3 };
const CLASSES = 2;
/** Images that are drawn at the same time. */
const AT_ONCE = 16;

/** Writes an archive of `images` JPEGs with one box each, of two classes. */
export async function drawPictures(path, images) {
  await pipeline(Readable.from(zipOf(entriesOf(images))), createWriteStream(path));
}

async function* entriesOf(images) {
  for (let first = 0; first < images; first += AT_ONCE) {
    const ids = Array.from({ length: Math.min(AT_ONCE, images - first) }, (_, index) => first + index);
    const drawn = await Promise.all(ids.map(drawPicture));
    for (const [index, id] of ids.entries()) yield [nameOf(id), drawn[index]];
  }
  yield ['_annotations.coco.json', Buffer.from(JSON.stringify(cocoOf(images)))];
}

const nameOf = (id) => `photo-${String(id).padStart(7, '0')}.jpg`;

async function drawPicture(id) {
  const outputLength = CELLS.width * CELLS.height * CELLS.channels;
  const cells = createHash('shake256', { outputLength }).update(String(id)).digest();
  return await sharp(cells, { raw: CELLS })
    .resize({ ...SIZE, kernel: 'cubic' })
    .jpeg({ quality: 85 })
    .toBuffer();
}

function cocoOf(images) {
  const ids = Array.from({ length: images }, (_, id) => id);
  return {
    categories: Array.from({ length: CLASSES }, (_, id) => ({ id, name: `class ${id}` })),
    images: ids.map((id) => ({ id, file_name: nameOf(id), ...SIZE })),
    annotations: ids.map((id) => ({
      ...{ id, image_id: id, category_id: id % CLASSES, iscrowd: 0 },
      // Multiples of primes, so that boxes differ from image to image.
      bbox: [(id * 7919) % 400, (id * 104_729) % 300, 60 + ((id * 31) % 150), 60 + ((id * 37) % 100)],
    })),
  };
}
