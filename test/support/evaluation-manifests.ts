import type { TestBox } from './manifests.js';

export type Verdict = 'true-positive' | 'false-positive';

export interface TestPrediction {
  readonly box: TestBox;
  /** The service's verdict; undefined for a prediction without one. */
  readonly is?: Verdict | undefined;
}

/** The details of a prediction as the developer guide shows them ("Accessing the evaluation manifest snapshot"). */
const details = (is: Verdict) => ({
  'rekognition-custom-labels-evaluation-details': {
    version: 1,
    'is-true-positive': is === 'true-positive',
    'is-true-negative': false,
    'is-false-positive': is === 'false-positive',
    'is-false-negative': false,
    'is-present-in-ground-truth': is === 'true-positive',
    'ground-truth-labelling-jobs': ['rekognition-custom-labels-training-job'],
  },
});

/** A line of the service's evaluation manifest. Every prediction has a confidence of 0.9. */
export function evaluationLine(
  bucket: string,
  image: string,
  truth: readonly TestBox[],
  predictions: readonly TestPrediction[],
): string {
  const names = [...new Set([...truth, ...predictions.map(({ box }) => box)].map(([label]) => label))];
  const located = (boxes: readonly TestBox[]) => ({
    annotations: boxes.map(([label, left, top, width, height]) => ({
      class_id: names.indexOf(label),
      ...{ left, top, width, height },
    })),
  });
  const classes = Object.fromEntries(names.map((name, id) => [String(id), name]));
  return JSON.stringify({
    'source-ref': `s3://${bucket}/${image}`,
    'rekognition-custom-labels-training-0': located(truth),
    'rekognition-custom-labels-training-0-metadata': {
      objects: truth.map(() => ({ confidence: 1 })),
      'class-map': classes,
    },
    'rekognition-custom-labels-evaluation': located(predictions.map(({ box }) => box)),
    'rekognition-custom-labels-evaluation-metadata': {
      objects: predictions.map(({ is }) => ({ confidence: 0.9, ...(is ? details(is) : {}) })),
      'class-map': classes,
    },
  });
}
