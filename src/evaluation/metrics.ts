import { intersectionOverUnion } from '../dataset/model/rectangle.js';
import type { Box } from '../dataset/model/types.js';

/** Read once: in the VM context of tests every access to a global is slow. */
const { max, min } = Math;

/** A predicted box of one class on one test image. */
export interface Detection extends Box {
  /** 0 to 1. */
  readonly confidence: number;
}

/** The labelled and the predicted boxes of a test image, in the same pixels. */
export interface TestImage {
  readonly truth: readonly Box[];
  readonly detections: readonly Detection[];
}

/** Metrics of one label; all but `testImages` are 0 to 1. */
export interface LabelMetrics {
  readonly label: string;
  /** Number of test images with an object of the label. */
  readonly testImages: number;
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  /** The confidence with the best F1: the assumed threshold of the label. */
  readonly threshold: number;
  readonly averagePrecision: number;
  /** Recall of all detections, whatever their confidence. */
  readonly averageRecall: number;
}

/** Minimum IoU with an object of its class for a detection to be correct (developer guide, "Metrics"). */
export const MATCH_IOU = 0.5;

/** Computes the metrics of one label over the test images, at the threshold with the best F1. */
export function evaluateLabel(label: string, images: readonly TestImage[]): LabelMetrics {
  const objects = images.reduce((sum, image) => sum + of(label, image.truth).length, 0);
  const matches = images
    .flatMap((image) => matchImage(of(label, image.truth), of(label, image.detections)))
    .sort((a, b) => b.detection.confidence - a.detection.confidence);

  const curve: { precision: number; recall: number; confidence: number }[] = [];
  let correct = 0;
  matches.forEach(({ object, detection: { confidence } }, index) => {
    if (object) correct += 1;
    // No threshold separates detections with equal confidence.
    if (matches[index + 1]?.detection.confidence === confidence) return;
    curve.push({
      precision: correct / (index + 1),
      recall: objects === 0 ? 0 : correct / objects,
      confidence,
    });
  });
  let best = { f1: 0, precision: 0, recall: 0, threshold: 1 };
  for (const { precision, recall, confidence } of curve) {
    const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
    if (f1 > best.f1) best = { f1, precision, recall, threshold: confidence };
  }
  return {
    label,
    testImages: images.filter((image) => of(label, image.truth).length > 0).length,
    ...best,
    averagePrecision: areaUnder(curve),
    averageRecall: curve.at(-1)?.recall ?? 0,
  };
}

/** Means over the labels, 0 to 1. */
export interface Overall {
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  readonly averagePrecision: number;
  readonly averageRecall: number;
}

/** Computes unweighted means over the labels, as Rekognition does; all 0 without labels. */
export function overallOf(labels: readonly LabelMetrics[]): Overall {
  const mean = (of: (metrics: LabelMetrics) => number) =>
    labels.length === 0 ? 0 : min(1, labels.reduce((sum, metrics) => sum + of(metrics), 0) / labels.length);
  return {
    f1: mean(({ f1 }) => f1),
    precision: mean(({ precision }) => precision),
    recall: mean(({ recall }) => recall),
    averagePrecision: mean(({ averagePrecision }) => averagePrecision),
    averageRecall: mean(({ averageRecall }) => averageRecall),
  };
}

/** The boxes with this label. */
function of<T extends Box>(label: string, boxes: readonly T[]): T[] {
  return boxes.filter((box) => box.label === label);
}

/** A detection and the object that it matches; without one, the detection is a false alarm. */
export interface Match {
  readonly detection: Detection;
  readonly object: Box | null;
}

/**
 * Matches the detections of one image and label with its objects: in order of falling confidence, each detection takes
 * the free object of highest IoU, if that is at least 0.5. The result is sorted by falling confidence.
 */
export function matchImage(truth: readonly Box[], detections: readonly Detection[]): Match[] {
  const open = new Set(truth);
  return [...detections]
    .sort((a, b) => b.confidence - a.confidence)
    .map((detection) => {
      let [found, overlap]: [Box | undefined, number] = [undefined, MATCH_IOU];
      for (const object of open) {
        const iou = intersectionOverUnion(object, detection);
        if (iou >= overlap) [found, overlap] = [object, iou];
      }
      if (found) open.delete(found);
      return { detection, object: found ?? null };
    });
}

/** Area under the curve of precision over recall, with precision made monotonic. */
function areaUnder(curve: readonly { precision: number; recall: number }[]): number {
  let [area, precision] = [0, 0];
  for (let i = curve.length - 1; i >= 0; i--) {
    const point = curve[i];
    if (!point) continue;
    precision = max(precision, point.precision);
    area += precision * (point.recall - (curve[i - 1]?.recall ?? 0));
  }
  // Sums of shares have rounding errors: nine steps of 1/9 give 1.0000000000000002.
  return min(1, area);
}
