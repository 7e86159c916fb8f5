import { reviewLabels } from '../advice/label-review.js';
import type { LabelDoubt } from '../contracts/label-doubts.js';
import { judgeImage } from '../evaluation/error-kinds.js';
import type { TestedShare } from './cross-validate.js';
import { bestScores } from './learning-curve.js';

/** The labels of all images that the detectors contradict which were fitted on most other photos, the most doubtful first. */
export function doubtfulLabels(tested: readonly TestedShare[]): LabelDoubt[] {
  const last = tested.at(-1);
  if (!last) return [];
  const { thresholds } = bestScores(last);
  return reviewLabels(
    last.images.map((image) => {
      const { path, key, width, height } = image;
      return { path, key, width, height, ...judgeImage(image, thresholds) };
    }),
  );
}
