import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { bufferSource } from '../../src/archive/source.js';
import { DEFAULT_DATASET_SETTINGS as settings } from '../../src/dataset/model/settings.js';
import type { Box, CuratedImage } from '../../src/dataset/model/types.js';
import type { Detector } from '../../src/emulator/detector/detector.js';
import { fitSlidingWindows } from '../../src/emulator/detector/fit.js';
import type { Picture } from '../../src/emulator/detector/picture.js';
import { SlidingWindowDetector } from '../../src/emulator/detector/sliding-windows.js';
import { decodeRgb } from '../../src/emulator/pictures.js';
import { chanceF1, type LabelledPicture } from '../../src/evaluation/chance.js';
import { evaluateLabel, overallOf, type TestImage } from '../../src/evaluation/metrics.js';
import type { Random } from '../../src/lib/random.js';
import { convert } from '../../src/pipeline/convert.js';
import { inspect } from '../../src/pipeline/inspect.js';
import { pictureFacts } from '../../src/pipeline/picture-facts.js';
import { processBatch } from '../../src/pipeline/process-batch.js';
import { joinBatch } from '../../src/pipeline/records.js';
import { MemoryThumbnails } from '../../src/pipeline/thumbnails.js';
import { DEFAULT_SAMPLE_IMAGES, writeSample } from '../../src/sample/write-sample.js';

/** A training image; `read` decodes its pixels. */
export interface TrainingPicture extends LabelledPicture {
  readonly read: () => Promise<Picture>;
}

export interface TrainingSet {
  readonly train: readonly TrainingPicture[];
  readonly test: readonly TrainingPicture[];
}

/** The demo dataset as its training uses it: generated, preprocessed, curated and split with the default settings. */
export async function drawnSet(seed: number): Promise<TrainingSet> {
  const out = new PassThrough();
  const [zip] = await Promise.all([buffer(out), writeSample({ out, images: DEFAULT_SAMPLE_IMAGES, seed })]);
  const source = bufferSource(zip);
  const { plan, batches } = await inspect(source, settings);
  const bodies = new Map<string, Buffer>();
  const sink = {
    raw: async () => undefined,
    copied: async (from: string, to: string) => {
      const body = bodies.get(from);
      if (body) bodies.set(to, body);
      return body !== undefined;
    },
    preprocessed: async (key: string, { body }: { body: Buffer }) => void bodies.set(key, body),
  };
  const [dataset, bucket] = ['drawn', 'bucket'];
  const records = [];
  const thumbnails = new MemoryThumbnails();
  for (const batch of batches) {
    const processed = await processBatch({
      source,
      batch,
      dataset,
      settings,
      sink,
      onImage: () => undefined,
    });
    records.push(...joinBatch(batch, processed, thumbnails));
  }
  const facts = await pictureFacts(records, thumbnails);
  const { curation } = convert({ plan, records, ...facts, settings, bucket, dataset });
  const pictures = (images: readonly CuratedImage[]) =>
    images.map(({ key, size, boxes }) => ({ size, boxes, read: () => decodeRgb(sharp(bodies.get(key))) }));
  return { train: pictures(curation.train), test: pictures(curation.val) };
}

/** Fits like the emulator, but in this thread. */
export async function fitDetector(train: readonly TrainingPicture[], seed = 0): Promise<Detector> {
  const read = (index: number) => train[index]?.read() ?? Promise.reject(new Error('no such picture'));
  return new SlidingWindowDetector(await fitSlidingWindows(train, read, seed));
}

/** Overall F1 on the pictures of a testing set, computed as in the emulator. */
export async function f1Of(detector: Detector, test: readonly TrainingPicture[]): Promise<number> {
  const images: TestImage[] = [];
  for (const { boxes, read } of test)
    images.push({ truth: boxes, detections: detector.detect(await read()) });
  return overallOf(detector.fitted.labels.map((label) => evaluateLabel(label, images))).f1;
}

export function chanceOf({ train, test }: TrainingSet): number {
  const labels = new Set(train.flatMap(({ boxes }) => boxes.map(({ label }) => label)));
  return chanceF1(train, test, [...labels]);
}

/** The same pictures and boxes with shuffled labels. */
export function withShuffledLabels(
  pictures: readonly TrainingPicture[],
  deal: (labels: string[]) => string[],
): TrainingPicture[] {
  const labels = deal(pictures.flatMap(({ boxes }) => boxes.map(({ label }) => label)));
  let next = 0;
  return pictures.map((picture) => ({
    ...picture,
    boxes: picture.boxes.map((box): Box => ({ ...box, label: labels[next++] ?? box.label })),
  }));
}

/** The same pictures, labels and box sizes with each box at a random position. */
export function withMovedBoxes(pictures: readonly TrainingPicture[], random: Random): TrainingPicture[] {
  return pictures.map((picture) => ({
    ...picture,
    boxes: picture.boxes.map((box) => ({
      ...box,
      left: random.integer(0, picture.size.width - box.width),
      top: random.integer(0, picture.size.height - box.height),
    })),
  }));
}
