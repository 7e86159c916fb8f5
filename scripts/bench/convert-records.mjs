// Converts and validates as the activities do, without S3, and prints the CPU seconds of each stage. The search for copies is
// left out. All images have the same thumbnails, which are written to a temporary file for each image.
//   node convert-records.mjs folder
import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { validateLines } from '../../dist/custom-labels/validate-dataset.js';
import { hasLowContrast } from '../../dist/dataset/model/contrast.js';
import { THUMBNAIL_BYTES } from '../../dist/dataset/model/thumbnail.js';
import { growHeapSlowly } from '../../dist/lib/heap-growth.js';
import { textPieces } from '../../dist/lib/text-lines.js';
import { convert } from '../../dist/pipeline/convert.js';
import { batchResultSchema, planBatchSchema, planSchema } from '../../dist/pipeline/files.js';
import { joinBatch } from '../../dist/pipeline/records.js';
import { ThumbnailFile } from '../../dist/pipeline/thumbnail-file.js';
import { DATASET, SETTINGS } from './records.mjs';

growHeapSlowly();
const [folder] = process.argv.slice(2);
const read = (name, schema) => schema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
const pictures = new Map();
const stored = new ThumbnailFile();
const cpuSeconds = {};

const plan = read('plan.json', planSchema);
const records = timed('reading', () =>
  Array.from({ length: plan.batches }, (_, index) => recordsOf(index)).flat(),
);
const converted = timed('conversion', () => {
  const groupOf = new Map(records.map(({ result: { path } }) => [path, path]));
  const lowContrast = records.flatMap(({ result: { path }, thumbnail }) =>
    hasLowContrast(stored.get(thumbnail)) ? [path] : [],
  );
  stored.close();
  const pictures = { groupOf, sameAs: new Map(), unmoved: [], lowContrast };
  return convert({ plan, records, ...pictures, settings: SETTINGS, bucket: 'bucket', dataset: DATASET });
});
const files = ['trainManifest', 'valManifest', 'imagesJsonl'];
timed('writing', () => files.forEach(write));
const { refusal } = timed('validation', () => validateLines(...files.slice(0, 2).map(linesOf)));
const { train, val } = converted.curation;
const boxes = [...train, ...val].reduce((sum, image) => sum + image.boxes.length, 0);
const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
const result = { images: train.length + val.length, boxes, refusal, cpuSeconds, peakMb };
process.stdout.write(`${JSON.stringify(result)}\n`);

function recordsOf(index) {
  const batch = read(`plan-${index}.json`, planBatchSchema);
  const result = read(`result-${index}.json`, batchResultSchema);
  return joinBatch(batch, { result, thumbnails: thumbnails(batch.images.length) }, stored);
}

function thumbnails(images) {
  const known = pictures.get(images) ?? randomFillSync(Buffer.alloc(images * THUMBNAIL_BYTES));
  pictures.set(images, known);
  return known;
}

/** Writes one of the files to disk piece by piece, as the activity writes it to S3. */
function write(name) {
  const file = openSync(join(folder, name), 'w');
  for (const piece of textPieces(converted[name])) writeSync(file, piece);
  closeSync(file);
}

/** The lines of a file on disk. */
function* linesOf(name) {
  const file = openSync(join(folder, name), 'r');
  const buffer = Buffer.alloc(1024 * 1024);
  let rest = '';
  const decoder = new TextDecoder();
  for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
    const lines = (rest + decoder.decode(buffer.subarray(0, read), { stream: true })).split('\n');
    rest = lines.pop();
    yield* lines;
  }
  closeSync(file);
}

function timed(name, work) {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  cpuSeconds[name] = Number(((user + system) / 1e6).toFixed(1));
  return result;
}
