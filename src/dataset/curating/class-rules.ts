import { byCodePoint } from '../../lib/order.js';
import { type Candidate, countByLabel } from '../model/candidates.js';
import type { Drops } from '../model/drops.js';
import type { Box } from '../model/types.js';

/** Drops classes with their boxes. An image that keeps other boxes stays and is listed in `partlyUnlabelled`. */
export function dropClasses(
  images: readonly Candidate[],
  classes: readonly { readonly label: string }[],
  drops: Drops,
): { images: Candidate[]; partlyUnlabelled: string[] } {
  const rare = new Set(classes.map(({ label }) => label));
  const left: Candidate[] = [];
  const partlyUnlabelled: string[] = [];
  for (const image of images) {
    const boxes = image.boxes.filter(({ label }) => !rare.has(label));
    drops.add('class-dropped', image.boxes.length - boxes.length);
    if (boxes.length === 0) continue;
    if (boxes.length < image.boxes.length) partlyUnlabelled.push(image.path);
    left.push(boxes.length === image.boxes.length ? image : { ...image, boxes });
  }
  return { images: left, partlyUnlabelled };
}

/** Classes of val that are missing in train, with the number of their images in val; sorted by name. */
export function untrainedClasses(split: {
  readonly train: readonly Candidate[];
  readonly val: readonly Candidate[];
}): { label: string; images: number }[] {
  const inTrain = countByLabel(split.train);
  return [...countByLabel(split.val)]
    .filter(([label]) => !inTrain.has(label))
    .map(([label, images]) => ({ label, images }))
    .sort((a, b) => byCodePoint(a.label, b.label));
}

/** Keeps the `limit` largest boxes of each image, in their original order. */
export function cutBoxes(
  images: readonly Candidate[],
  limit: number,
  drops: Drops,
): { images: Candidate[]; cutImages: string[] } {
  const cutImages: string[] = [];
  const cut = images.map((image) => {
    if (image.boxes.length <= limit) return image;
    cutImages.push(image.path);
    drops.add('over-max-boxes', image.boxes.length - limit);
    const largest = largestBoxes(image.boxes, limit);
    return { ...image, boxes: image.boxes.filter((box) => largest.has(box)) };
  });
  return { images: cut, cutImages };
}

/** The `limit` largest boxes. */
export function largestBoxes(boxes: readonly Box[], limit: number): Set<Box> {
  return new Set([...boxes].sort(byAreaDown).slice(0, limit));
}

function byAreaDown(a: Box, b: Box): number {
  return (
    b.width * b.height - a.width * a.height ||
    a.top - b.top ||
    a.left - b.left ||
    byCodePoint(a.label, b.label)
  );
}
