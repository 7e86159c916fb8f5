import { intersectionOverUnion, type Rectangle } from '../../dataset/model/rectangle.js';
import type { Detection } from '../../evaluation/metrics.js';
import { describeCells } from './cells.js';
import type { Detector } from './detector.js';
import { CellSums, FEATURES } from './features.js';
import type { FittedWindows } from './fitted-windows.js';
import { Scorer } from './linear-head.js';
import { windowToBox } from './offsets.js';
import type { Picture } from './picture.js';
import { placeWindows } from './windows.js';

/** Maximum number of windows per picture; small boxes would need tens of thousands. */
const MAX_WINDOWS = 12_000;
const MIN_CONFIDENCE = 0.03;
/** Of detections of one class with at least this overlap (IoU), only the most confident is kept. */
const SUPPRESS_OVERLAP = 0.3;
/** Detections with at least this overlap are averaged into the box, since each alone is off by a part of its window's stride. */
const AVERAGE_OVERLAP = 0.5;
const MAX_DETECTIONS_PER_CLASS = 100;

export class SlidingWindowDetector implements Detector {
  private readonly scorer: Scorer;

  constructor(readonly fitted: FittedWindows) {
    this.scorer = new Scorer(fitted.head);
  }

  detect(picture: Picture): Detection[] {
    const { labels, side, shapes } = this.fitted;
    const cells = describeCells(picture, side);
    const sums = new CellSums(cells);
    const features = new Float32Array(FEATURES);
    const found = labels.map((): Detection[] => []);
    const size = { width: cells.columns, height: cells.rows };
    for (const window of placeWindows(shapes, size, MAX_WINDOWS)) {
      sums.describe(window, features, 0);
      if (this.scorer.score(features) < MIN_CONFIDENCE) continue;
      const box = toPixels(windowToBox(window, this.scorer.offsets(features)), size, picture);
      if (box.width < 1 || box.height < 1) continue;
      labels.forEach((label, index) => {
        const confidence = this.scorer.probability(index);
        if (confidence >= MIN_CONFIDENCE) found[index]?.push({ label, ...box, confidence });
      });
    }
    return found.flatMap(suppress).sort((a, b) => b.confidence - a.confidence);
  }
}

/** Converts a rectangle from cells to whole pixels, clipped to the picture. */
function toPixels(box: Rectangle, cells: { width: number; height: number }, picture: Picture): Rectangle {
  const [across, down] = [picture.width / cells.width, picture.height / cells.height];
  const left = Math.max(0, Math.round(box.left * across));
  const top = Math.max(0, Math.round(box.top * down));
  const right = Math.min(picture.width, Math.round((box.left + box.width) * across));
  const bottom = Math.min(picture.height, Math.round((box.top + box.height) * down));
  return { left, top, width: right - left, height: bottom - top };
}

/** Greedy non-maximum suppression of the detections of one class. */
function suppress(detections: readonly Detection[]): Detection[] {
  const kept: Detection[] = [];
  for (const detection of [...detections].sort((a, b) => b.confidence - a.confidence)) {
    if (kept.length === MAX_DETECTIONS_PER_CLASS) break;
    if (kept.every((one) => intersectionOverUnion(one, detection) < SUPPRESS_OVERLAP)) kept.push(detection);
  }
  return kept.map((one) => ({ ...one, ...meanBox(detections.filter((other) => agrees(one, other))) }));
}

function agrees(one: Detection, other: Detection): boolean {
  return intersectionOverUnion(one, other) >= AVERAGE_OVERLAP;
}

/** The mean of the boxes, weighted by confidence, in whole pixels. */
function meanBox(detections: readonly Detection[]): Rectangle {
  let [weights, left, top, right, bottom] = [0, 0, 0, 0, 0];
  for (const { confidence, ...box } of detections) {
    weights += confidence;
    left += confidence * box.left;
    top += confidence * box.top;
    right += confidence * (box.left + box.width);
    bottom += confidence * (box.top + box.height);
  }
  const [x, y] = [Math.round(left / weights), Math.round(top / weights)];
  return {
    left: x,
    top: y,
    width: Math.round(right / weights) - x,
    height: Math.round(bottom / weights) - y,
  };
}
