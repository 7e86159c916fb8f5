import type { ClassCurve } from '../contracts/cross-validation.js';
import { f1GainIntervals } from '../evaluation/bootstrap.js';
import { evaluateLabel } from '../evaluation/metrics.js';
import { byCodePoint } from '../lib/order.js';
import type { TestedShare } from './cross-validate.js';

/** The thresholds with the best F1 over all images. */
export function bestThresholds({ images }: Pick<TestedShare, 'images'>): Map<string, number> {
  const labels = [...new Set(images.flatMap(({ truth }) => truth.map(({ label }) => label)))].sort(
    byCodePoint,
  );
  return new Map(labels.map((label) => [label, evaluateLabel(label, images).threshold]));
}

/** F1 of each class by the number of photos that a detector was fitted on, sorted by class. */
export function learningCurve(tested: readonly TestedShare[]): ClassCurve[] {
  const [half, all] = tested.slice(-2);
  if (!half || !all) return [];
  const gains = f1GainIntervals(
    { images: half.images, thresholds: bestThresholds(half) },
    { images: all.images, thresholds: bestThresholds(all) },
  );
  return [...gains].map(([label, gain]) => ({
    label,
    objects: all.images.flatMap(({ truth }) => truth.filter((box) => box.label === label)).length,
    points: tested.map(({ share, photos, images }) => ({
      ...{ share, photos: Math.round(photos.get(label) ?? 0), f1: evaluateLabel(label, images).f1 },
    })),
    gain,
  }));
}
