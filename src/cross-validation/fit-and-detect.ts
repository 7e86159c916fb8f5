import type { VersionImage } from '../dataset/model/version-images.js';
import { fitAndTest } from '../emulator/fit.js';
import { s3Uri } from '../lib/s3-uri.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { FitAndDetect } from './cross-validate.js';

/** Fits the emulator's detector on preprocessed images of the bucket. */
export function localDetector(
  store: Pick<ObjectStore, 'getBytes'>,
  bucket: string,
  signal: AbortSignal,
): FitAndDetect {
  const toPicture = ({ key, width, height, boxes }: VersionImage) => ({
    sourceRef: s3Uri({ bucket, key }),
    size: { width, height },
    boxes,
  });
  return async (train, test) => {
    const { images } = await fitAndTest(store, train.map(toPicture), test.map(toPicture), signal);
    return images.map(({ detections }) => detections);
  };
}
