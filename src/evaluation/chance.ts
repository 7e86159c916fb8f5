import type { Box, Size } from '../dataset/model/types.js';
import { median } from '../lib/median.js';
import { type Detection, evaluateLabel, overallOf } from './metrics.js';

/** The size of an image in pixels and its boxes. */
export interface LabelledPicture {
  readonly size: Size;
  readonly boxes: readonly Box[];
}

/** Predicts boxes from the size of a picture alone, in pixels. */
export interface PriorDetector {
  detect(size: Size): Detection[];
}

interface Prior {
  readonly label: string;
  readonly confidence: number;
  /** Median centre and median width and height, as shares of the image's sides. */
  readonly center: readonly [number, number];
  readonly extent: readonly [number, number];
}

/**
 * Fits a baseline that ignores the pixels: it predicts the median box of each class of the training set, with the
 * share of images that contain the class as confidence. Its F1 is the chance level that a trained model must exceed.
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
    const [x = 0, y = 0, width = 0, height = 0] = shares.map((values) => median(values) ?? 0);
    return { label, confidence: images.size / pictures.length, center: [x, y], extent: [width, height] };
  });
  return { detect: (size) => priors.map((prior) => predictBox(prior, size)) };
}

function predictBox({ label, confidence, center, extent }: Prior, size: Size): Detection {
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

/** Mean F1, 0 to 1, over `labels` of the prior detector, fitted on `train` and evaluated on `test`. */
export function chanceF1(
  train: readonly LabelledPicture[],
  test: readonly LabelledPicture[],
  labels: readonly string[],
): number {
  const detector = fitPriorDetector(train);
  const images = test.map(({ size, boxes }) => ({ truth: boxes, detections: detector.detect(size) }));
  return overallOf(labels.map((label) => evaluateLabel(label, images))).f1;
}
