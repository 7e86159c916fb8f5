import type { DisjointSets } from '../../lib/disjoint-sets.js';
import { BroadPairs } from './broad-pairs.js';
import {
  descriptorOf,
  DESCRIPTOR_LENGTH as LENGTH,
  turnedDescriptor,
  UNIT,
  uprightTurns,
} from './descriptor.js';

import { composedTurn, inverseTurn, type Spread, spreadOf, TURNS } from './similarity.js';

/** Two pictures that may correlate above the limit, with `a` in one turn. */
export interface Candidate {
  readonly a: number;
  readonly b: number;
  readonly turn: number;
}

/** Pictures per step while descriptors are computed. */
const STEP = 1000;

/**
 * Finds all pairs of pictures that may correlate above a limit in one of the 8 turns. It misses no pair, unless both are
 * in one set already.
 *
 * Each picture is stored once, in an upright turn, as its descriptor. The distance of two descriptors is no larger
 * than that of the pictures, so that all candidates lie within a reach. If `a` in some turn is that near to the
 * upright `b`, this turn of `a` is nearly upright too, and so is the inverse turn of `b`. So for each turn only the
 * pictures with such nearly upright turns are compared; most pictures have only the one in which they are stored.
 */
export class SimilarityIndex {
  private readonly sums: Float64Array;
  private readonly deviations: Float64Array;
  private readonly turnsTaken: Uint8Array;
  private readonly reach: number;

  constructor(
    private readonly size: number,
    private readonly thumbnail64: (index: number) => Uint8Array,
    minCorrelation: number,
  ) {
    // Each value of two descriptors is rounded by up to 1/2.
    this.reach = Math.ceil(UNIT * Math.sqrt(2 - 2 * minCorrelation) + Math.sqrt(LENGTH));
    this.sums = new Float64Array(size);
    this.deviations = new Float64Array(size);
    this.turnsTaken = new Uint8Array(size);
  }

  /** Candidates whose pictures are not in one set. Yields `undefined` after each step of work, so that the caller can do other work. */
  *pairs(sets: DisjointSets): Generator<Candidate | undefined> {
    const descriptors = new Int16Array(this.size * LENGTH);
    const ids = new Int32Array(this.size);
    /** For each turn: the rows of pictures that are nearly upright in it. */
    const rowsOf: number[][] = TURNS.map(() => []);
    let count = 0;
    for (let index = 0; index < this.size; index++) {
      if (index % STEP === 0) yield;
      const descriptor = this.uprightDescriptor(index);
      if (!descriptor) continue;
      for (const turn of uprightTurns(descriptor, this.reach)) rowsOf[turn]?.push(count);
      descriptors.set(descriptor, count * LENGTH);
      ids[count++] = index;
    }
    const pairs = new BroadPairs(descriptors, ids, sets, this.reach);
    for (const [turn, rows] of rowsOf.entries()) {
      const inverse = inverseTurn(turn);
      if (inverse < turn) continue;
      const a = { rows: Int32Array.from(rows), turn };
      const b = turn === 0 ? undefined : { rows: Int32Array.from(rowsOf[inverse] ?? []), turn: 0 };
      for (const pair of pairs.search(a, b)) {
        yield pair && this.candidate(ids[pair.a] ?? 0, ids[pair.b] ?? 0, turn);
      }
    }
  }

  /** Spread of a picture, after the index is built. */
  spread(index: number): Spread {
    return { sum: this.sums[index] ?? 0, deviation: this.deviations[index] ?? 0 };
  }

  /** Descriptor of the picture in its first upright turn; undefined for a picture of one colour, which has no copies. */
  private uprightDescriptor(index: number): Int16Array | undefined {
    const picture = this.thumbnail64(index);
    const spread = spreadOf(picture);
    this.sums[index] = spread.sum;
    this.deviations[index] = spread.deviation;
    if (spread.deviation === 0) return undefined;
    const descriptor = descriptorOf(picture, spread);
    const turn = uprightTurns(descriptor, 0)[0] ?? 0;
    this.turnsTaken[index] = turn;
    return turnedDescriptor(descriptor, turn);
  }

  /** @param turn turn of the stored `a` that is near to the stored `b` */
  private candidate(a: number, b: number, turn: number): Candidate {
    const [takenByA, takenByB] = [this.turnsTaken[a] ?? 0, this.turnsTaken[b] ?? 0];
    return { a, b, turn: composedTurn(composedTurn(takenByA, turn), inverseTurn(takenByB)) };
  }
}
