import type { VersionImage } from '../dataset/model/version-images.js';
import type { Detection } from '../evaluation/metrics.js';
import { foldsOf, partOf, photosPerLabel } from './folds.js';

/** An image with what a detector found that was not fitted on its photo. */
export interface HeldOutImage extends VersionImage {
  /** The same as `boxes`. */
  readonly truth: VersionImage['boxes'];
  readonly detections: readonly Detection[];
}

/** All images, tested by detectors that were fitted on a share of the other photos. */
export interface TestedShare {
  /** Share of the photos for fitting, 0 to 1. */
  readonly share: number;
  /** Mean number of photos with each label that a detector was fitted on. */
  readonly photos: ReadonlyMap<string, number>;
  /** In the order of the folds, which is the same for all shares. */
  readonly images: readonly HeldOutImage[];
}

/** Fits a detector on the first images and returns its detections on each of the others, in their order. */
export type FitAndDetect = (
  train: readonly VersionImage[],
  test: readonly VersionImage[],
) => Promise<readonly (readonly Detection[])[]>;

/** Three folds: each image is tested once, and a detector is fitted on two thirds of the photos at most. */
const FOLDS = 3;
const SHARES = [0.25, 0.5, 1] as const;
/** Number of detectors that are fitted. */
export const FITS = FOLDS * SHARES.length;

/**
 * Tests each image with detectors that were fitted on 25, 50 and 100 % of the photos of the other folds.
 * @param onFitted called after each detector with the number of fitted ones
 */
export async function crossValidate(
  images: readonly VersionImage[],
  fitAndDetect: FitAndDetect,
  onFitted: (done: number) => void = () => undefined,
): Promise<TestedShare[]> {
  const folds = foldsOf(images, FOLDS);
  const tested: TestedShare[] = [];
  for (const share of SHARES) {
    const heldOut: HeldOutImage[] = [];
    const photos = new Map<string, number>();
    for (const fold of folds) {
      const train = partOf(folds.filter((other) => other !== fold).flat(), share);
      const detections = await fitAndDetect(train, fold);
      fold.forEach((image, index) => {
        heldOut.push({ ...image, truth: image.boxes, detections: detections[index] ?? [] });
      });
      for (const [label, count] of photosPerLabel(train))
        photos.set(label, (photos.get(label) ?? 0) + count / FOLDS);
      onFitted(tested.length * FOLDS + folds.indexOf(fold) + 1);
    }
    tested.push({ share, photos, images: heldOut });
  }
  return tested;
}
