import type { LabelEvaluation } from '../../../src/contracts/workflow-io.js';
import { type ConfusionMatrix, confusionOf } from '../../../src/evaluation/confusion.js';
import { f1Of } from '../../../src/evaluation/detection-counts.js';
import { type JudgedImage, judgeImage } from '../../../src/evaluation/error-kinds.js';
import {
  type ClassErrors,
  type ErrorSummary,
  summarizeErrors,
} from '../../../src/evaluation/error-summary.js';
import type { TestedImage } from '../api.js';

export type JudgedTestImage = JudgedImage & Pick<TestedImage, 'path' | 'key' | 'width' | 'height' | 'tile'>;

/** What a model gets right and wrong on its test images at some thresholds. */
export interface Judged {
  readonly images: readonly JudgedTestImage[];
  readonly summary: ErrorSummary;
  readonly matrix: ConfusionMatrix;
}

/**
 * Judges all test images.
 * @param threshold confidence, 0 to 1, from which the detections of all classes count; null for each class's own
 */
export function judge(
  images: readonly TestedImage[],
  classes: readonly LabelEvaluation[],
  threshold: number | null,
): Judged {
  const labels = classes.map(({ label }) => label);
  const thresholds = new Map(classes.map((one) => [one.label, threshold ?? one.threshold]));
  const judged = images.map((image) => {
    const { path, key, width, height, tile } = image;
    return { ...judgeImage(image, thresholds), path, key, width, height, tile };
  });
  const summary = summarizeErrors(judged, labels);
  return { images: judged, summary, matrix: confusionOf(judged, labels) };
}

/** F1 of a class from its counts, 0 to 1; null without objects. */
export const f1FromErrors = ({ found, falseAlarms, objects }: ClassErrors) =>
  f1Of({ correct: found, detections: found + falseAlarms, objects });

/** Mean F1 over the classes that have objects, 0 to 1; null if none has. */
export function meanF1({ classes }: ErrorSummary): number | null {
  const scores = classes.flatMap((errors) => f1FromErrors(errors) ?? []);
  return scores.length === 0 ? null : scores.reduce((sum, f1) => sum + f1, 0) / scores.length;
}
