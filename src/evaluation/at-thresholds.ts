import { matchImage, type TestImage } from './metrics.js';

/**
 * Mean F1 over the labels that have objects on these images, each at the threshold that it was given: not at the
 * best one for these images, which would flatter small sets. Null where no label has any.
 */
export function f1AtThresholds(
  images: readonly TestImage[],
  thresholds: ReadonlyMap<string, number>,
): number | null {
  const figures = [...thresholds].flatMap(([label, threshold]) => {
    const counts = { objects: 0, detections: 0, correct: 0 };
    for (const { truth, detections } of images) {
      const objects = truth.filter((box) => box.label === label);
      const positive = detections.filter((one) => one.label === label && one.confidence >= threshold);
      counts.objects += objects.length;
      counts.detections += positive.length;
      counts.correct += matchImage(objects, positive).filter(({ isCorrect }) => isCorrect).length;
    }
    return counts.objects === 0 ? [] : [(2 * counts.correct) / (counts.objects + counts.detections)];
  });
  return figures.length === 0 ? null : figures.reduce((sum, f1) => sum + f1, 0) / figures.length;
}
