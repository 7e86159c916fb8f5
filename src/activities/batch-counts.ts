import type { PreprocessProgress } from '../contracts/workflow-io.js';
import type { BatchResult } from '../dataset/model/types.js';

/** Counts the images of a batch that are done, and the rejected ones among them. */
export function countsOf({ images }: BatchResult): PreprocessProgress {
  const rejected = images.filter(({ status }) => status === 'rejected').length;
  return { images: images.length, rejected };
}
