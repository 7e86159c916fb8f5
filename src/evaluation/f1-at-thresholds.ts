import { type CountDetections, countDetections, f1Of } from './detection-counts.js';
import type { TestImage } from './metrics.js';

/**
 * F1 by label, 0 to 1; null for a label without objects on these images. Each label is evaluated at its given threshold
 * rather than at the best threshold for these images, which would inflate the F1 of small sets.
 * @param thresholds confidence, 0 to 1, from which the detections of a label count
 */
export function f1PerLabel<T extends TestImage>(
  images: readonly T[],
  thresholds: ReadonlyMap<string, number>,
  count: CountDetections<T> = countDetections,
): Map<string, number | null> {
  return new Map(
    [...thresholds].map(([label, threshold]) => {
      const total = { correct: 0, detections: 0, objects: 0 };
      for (const image of images) {
        const counts = count(image, label, threshold);
        total.correct += counts.correct;
        total.detections += counts.detections;
        total.objects += counts.objects;
      }
      return [label, f1Of(total)];
    }),
  );
}

/**
 * Mean of `f1PerLabel`, 0 to 1, over the labels that have objects on these images; null if no label has one.
 * @param thresholds confidence, 0 to 1, from which the detections of a label count
 */
export function f1AtThresholds<T extends TestImage>(
  images: readonly T[],
  thresholds: ReadonlyMap<string, number>,
  count: CountDetections<T> = countDetections,
): number | null {
  const scores = [...f1PerLabel(images, thresholds, count).values()].flatMap((f1) => f1 ?? []);
  return scores.length === 0 ? null : scores.reduce((sum, f1) => sum + f1, 0) / scores.length;
}
