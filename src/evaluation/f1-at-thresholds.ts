import { countDetections, f1Of } from './detection-counts.js';
import type { TestImage } from './metrics.js';

/**
 * Mean F1, 0 to 1, over the labels that have objects on these images. Each label is evaluated at its given threshold
 * rather than at the best threshold for these images, which would inflate the F1 of small sets.
 * Null if no label has an object on them.
 * @param thresholds confidence, 0 to 1, from which the detections of a label count
 */
export function f1AtThresholds(
  images: readonly TestImage[],
  thresholds: ReadonlyMap<string, number>,
): number | null {
  const scores = [...thresholds].flatMap(([label, threshold]) => {
    const total = { correct: 0, detections: 0, objects: 0 };
    for (const image of images) {
      const counts = countDetections(image, label, threshold);
      total.correct += counts.correct;
      total.detections += counts.detections;
      total.objects += counts.objects;
    }
    return f1Of(total) ?? [];
  });
  return scores.length === 0 ? null : scores.reduce((sum, f1) => sum + f1, 0) / scores.length;
}
