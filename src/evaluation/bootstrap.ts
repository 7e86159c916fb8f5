import { createRandom } from '../lib/random.js';
import { type CountDetections, countDetections, f1Of } from './detection-counts.js';
import type { TestImage } from './metrics.js';

/** A test image and the photo it shows; copies of one photo share `photo`. */
export interface SampledImage extends TestImage {
  readonly photo: string;
}

/** Lower and upper end of a 95 % interval, each 0 to 1. */
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
  const photos = countPhotos(images, thresholds, count);
  const random = createRandom(SEED);
  const overall: number[] = [];
  const perLabel = labels.map((): number[] => []);
  const sums = new Int32Array(labels.length * NUMBERS);
  for (let draw = 0; draw < RESAMPLINGS && photos.length > 0; draw++) {
    sums.fill(0);
    for (let i = 0; i < photos.length; i++) {
      const counts = photos[random.integer(0, photos.length - 1)];
      for (let k = 0; counts && k < sums.length; k++) sums[k] = (sums[k] ?? 0) + (counts[k] ?? 0);
    }
    let [total, seen] = [0, 0];
    for (let label = 0; label < labels.length; label++) {
      const [correct = 0, detections = 0, objects = 0] = sums.subarray(label * NUMBERS);
      const f1 = f1Of({ correct, detections, objects });
      if (f1 === null) continue;
      perLabel[label]?.push(f1);
      total += f1;
      seen += 1;
    }
    if (seen > 0) overall.push(total / seen);
  }
  return {
    overall: endsOf(overall),
    labels: new Map(labels.map((label, index) => [label, endsOf(perLabel[index] ?? [])])),
  };
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
