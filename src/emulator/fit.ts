import type { ManifestImage } from '../custom-labels/manifest-images.js';
import type { TestImage } from '../evaluation/metrics.js';
import type { ObjectStore } from '../storage/object-store.js';
import { DetectorThread, saveDetector } from './detector/index.js';
import { readPicture } from './pictures.js';

export interface Fitted {
  /** Ground truth and predictions of each testing image, in the order of the input. */
  readonly images: readonly TestImage[];
  /** The serialised detector, which `loadDetector` reads. */
  readonly detector: Buffer;
}

/** All trainings use the same seed, so the same manifests give the same model. */
const SEED = 0;

/** Fits a detector on the training images only, then runs it on the testing images. */
export type FitAndTest = (
  store: Pick<ObjectStore, 'getBytes'>,
  train: readonly ManifestImage[],
  test: readonly ManifestImage[],
  signal: AbortSignal,
) => Promise<Fitted>;

/** Fits the local detector. */
export const fitAndTest: FitAndTest = async (store, train, test, signal) => {
  const detector = await DetectorThread.fit({
    pictures: train.map(({ size, boxes }) => ({ size, boxes })),
    seed: SEED,
    read: (index) => readPicture(store, train[index]?.sourceRef ?? '', signal),
    signal,
  });
  try {
    const images: TestImage[] = [];
    for (const { sourceRef, boxes } of test) {
      const picture = await readPicture(store, sourceRef, signal);
      images.push({ truth: boxes, detections: await detector.detect(picture) });
    }
    return { images, detector: saveDetector(detector) };
  } finally {
    await detector.close();
  }
};
