import { matchImage, type TestImage } from './metrics.js';

/** Counts of one label on some test images, from which F1 follows. */
export interface DetectionCounts {
  /** Detections that match an object of the label. */
  readonly correct: number;
  /** Detections with at least the confidence of the threshold. */
  readonly detections: number;
  readonly objects: number;
}

/**
 * Counts the detections of a label on one image.
 * @param threshold confidence, 0 to 1, from which the detections of the label count
 */
export type CountDetections<T extends TestImage> = (
  image: T,
  label: string,
  threshold: number,
) => DetectionCounts;

/** Counts the detections of a label on one image that have at least the confidence `threshold`, 0 to 1. */
export function countDetections(
  { truth, detections }: TestImage,
  label: string,
  threshold: number,
): DetectionCounts {
  const objects = truth.filter((box) => box.label === label);
  const positive = detections.filter((one) => one.label === label && one.confidence >= threshold);
  const correct = matchImage(objects, positive).filter(({ object }) => object).length;
  return { correct, detections: positive.length, objects: objects.length };
}

/** F1 from counts, 0 to 1: correct detections divided by the mean of detections and objects. Null without objects. */
export function f1Of({ correct, detections, objects }: DetectionCounts): number | null {
  return objects === 0 ? null : (2 * correct) / (detections + objects);
}
