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
  /** What was predicted on the lines that were used, in their order. */
  readonly images: readonly TestImage[];
  /** The confidence from which a label counts. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The evaluation manifest snapshot: each used testing line with what was predicted on it, and whether it was right. */
export function evaluationManifest({ result, images, thresholds, at }: Evaluated): string {
  const names = [...new Set([...result.usableLabels, ...Object.keys(thresholds)])].sort(byCodePoint);
  const date = timestamp(at);
  return result.lines
    .filter((line) => isUsable(line, 'OBJECT_LOCALIZATION'))
    .map(({ sourceRef, size, boxes }, index) => {
      const detections = [...(images[index]?.detections ?? [])].sort((a, b) => b.confidence - a.confidence);
      const isRight = correctness(boxes, detections);
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
            objectDetails(detection, isRight.has(detection), thresholds[detection.label] ?? 0),
          ),
          'human-annotated': 'no',
          'job-name': PREDICTION_JOB,
        },
      })}\n`;
    })
    .join('');
}

/** The detections that lie on an object of their class; each object is found once. */
function correctness(truth: readonly Box[], detections: readonly Detection[]): Set<Detection> {
  const right = new Set<Detection>();
  for (const [label, own] of groupBy(detections, (one) => one.label)) {
    matchImage(
      truth.filter((box) => box.label === label),
      own,
    ).forEach(({ isCorrect }, index) => {
      const detection = own[index];
      if (isCorrect && detection) right.add(detection);
    });
  }
  return right;
}

/** By its label's threshold a prediction is positive or negative; by the ground truth it is right or wrong. */
function objectDetails({ confidence }: Detection, isRight: boolean, threshold: number) {
  const isPositive = confidence >= threshold;
  return {
    confidence,
    'rekognition-custom-labels-evaluation-details': {
      version: 1,
      'ground-truth-labelling-jobs': [TRUTH_JOB],
      'is-true-positive': isPositive && isRight,
      'is-true-negative': !isPositive && !isRight,
      'is-false-positive': isPositive && !isRight,
      'is-false-negative': !isPositive && isRight,
      'is-present-in-ground-truth': isRight,
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

/** An id of the image: the same one in each evaluation. */
function objectId(sourceRef: string): string {
  return createHash('sha256').update(sourceRef).digest('hex').slice(0, 32);
}

/** UTC without a zone, as the service writes times into files. */
export function timestamp(at: number): string {
  return new Date(at).toISOString().replace('Z', '');
}
