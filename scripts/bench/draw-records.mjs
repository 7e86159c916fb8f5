// Draws the labels of a large dataset: an archive whose images are a few bytes, because only their records are read.
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { zipOf } from './zip-writer.mjs';

const BOXES_PER_IMAGE = 5;
const CLASSES = 20;
const SIZE = { width: 1280, height: 960 };
/** Records per piece of the COCO file: a string of all would be too long. */
const PIECE = 10_000;

/** Writes a COCO file of `images` records with five boxes each, and the archive with it and the images. */
export async function drawRecords(images, zip, coco) {
  await pipeline(Readable.from(cocoPieces(images)), createWriteStream(coco));
  const text = await readFile(coco);
  const entries = function* () {
    for (let id = 1; id <= images; id++) yield [nameOf(id), Buffer.from(String(id))];
    yield ['_annotations.coco.json', text];
  };
  await pipeline(Readable.from(zipOf(entries())), createWriteStream(zip));
}

const nameOf = (id) => `photo-${String(id).padStart(7, '0')}.jpg`;

function* cocoPieces(images) {
  const categories = Array.from({ length: CLASSES }, (_, id) => ({ id, name: `class ${id}` }));
  yield `{"categories":${JSON.stringify(categories)},"images":[`;
  yield* pieces(images, (id) => [recordOf(id)]);
  yield '],"annotations":[';
  yield* pieces(images, (id) => Array.from({ length: BOXES_PER_IMAGE }, (_, n) => annotationOf(id, n)));
  yield ']}';
}

function* pieces(images, recordsOf) {
  for (let first = 1; first <= images; first += PIECE) {
    const ids = Array.from({ length: Math.min(PIECE, images - first + 1) }, (_, index) => first + index);
    const texts = ids.flatMap(recordsOf).map((record) => JSON.stringify(record));
    yield `${first === 1 ? '' : ','}${texts.join(',')}`;
  }
}

const recordOf = (id) => ({ id, file_name: nameOf(id), ...SIZE, date_captured: '2025-01-01 12:00:00' });

function annotationOf(image, n) {
  const id = image * BOXES_PER_IMAGE + n;
  // Multiples of primes, so that boxes and classes differ from image to image.
  const [x, y] = [(id * 7919) % 1000, (id * 104_729) % 700];
  const [width, height] = [20 + ((id * 31) % 200), 20 + ((id * 37) % 200)];
  const place = { bbox: [x + 0.5, y + 0.25, width, height], area: width * height, iscrowd: 0 };
  return { id, image_id: image, category_id: (id * 13) % CLASSES, ...place };
}
