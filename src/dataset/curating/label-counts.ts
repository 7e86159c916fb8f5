import { byCodePoint } from '../../lib/order.js';
import { countByLabel, type Labelled } from '../model/candidates.js';
import type { LabelCounts } from '../model/counts.js';
import type { CuratedImage } from '../model/types.js';
import type { LabelFound } from './curation.js';

/** Number of images and boxes per class, sorted by name. */
export function countFound(images: readonly Labelled[]): LabelFound[] {
  const [inImages, boxes] = [countByLabel(images), countBoxes(images)];
  return [...inImages]
    .map(([label, count]) => ({ label, images: count, boxes: boxes.get(label) ?? 0 }))
    .sort((a, b) => byCodePoint(a.label, b.label));
}

/** Number of images and boxes per class in each manifest, sorted by name. */
export function countLabels(train: readonly CuratedImage[], val: readonly CuratedImage[]): LabelCounts[] {
  const side = (images: readonly CuratedImage[]) => ({
    images: countByLabel(images),
    boxes: countBoxes(images),
  });
  const [inTrain, inVal] = [side(train), side(val)];
  const labels = [...new Set([...inTrain.images.keys(), ...inVal.images.keys()])].sort(byCodePoint);
  const of = (counts: ReturnType<typeof side>, label: string) => ({
    images: counts.images.get(label) ?? 0,
    boxes: counts.boxes.get(label) ?? 0,
  });
  return labels.map((label) => ({ label, train: of(inTrain, label), val: of(inVal, label) }));
}

/** Number of boxes per class. */
export function countBoxes(images: readonly Labelled[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { boxes } of images)
    for (const { label } of boxes) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
