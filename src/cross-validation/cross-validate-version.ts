import type { CrossValidation, FitCounts } from '../contracts/cross-validation.js';
import { type DoubtfulLabels, type LabelDoubt, MAX_LISTED_DOUBTS } from '../contracts/label-doubts.js';
import type { CrossValidateInput } from '../contracts/workflow-io.js';
import { versionKey } from '../dataset/model/layout.js';
import { readVersionImages } from '../export/read-version.js';
import type { ObjectStore } from '../storage/object-store.js';
import { crossValidate, FITS } from './cross-validate.js';
import { doubtfulLabels } from './doubtful-labels.js';
import { localDetector } from './fit-and-detect.js';
import { learningCurve } from './learning-curve.js';

/** What cross-validation found out about a dataset version. */
export interface VersionResult {
  readonly crossValidation: CrossValidation;
  /** All doubtful labels, the most doubtful first. */
  readonly doubts: readonly LabelDoubt[];
  /** Number of whole photos, which were examined, and of tiles, which were not. */
  readonly photos: number;
  readonly tiles: number;
}

/**
 * Cross-validates a dataset version, and writes cross_validation.json and doubtful_labels.json beside its manifests. The
 * same version always gives the same result.
 * @param report is called at the start, and after each detector that was fitted
 * @throws StorageError; the reason of `signal`, in which case nothing is written
 */
export async function crossValidateVersion(
  store: ObjectStore,
  { bucket, dataset, version }: CrossValidateInput,
  report: (counts: FitCounts) => void,
  signal: AbortSignal,
): Promise<VersionResult> {
  const all = await readVersionImages(store, { bucket, dataset, version });
  // Tiles show the same objects again, and places in them are not places in a file of the archive.
  const images = all.filter(({ tile }) => tile === undefined);
  const detector = localDetector(store, bucket, signal);
  report({ fitted: 0, fits: FITS });
  const tested = await crossValidate(images, detector, (fitted) => report({ fitted, fits: FITS }));
  const doubts = doubtfulLabels(tested);
  const listed: DoubtfulLabels = {
    ...{ dataset, version, images: images.length, total: doubts.length },
    doubts: doubts.slice(0, MAX_LISTED_DOUBTS),
  };
  const crossValidation = { dataset, version, classes: learningCurve(tested) };
  await store.putJson(bucket, versionKey(dataset, version, 'doubtful_labels.json'), JSON.stringify(listed));
  // Written last: if this document exists, the other one exists too.
  await store.putJson(
    bucket,
    versionKey(dataset, version, 'cross_validation.json'),
    JSON.stringify(crossValidation),
  );
  return { crossValidation, doubts, photos: images.length, tiles: all.length - images.length };
}
