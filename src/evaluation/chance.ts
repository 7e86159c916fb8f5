import type { Box, Size } from '../dataset/model/types.js';
import { type Detection, evaluateLabel, overallOf } from './metrics.js';

export interface LabelledPicture {
  readonly size: Size;
  readonly boxes: readonly Box[];
}

/** Predicts on a picture of this size without looking at it. */
export interface PriorDetector {
  detect(size: Size): Detection[];
}

interface Prior {
  readonly label: string;
  readonly confidence: number;
  /** Medians as shares of the image's sides. */
  readonly center: readonly [number, number];
  readonly extent: readonly [number, number];
}

/**
 * A baseline that never looks at a picture: for each class the median box of the training set, as sure as the
 * class is frequent. What it scores is chance; what learned something has to score more.
 */
export function fitPriorDetector(pictures: readonly LabelledPicture[]): PriorDetector {
  const byLabel = new Map<string, { shares: number[][]; images: Set<LabelledPicture> }>();
  for (const picture of pictures) {
    for (const box of picture.boxes) {
      const known = byLabel.get(box.label) ?? { shares: [[], [], [], []], images: new Set() };
      byLabel.set(box.label, known);
      known.images.add(picture);
      const { width, height } = picture.size;
      const shares = [
        (box.left + box.width / 2) / width,
        (box.top + box.height / 2) / height,
        box.width / width,
        box.height / height,
      ];
      shares.forEach((share, i) => {
        known.shares[i]?.push(share);
      });
    }
  }
  const priors = [...byLabel].map(([label, { shares, images }]): Prior => {
    const [x = 0, y = 0, width = 0, height = 0] = shares.map(median);
    return { label, confidence: images.size / pictures.length, center: [x, y], extent: [width, height] };
  });
  return { detect: (size) => priors.map((prior) => place(prior, size)) };
}

function place({ label, confidence, center, extent }: Prior, size: Size): Detection {
  const width = extent[0] * size.width;
  const height = extent[1] * size.height;
  return {
    label,
    confidence,
    left: center[0] * size.width - width / 2,
    top: center[1] * size.height - height / 2,
    width,
    height,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** Overall F1 of the prior detector, fitted on `train` and evaluated on `test`, over these labels. */
export function chanceF1(
  train: readonly LabelledPicture[],
  test: readonly LabelledPicture[],
  labels: readonly string[],
): number {
  const detector = fitPriorDetector(train);
  const images = test.map(({ size, boxes }) => ({ truth: boxes, detections: detector.detect(size) }));
  return overallOf(labels.map((label) => evaluateLabel(label, images))).f1;
}
