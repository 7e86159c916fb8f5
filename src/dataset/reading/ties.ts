import { byCodePoint } from '../../lib/order.js';
import type { Explanations, Right } from './explanations.js';

/** Two explanations of a difference between bbox and shape, one of which is right. */
export interface Pair {
  /** The convention of the bbox if the shape is right. */
  readonly convention: string;
  /** The reading of the shape if the bbox is right. */
  readonly reading: string;
}

/** Annotations whose own evidence shows that bbox or shape is right, and those without such evidence. */
interface Votes extends Pair {
  bbox: number;
  shape: number;
  open: number;
}

/** Annotations that have one explanation only, from which this is that of others. */
const MIN_PROOFS = 3;

/**
 * Decides which of bbox and shape is right where either explains the difference, as when x and y of one of them are
 * exchanged. A COCO file has one exporter, so the annotations whose own evidence shows it decide for the others.
 */
export class Ties {
  readonly #votes = new Map<string, Votes>();
  /** The only explanations of other annotations, with their number. */
  readonly #only = new Map<string, number>();

  /** @param own which of the two the annotation's own evidence shows to be right */
  add(explanations: Explanations, own: Right | undefined): void {
    for (const pair of pairsOf(explanations)) {
      const votes = this.#votes.get(keyOf(pair)) ?? { ...pair, bbox: 0, shape: 0, open: 0 };
      votes[own ?? 'open'] += 1;
      this.#votes.set(keyOf(pair), votes);
    }
    if (isTie(explanations)) return;
    for (const { name } of [...explanations.conventions, ...explanations.readings]) {
      this.#only.set(name, (this.#only.get(name) ?? 0) + 1);
    }
  }

  get isEmpty(): boolean {
    return this.#votes.size === 0;
  }

  /** The pair of explanations that most annotations share. */
  get mostFrequent(): Pair | undefined {
    return [...this.#votes.values()].sort(byFrequency)[0];
  }

  /** Decides by the pair of explanations that most annotations share; undefined if evidence is missing or divided. */
  decide(explanations: Explanations): Right | undefined {
    const [best] = pairsOf(explanations)
      .flatMap((pair) => this.#votes.get(keyOf(pair)) ?? [])
      .sort(byFrequency);
    const { bbox, shape } = best ?? { bbox: 0, shape: 0 };
    if (bbox > 0 || shape > 0) return bbox > 0 && shape > 0 ? undefined : bbox > 0 ? 'bbox' : 'shape';
    const isShape = this.#areOnly(explanations.conventions);
    const isBbox = this.#areOnly(explanations.readings);
    return isShape === isBbox ? undefined : isShape ? 'shape' : 'bbox';
  }

  /** Whether other annotations have only one of these explanations. */
  #areOnly(explanations: readonly { readonly name: string }[]): boolean {
    return explanations.some(({ name }) => (this.#only.get(name) ?? 0) >= MIN_PROOFS);
  }
}

const byFrequency = (a: Votes, b: Votes) =>
  b.bbox + b.shape + b.open - (a.bbox + a.shape + a.open) ||
  // The simplest explanation has the shortest name: in images of 100 pixels, percent are pixels too.
  keyOf(a).length - keyOf(b).length ||
  byCodePoint(keyOf(a), keyOf(b));

/** Whether bbox and shape can both be the right one. */
export const isTie = ({ conventions, readings }: Explanations) =>
  conventions.length > 0 && readings.length > 0;

const pairsOf = ({ conventions, readings }: Explanations): Pair[] =>
  conventions.flatMap((convention) =>
    readings.map((reading) => ({ convention: convention.name, reading: reading.name })),
  );

const keyOf = ({ convention, reading }: Pair) => `${convention} / ${reading}`;
