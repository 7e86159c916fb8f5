import { createRandom } from '../lib/random.js';
import { type CountDetections, countDetections, f1Of } from './detection-counts.js';
import type { TestImage } from './metrics.js';

/** A test image and the photo it shows; copies of one photo share `photo`. */
export interface SampledImage extends TestImage {
  readonly photo: string;
}

/** Lower and upper end of a 95 % interval. */
export interface Ends {
  readonly low: number;
  readonly high: number;
}

export interface Intervals {
  /** Interval of the mean F1 over the labels; null if there are no photos. */
  readonly overall: Ends | null;
  /** Interval of F1 by label; null if fewer than half of the resamplings contain an object of the label. */
  readonly labels: ReadonlyMap<string, Ends | null>;
}

const RESAMPLINGS = 1000;
const SEED = 0;
/** Share of the resamplings that lies outside the interval on each side. */
const TAIL = 0.025;
/** Numbers stored per photo and label: correct detections, detections, objects. */
const NUMBERS = 3;

/**
 * Computes 95 % percentile bootstrap intervals of F1. Photos are drawn with replacement, each together with all its
 * copies, because copies are not independent. Thresholds stay fixed. The seed is fixed: the same test set and
 * detections give the same intervals.
 * @param thresholds confidence, 0 to 1, from which the detections of a label count
 * @param count counts the correct detections; by default, boxes are matched at an IoU of at least 0.5
 */
export function f1Intervals<T extends SampledImage>(
  images: readonly T[],
  thresholds: ReadonlyMap<string, number>,
  count: CountDetections<T> = countDetections,
): Intervals {
  const labels = [...thresholds.keys()];
  const overall: number[] = [];
  const perLabel = labels.map((): number[] => []);
  for (const scores of resample(countPhotos(images, thresholds, count), labels.length)) {
    const seen = scores.flatMap((f1) => f1 ?? []);
    scores.forEach((f1, index) => {
      if (f1 !== null) perLabel[index]?.push(f1);
    });
    if (seen.length > 0) overall.push(seen.reduce((sum, f1) => sum + f1, 0) / seen.length);
  }
  return {
    overall: endsOf(overall),
    labels: new Map(labels.map((label, index) => [label, endsOf(perLabel[index] ?? [])])),
  };
}

/** The detections of one model on test images, and the confidence, 0 to 1, from which those of a label count. */
export interface Tested {
  readonly images: readonly SampledImage[];
  readonly thresholds: ReadonlyMap<string, number>;
}

/**
 * Computes 95 % intervals of how much F1 of a label differs between two models that were tested on the same images, in
 * the same order. Both models get the same resamplings, so that what the test images have in common does not count.
 * @returns for each label of `before` the ends, -1 to 1; null as in `Intervals`
 */
export function f1GainIntervals(before: Tested, after: Tested): Map<string, Ends | null> {
  const labels = [...before.thresholds.keys()];
  const ordered = new Map(
    labels.map((label) => [label, after.thresholds.get(label) ?? Number.POSITIVE_INFINITY]),
  );
  const later = resample(countPhotos(after.images, ordered, countDetections), labels.length);
  const gains = labels.map((): number[] => []);
  for (const scores of resample(
    countPhotos(before.images, before.thresholds, countDetections),
    labels.length,
  )) {
    const laterScores = later.next().value ?? [];
    scores.forEach((f1, index) => {
      const gained = laterScores[index] ?? null;
      if (f1 !== null && gained !== null) gains[index]?.push(gained - f1);
    });
  }
  return new Map(labels.map((label, index) => [label, endsOf(gains[index] ?? [])]));
}

/** Yields F1 of each label in each resampling of the photos; null for a label of which it has no object. */
function* resample(photos: readonly Int32Array[], labels: number): Generator<(number | null)[], undefined> {
  const random = createRandom(SEED);
  const sums = new Int32Array(labels * NUMBERS);
  for (let draw = 0; draw < RESAMPLINGS && photos.length > 0; draw++) {
    sums.fill(0);
    for (let i = 0; i < photos.length; i++) {
      const counts = photos[random.integer(0, photos.length - 1)];
      for (let k = 0; counts && k < sums.length; k++) sums[k] = (sums[k] ?? 0) + (counts[k] ?? 0);
    }
    yield Array.from({ length: labels }, (_, label) => {
      const [correct = 0, detections = 0, objects = 0] = sums.subarray(label * NUMBERS);
      return f1Of({ correct, detections, objects });
    });
  }
}

/** The counts of each photo, label by label, in the order in which the photos first appear. */
function countPhotos<T extends SampledImage>(
  images: readonly T[],
  thresholds: ReadonlyMap<string, number>,
  count: CountDetections<T>,
): Int32Array[] {
  const photos = new Map<string, Int32Array>();
  for (const image of images) {
    const sums = photos.get(image.photo) ?? new Int32Array(thresholds.size * NUMBERS);
    photos.set(image.photo, sums);
    let at = 0;
    for (const [label, threshold] of thresholds) {
      const { correct, detections, objects } = count(image, label, threshold);
      for (const number of [correct, detections, objects]) {
        sums[at] = (sums[at] ?? 0) + number;
        at += 1;
      }
    }
  }
  return [...photos.values()];
}

/** Null if fewer than half of the resamplings gave a value: an interval of the others would be misleading. */
function endsOf(values: readonly number[]): Ends | null {
  if (values.length < RESAMPLINGS / 2) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const last = sorted.length - 1;
  return {
    low: sorted[Math.floor(TAIL * last)] ?? 0,
    high: sorted[Math.ceil((1 - TAIL) * last)] ?? 1,
  };
}
