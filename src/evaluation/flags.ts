import type { DetectionCounts } from './detection-counts.js';
import type { Detection, TestImage } from './metrics.js';

/** The service's own verdict on a detection; `negative` if the detection is below the threshold of its label. */
export type Flag = 'true-positive' | 'false-positive' | 'negative';

/** A detection of an evaluation manifest. */
export interface FlaggedDetection extends Detection {
  /** Null if the manifest does not say whether the detection is correct. */
  readonly flag: Flag | null;
}

export interface FlaggedImage extends TestImage {
  readonly detections: readonly FlaggedDetection[];
}

/** Whether the service has flagged every detection of these images, and there is at least one. */
export function areFlagged(images: readonly FlaggedImage[]): boolean {
  const detections = images.flatMap((image) => image.detections);
  return detections.length > 0 && detections.every(({ flag }) => flag !== null);
}

/** Counts the detections of a label on one image by the service's flags, whatever their boxes and confidences. */
export function countFlags({ truth, detections }: FlaggedImage, label: string): DetectionCounts {
  const flagged = (flag: Flag) => detections.filter((one) => one.label === label && one.flag === flag).length;
  const correct = flagged('true-positive');
  return {
    correct,
    detections: correct + flagged('false-positive'),
    objects: truth.filter((box) => box.label === label).length,
  };
}
