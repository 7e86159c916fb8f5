import { type LabelDoubt, type ReviewedImage, reviewLabels } from '../advice/label-review.js';
import { type DatasetCounts, type NextStep, nextSteps } from '../advice/next-steps.js';
import { judgeImage } from '../evaluation/error-kinds.js';
import { type TestedModel, testedImages } from './tested-model.js';

/** A model's test images with the outcome of each box, and what to do next. */
export interface ModelAdvice {
  readonly images: readonly ReviewedImage[];
  readonly steps: readonly NextStep[];
  /** The labels to check, the most doubtful first. */
  readonly doubts: readonly LabelDoubt[];
}

/**
 * Judges the test images of a model at the thresholds of its classes, and says what to do next.
 * @param dataset counts of its dataset version; null if they are unknown
 */
export function adviseOn(tested: TestedModel, dataset: DatasetCounts | null): ModelAdvice {
  const { labels: classes } = tested.evaluation;
  const thresholds = new Map(classes.map(({ label, threshold }) => [label, threshold]));
  const all = testedImages(tested);
  const images = all.map((image) => {
    const { path, key, width, height } = image;
    return { path, key, width, height, ...judgeImage(image, thresholds) };
  });
  const doubts = reviewLabels(images);
  return { images, doubts, steps: nextSteps({ classes, tested: all, judged: images, doubts, dataset }) };
}
