import { type ReviewedImage, reviewLabels } from '../../src/advice/label-review.js';
import type { DatasetCounts } from '../../src/advice/next-steps.js';
import type { LabelDoubt } from '../../src/contracts/label-doubts.js';
import type { Box } from '../../src/dataset/model/types.js';
import { judgeImage } from '../../src/evaluation/error-kinds.js';
import type { Detection, TestImage } from '../../src/evaluation/metrics.js';

/** A box of 20 pixels in the middle of an image of 200, moved to the right by `left`. */
export const boxAt = (label: string, left = 0): Box => ({
  ...{ label, left: 60 + left, top: 90, width: 20, height: 20 },
});
export const seenAt = (label: string, confidence: number, left = 0): Detection => ({
  ...boxAt(label, left),
  confidence,
});

export type Tested = TestImage & { readonly photo: string };

/** Images of which each is a photo of its own. */
export const testedOf = (images: readonly TestImage[]): Tested[] =>
  images.map((image, n) => ({ ...image, photo: `photo ${n}` }));

/** The images as they are judged at a confidence of 0.5 for all classes. */
export function judgedOf(images: readonly TestImage[]): ReviewedImage[] {
  const labels = images.flatMap(({ truth, detections }) =>
    [...truth, ...detections].map(({ label }) => label),
  );
  const thresholds = new Map(labels.map((label) => [label, 0.5]));
  return images.map((image, n) => ({
    ...{ path: `${n}.jpg`, key: `key ${n}`, width: 200, height: 200 },
    ...judgeImage(image, thresholds),
  }));
}

export const doubtsOf = (images: readonly TestImage[]): LabelDoubt[] => reviewLabels(judgedOf(images));

/** `count` images with one object of the class, which is found with the confidence. */
export const found = (label: string, count: number, confidence = 0.8): TestImage[] =>
  Array.from({ length: count }, () => ({ truth: [boxAt(label)], detections: [seenAt(label, confidence)] }));

/** 100 used photos of 300 images, of which balancing left out 200 in 200 photos. */
export const COUNTS: DatasetCounts = {
  images: {
    ...{ found: 300, used: 100, rejected: 0, train: 90, val: 10, unusedPhotos: 200 },
    left: { neverAnnotated: 0, emptiedByBoxRules: 0, emptiedByClassDrop: 0, balancedAway: 200 },
  },
  groups: { groups: 0, images: 0 },
  labelsFound: [
    { label: 'cat', images: 240 },
    { label: 'dog', images: 60 },
  ],
  settings: { enableBalance: true, mergeClasses: '' },
};
