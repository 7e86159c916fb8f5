import { createHash } from 'node:crypto';
import { byCodePoint } from '../../lib/order.js';
import { sourceName } from './source-name.js';
import type { CuratedImage, Side } from './types.js';

/** An image that may go into a manifest, with what decides its order and its side. */
export interface Candidate extends CuratedImage {
  /** Name of the images that must be on one side of the split with this one: its copies, and images joined by name. */
  readonly unit: string;
  /** Hash of SEED and source name, hex. Images are ordered by it, so that the order survives a new export. */
  readonly sortKey: string;
  /** The side that the export put the image on; null if the export does not say it. */
  readonly exported: Side | null;
}

/** Hash of the seed and the source name of `path`, hex. */
export function sortKeyOf(seed: number, path: string): string {
  return createHash('sha256')
    .update(`${seed}\n${sourceName(path)}`)
    .digest('hex');
}

/** Compares by sort key; copies under one source name by content, so that file names of an export do not matter. */
export function bySortKey(a: Candidate, b: Candidate): number {
  return (
    byCodePoint(a.sortKey, b.sortKey) ||
    byCodePoint(a.sourceSha256, b.sourceSha256) ||
    byCodePoint(a.path, b.path)
  );
}

/** Anything with labelled boxes: an image as found, as curated or as used. */
export type Labelled = { readonly boxes: readonly { readonly label: string }[] };

/** The classes of an image's boxes. */
export function labelsOf(image: Labelled): Set<string> {
  const labels = new Set<string>();
  for (const { label } of image.boxes) labels.add(label);
  return labels;
}

/** Number of images per class. */
export function countByLabel(images: Iterable<Labelled>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const image of images)
    for (const label of labelsOf(image)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
