import { createHash } from 'node:crypto';
import { isUsable } from '../custom-labels/validate-line.js';
import type { ManifestResult } from '../custom-labels/validate-manifest.js';
import type { Box, Size } from '../dataset/model/types.js';
import { type Detection, matchImage, type TestImage } from '../evaluation/metrics.js';
import { groupBy } from '../lib/group-by.js';
import { byCodePoint } from '../lib/order.js';

const TRUTH = 'rekognition-custom-labels-training-0';
const PREDICTION = 'rekognition-custom-labels-evaluation';
const TRUTH_JOB = 'rekognition-custom-labels-training-job';
const PREDICTION_JOB = 'rekognition-custom-labels-evaluation-job';

export interface Evaluated {
  readonly result: ManifestResult;
  /** Ground truth and predictions of each usable line, in the order of the lines. */
  readonly images: readonly TestImage[];
  /** Minimum confidence of a positive prediction, by label. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** End of the evaluation in milliseconds since 1970. */
  readonly at: number;
}

/** The evaluation manifest: each usable testing line with its predictions and whether each prediction is correct. */
export function evaluationManifest({ result, images, thresholds, at }: Evaluated): string {
  const names = [...new Set([...result.usableLabels, ...Object.keys(thresholds)])].sort(byCodePoint);
  const date = timestamp(at);
  return result.lines
    .filter((line) => isUsable(line, 'OBJECT_LOCALIZATION'))
    .map(({ sourceRef, size, boxes }, index) => {
      const detections = [...(images[index]?.detections ?? [])].sort((a, b) => b.confidence - a.confidence);
      const correct = correctDetections(boxes, detections);
      return `${JSON.stringify({
        'source-ref': sourceRef,
        'rekognition-custom-labels-object-id': objectId(sourceRef ?? ''),
        [TRUTH]: located(boxes, size, names),
        [`${TRUTH}-metadata`]: {
          ...metadata(boxes, names, date),
          objects: boxes.map(() => ({ confidence: 1 })),
          'human-annotated': 'yes',
          'job-name': TRUTH_JOB,
        },
        [PREDICTION]: located(detections, size, names),
        [`${PREDICTION}-metadata`]: {
          ...metadata(detections, names, date),
          objects: detections.map((detection) =>
            objectDetails(detection, correct.has(detection), thresholds[detection.label] ?? 0),
          ),
          'human-annotated': 'no',
          'job-name': PREDICTION_JOB,
        },
      })}\n`;
    })
    .join('');
}

/** The detections that match an object of their class. Each object is matched at most once. */
function correctDetections(truth: readonly Box[], detections: readonly Detection[]): Set<Detection> {
  const correct = new Set<Detection>();
  for (const [label, own] of groupBy(detections, (one) => one.label)) {
    matchImage(
      truth.filter((box) => box.label === label),
      own,
    ).forEach(({ detection, object }) => {
      if (object) correct.add(detection);
    });
  }
  return correct;
}

/** The threshold decides whether a prediction is positive; the ground truth decides whether it is correct. */
function objectDetails({ confidence }: Detection, isCorrect: boolean, threshold: number) {
  const isPositive = confidence >= threshold;
  return {
    confidence,
    'rekognition-custom-labels-evaluation-details': {
      version: 1,
      'ground-truth-labelling-jobs': [TRUTH_JOB],
      'is-true-positive': isPositive && isCorrect,
      'is-true-negative': !isPositive && !isCorrect,
      'is-false-positive': isPositive && !isCorrect,
      'is-false-negative': !isPositive && isCorrect,
      'is-present-in-ground-truth': isCorrect,
    },
  };
}

function located(boxes: readonly Box[], size: Size | null, names: readonly string[]) {
  return {
    annotations: boxes.map(({ label, left, top, width, height }) => ({
      class_id: names.indexOf(label),
      left: Math.round(left),
      top: Math.round(top),
      width: Math.round(width),
      height: Math.round(height),
    })),
    image_size: [{ width: size?.width, height: size?.height, depth: 3 }],
  };
}

function metadata(boxes: readonly Box[], names: readonly string[], date: string) {
  const used = [...new Set(boxes.map(({ label }) => label))].sort(byCodePoint);
  return {
    'class-map': Object.fromEntries(used.map((name) => [String(names.indexOf(name)), name])),
    type: 'groundtruth/object-detection',
    'creation-date': date,
  };
}

/** An id of the image that is the same in every evaluation. */
function objectId(sourceRef: string): string {
  return createHash('sha256').update(sourceRef).digest('hex').slice(0, 32);
}

/** ISO 8601 in UTC without a zone designator, as the service writes it into files. */
export function timestamp(at: number): string {
  return new Date(at).toISOString().replace('Z', '');
}
