import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import sharp from 'sharp';
import { ZipFile } from 'yazl';
import { replaceFile } from '../lib/replace-file.js';
import { cocoText, type LabelledFile, readmeDataset, readmeRoboflow } from './coco.js';
import { createTextures, type Textures } from './noise.js';
import { drawPhoto } from './photo.js';
import { type PlannedFile, planSample, SPLITS } from './plan.js';
import { inverseTurn, type Pixels, turnPixels, turnSampleBox } from './turn.js';

export interface SampleOptions {
  /** A path, which is replaced once the ZIP is complete, or a stream, which is ended. */
  readonly out: string | Writable;
  /** Number of images, 10 to 5,000; default 300. */
  readonly images?: number;
  readonly seed: number;
}

export interface SampleResult {
  readonly images: number;
  readonly annotations: number;
  /** Size of the ZIP in bytes. */
  readonly bytes: number;
}

export type SampleProgress = (done: number, total: number) => void;

export const DEFAULT_SAMPLE_IMAGES = 300;
/** A sample of fewer images could lack a class or a copy. */
export const MIN_SAMPLE_IMAGES = 10;
/** Bounds the memory: the ZIP is held in memory until its directory is written, 40 kB per image. */
export const MAX_SAMPLE_IMAGES = 5000;

/** Maximum images encoded at once, on other threads; more only use more memory. */
const ENCODING_AT_ONCE = 3;

/** Same input, same bytes: entries are stored because deflate differs between zlib versions, and dated in local DOS time because UTC differs between time zones. */
const ENTRY = { compress: false, forceDosTimestamp: true, mtime: new Date(2025, 8, 1, 8, 0, 0) };

function brighten({ width, height, rgb }: Pixels, gain: number): Pixels {
  return { width, height, rgb: rgb.map((value) => Math.min(255, Math.round(value * gain))) };
}

function encode({ width, height, rgb }: Pixels, file: PlannedFile): Promise<Buffer> {
  const image = sharp(rgb, { raw: { width, height, channels: 3 } }).jpeg({ quality: file.quality });
  return (file.orientation === 1 ? image : image.withMetadata({ orientation: file.orientation })).toBuffer();
}

/** Draws an image file synchronously and starts to encode it. */
function makeFile(file: PlannedFile, textures: Textures, seed: number) {
  const photo = drawPhoto(file.photo, textures, seed);
  const turned = turnPixels(photo.pixels, file.turn);
  const shown = file.gain === 1 ? turned : brighten(turned, file.gain);
  const label: LabelledFile = {
    fileName: file.fileName,
    width: shown.width,
    height: shown.height,
    boxes: photo.boxes.map((box) => turnSampleBox(box, photo.pixels, file.turn)),
  };
  return { label, jpeg: encode(turnPixels(shown, inverseTurn(file.orientation)), file) };
}

/** Yields the bytes of the ZIP as they become available. Drawing waits until they are consumed. */
async function* zipChunks(
  images: number,
  seed: number,
  onImage: (label: LabelledFile) => void,
): AsyncGenerator<Buffer> {
  const zip = new ZipFile();
  const ready = function* (): Generator<Buffer> {
    for (let chunk = zip.outputStream.read(); chunk !== null; chunk = zip.outputStream.read()) {
      yield Buffer.from(chunk);
    }
  };
  const textures = createTextures(seed);
  const plan = planSample(images, seed);
  zip.addBuffer(Buffer.from(readmeDataset(images, seed)), 'README.dataset.txt', ENTRY);
  zip.addBuffer(Buffer.from(readmeRoboflow(images)), 'README.roboflow.txt', ENTRY);
  for (const split of SPLITS) {
    const files = plan.filter((file) => file.split === split);
    const labels: LabelledFile[] = [];
    const started: ReturnType<typeof makeFile>[] = [];
    for (let next = 0; labels.length < files.length; ) {
      const file = files[next];
      if (file !== undefined && started.length < ENCODING_AT_ONCE) {
        started.push(makeFile(file, textures, seed));
        next += 1;
        continue;
      }
      const made = started.shift();
      if (made === undefined) break;
      zip.addBuffer(await made.jpeg, `${split}/${made.label.fileName}`, ENTRY);
      labels.push(made.label);
      onImage(made.label);
      yield* ready();
    }
    zip.addBuffer(Buffer.from(cocoText(labels)), `${split}/_annotations.coco.json`, ENTRY);
  }
  zip.end();
  for await (const chunk of zip.outputStream) yield Buffer.from(chunk);
}

/**
 * Draws a labelled dataset and writes it as a ZIP in the layout of a Roboflow COCO export: folders train, valid and
 * test, each with an `_annotations.coco.json`. The same `images` and `seed` give the same bytes.
 * @param onProgress is called after each image
 * @throws the error of the file system or the stream; no partial file is left
 */
export async function writeSample(
  { out, images = DEFAULT_SAMPLE_IMAGES, seed }: SampleOptions,
  onProgress?: SampleProgress,
): Promise<SampleResult> {
  let [done, annotations, bytes] = [0, 0, 0];
  const counted = async function* () {
    const chunks = zipChunks(images, seed, (label) => {
      done += 1;
      annotations += label.boxes.length;
      onProgress?.(done, images);
    });
    for await (const chunk of chunks) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  if (typeof out !== 'string') {
    await pipeline(counted, out);
    return { images, annotations, bytes };
  }
  await replaceFile(out, (draft) => pipeline(counted, createWriteStream(draft, { flags: 'wx' })));
  return { images, annotations, bytes };
}
