import { createHash } from 'node:crypto';
import { byCodePoint } from '../../lib/order.js';
import { sourceName } from './source-name.js';
import type { CuratedImage, Side } from './types.js';

/** An image that may go into a manifest, with what orders it. */
export interface Candidate extends CuratedImage {
  /** Hash of seed and source name: a place that survives a new export. */
  readonly place: string;
  /** The side that its exporter put it on; null where nothing says it. */
  readonly exported: Side | null;
}

export function placeOf(seed: number, source: string): string {
  return createHash('sha256').update(`${seed}\n${source}`).digest('hex');
}

export function placeOfPath(seed: number, path: string): string {
  return placeOf(seed, sourceName(path));
}

/** By place; copies under one source name by content, so that names of an export decide nothing. */
export function byPlace(a: Candidate, b: Candidate): number {
  return (
    byCodePoint(a.place, b.place) ||
    byCodePoint(a.sourceSha256, b.sourceSha256) ||
    byCodePoint(a.path, b.path)
  );
}

type Labelled = { readonly boxes: readonly { readonly label: string }[] };

export const labelsOf = (image: Labelled): Set<string> => new Set(image.boxes.map(({ label }) => label));

/** Images a class. */
export function countByLabel(images: Iterable<Labelled>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const image of images)
    for (const label of labelsOf(image)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
