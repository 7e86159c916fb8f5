import type { ClassCurve } from '../contracts/cross-validation.js';
import { f1GainIntervals } from '../evaluation/bootstrap.js';
import { evaluateLabel } from '../evaluation/metrics.js';
import { byCodePoint } from '../lib/order.js';
import type { TestedShare } from './cross-validate.js';

/** The thresholds with the best F1 over all images, and that F1, by class. */
export function bestScores({ images }: TestedShare) {
  const labels = [...new Set(images.flatMap(({ truth }) => truth.map(({ label }) => label)))].sort(
    byCodePoint,
  );
  const metrics = labels.map((label) => evaluateLabel(label, images));
  return {
    thresholds: new Map(metrics.map(({ label, threshold }) => [label, threshold])),
    f1: new Map(metrics.map(({ label, f1 }) => [label, f1])),
  };
}

/** F1 of each class by the number of photos that a detector was fitted on, sorted by class. */
export function learningCurve(tested: readonly TestedShare[]): ClassCurve[] {
  const scored = tested.map((one) => ({ ...one, ...bestScores(one) }));
  const [half, all] = scored.slice(-2);
  if (!half || !all) return [];
  return [...f1GainIntervals(half, all)].map(([label, gain]) => ({
    label,
    objects: all.images.flatMap(({ truth }) => truth.filter((box) => box.label === label)).length,
    points: scored.map(({ share, photos, f1 }) => ({
      ...{ share, photos: Math.round(photos.get(label) ?? 0), f1: f1.get(label) ?? 0 },
    })),
    gain,
  }));
}
