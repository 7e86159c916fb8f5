import type { ManifestImage } from '../custom-labels/manifest-images.js';
import type { TestImage } from '../evaluation/metrics.js';
import type { ObjectStore } from '../storage/object-store.js';
import { fitInWorker, saveDetector } from './detector/index.js';
import { readPicture } from './pictures.js';

export interface Fitted {
  /** What was predicted on each testing image, in their order. */
  readonly images: readonly TestImage[];
  /** What `loadDetector` makes the same detector of. */
  readonly detector: Buffer;
}

/** Of every training: the same manifests come to the same model. */
const SEED = 0;

/** Fits on the training images alone, then predicts on the testing ones. */
export async function fitAndTest(
  store: Pick<ObjectStore, 'getBytes'>,
  train: readonly ManifestImage[],
  test: readonly ManifestImage[],
  signal: AbortSignal,
): Promise<Fitted> {
  const detector = await fitInWorker({
    pictures: train.map(({ size, boxes }) => ({ size, boxes })),
    seed: SEED,
    read: (index) => readPicture(store, train[index]?.sourceRef ?? '', signal),
    signal,
  });
  const images: TestImage[] = [];
  for (const { sourceRef, boxes } of test) {
    images.push({ truth: boxes, detections: detector.detect(await readPicture(store, sourceRef, signal)) });
  }
  return { images, detector: saveDetector(detector) };
}
