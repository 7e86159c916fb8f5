import { createHash } from 'node:crypto';
import { byCodePoint } from '../lib/order.js';

/** Share of the images that the service puts into the testing set. */
const TEST_SHARE = 0.2;

export interface Splittable {
  readonly sourceRef: string;
  readonly labels: readonly string[];
}

/**
 * Chooses 20 % of the images for testing, so that each label has at least one image in training and one in testing.
 * Labels are covered from the rarest to the most frequent; images are taken in the order of the hash of their
 * source-ref, so the result does not depend on the order of `images`.
 * @returns the testing images, or undefined if a label has fewer than two images
 */
export function autoSplit<T extends Splittable>(images: readonly T[]): Set<T> | undefined {
  const ordered = images
    .map((image) => ({ image, hash: createHash('sha256').update(image.sourceRef).digest('hex') }))
    .sort((a, b) => byCodePoint(a.hash, b.hash))
    .map(({ image }) => image);
  const left = new Map<string, number>();
  for (const { labels } of images) for (const label of new Set(labels)) add(left, label, 1);
  const rarestFirst = [...left].sort(([a, m], [b, n]) => m - n || byCodePoint(a, b)).map(([label]) => label);

  const test = new Set<T>();
  const covered = new Set<string>();
  const take = (image: T) => {
    if (test.has(image) || image.labels.some((label) => (left.get(label) ?? 0) < 2)) return false;
    test.add(image);
    for (const label of new Set(image.labels)) {
      add(left, label, -1);
      covered.add(label);
    }
    return true;
  };
  for (const label of rarestFirst) {
    if (covered.has(label)) continue;
    if (!ordered.some((image) => image.labels.includes(label) && take(image))) return undefined;
  }
  const wanted = Math.round(images.length * TEST_SHARE);
  for (const image of ordered) {
    if (test.size >= wanted) break;
    take(image);
  }
  return test.size > 0 ? test : undefined;
}

function add(counts: Map<string, number>, label: string, by: number): void {
  counts.set(label, (counts.get(label) ?? 0) + by);
}
