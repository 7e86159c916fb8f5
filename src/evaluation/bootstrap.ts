import { createRandom } from '../lib/random.js';
import { matchImage, type TestImage } from './metrics.js';

/** A test image with the photo that it is one of the copies of. */
export interface SampledImage extends TestImage {
  readonly photo: string;
}

/** Both ends of a 95 % interval. */
export interface Ends {
  readonly low: number;
  readonly high: number;
}

export interface Intervals {
  readonly overall: Ends | null;
  /** By label; null where too few resamplings held an object of it. */
  readonly labels: ReadonlyMap<string, Ends | null>;
}

const RESAMPLINGS = 1000;
const SEED = 0;
/** Of each side. */
const TAIL = 0.025;
/** F1 is right detections over the mean of detections and objects; three numbers of a photo and label. */
const NUMBERS = 3;

/**
 * 95 % percentile bootstrap intervals of F1: photos are drawn with replacement, with all their copies, since copies say
 * the same thing. Thresholds stay where they were chosen. Seeded: the same test set and detections give the same ends.
 * @param thresholds confidence from which a label's detections count
 */
export function f1Intervals(
  images: readonly SampledImage[],
  thresholds: ReadonlyMap<string, number>,
): Intervals {
  const labels = [...thresholds.keys()];
  const photos = countPhotos(images, thresholds);
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
      const [correct = 0, found = 0, objects = 0] = sums.subarray(label * NUMBERS);
      if (objects === 0) continue;
      const f1 = (2 * correct) / (found + objects);
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

/** Right detections, detections and objects of each label, photo by photo in the order of first sight. */
function countPhotos(images: readonly SampledImage[], thresholds: ReadonlyMap<string, number>): Int32Array[] {
  const photos = new Map<string, Int32Array>();
  for (const { photo, truth, detections } of images) {
    const counts = photos.get(photo) ?? new Int32Array(thresholds.size * NUMBERS);
    photos.set(photo, counts);
    let at = 0;
    for (const [label, threshold] of thresholds) {
      const objects = truth.filter((box) => box.label === label);
      const found = detections.filter((one) => one.label === label && one.confidence >= threshold);
      const correct = matchImage(objects, found).filter(({ isCorrect }) => isCorrect).length;
      for (const number of [correct, found.length, objects.length]) {
        counts[at] = (counts[at] ?? 0) + number;
        at += 1;
      }
    }
  }
  return [...photos.values()];
}

/** Null where half of the resamplings say nothing: what the others say is no interval. */
function endsOf(values: readonly number[]): Ends | null {
  if (values.length < RESAMPLINGS / 2) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const last = sorted.length - 1;
  return {
    low: sorted[Math.floor(TAIL * last)] ?? 0,
    high: sorted[Math.ceil((1 - TAIL) * last)] ?? 1,
  };
}
