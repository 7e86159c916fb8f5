import type { DisjointSets } from '../../lib/disjoint-sets.js';
import {
  descriptorOf,
  DESCRIPTOR_LENGTH as LENGTH,
  turnedDescriptor,
  UNIT,
  uprightTurns,
} from './descriptor.js';
import { PointTree } from './point-tree.js';
import { composedTurn, inverseTurn, type Spread, spreadOf } from './similarity.js';

/** Two pictures that may correlate above the limit, with `a` in one turn. */
export interface Candidate {
  readonly a: number;
  readonly b: number;
  readonly turn: number;
}

/** Pictures per step while the index is built, and distances per step of the search. */
const ADDED_STEP = 1000;
const COMPARED_STEP = 100_000;
/** Pictures by which the axes are sorted. */
const SAMPLE = 1000;

/**
 * Finds all pairs of pictures that may correlate above a limit in one of the 8 turns. It misses no pair, unless both are
 * in one set already.
 *
 * Each picture is stored once, in an upright turn, as a point: its descriptor. The distance of two points is no larger
 * than that of the pictures, so that all candidates lie within a reach. If `a` in some turn is that near to the
 * upright `b`, this turn of `a` is nearly upright too. So a tree of the points is searched once for each nearly upright
 * turn of each picture: for most pictures, that is one. Each pair is looked for from one side.
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
    this.reach = UNIT * Math.sqrt(2 - 2 * minCorrelation) + Math.sqrt(LENGTH);
    this.sums = new Float64Array(size);
    this.deviations = new Float64Array(size);
    this.turnsTaken = new Uint8Array(size);
  }

  /** Candidates whose pictures are not in one set. Yields `undefined` after each step of work, so that the caller can do other work. */
  *pairs(sets: DisjointSets): Generator<Candidate | undefined> {
    const axes = this.sortedAxes();
    const points = new Int16Array(this.size * LENGTH);
    const ids: number[] = [];
    for (let index = 0; index < this.size; index++) {
      if (index % ADDED_STEP === 0) yield;
      const descriptor = this.uprightDescriptor(index);
      if (descriptor) points.set(onAxes(descriptor, axes), ids.push(index) * LENGTH - LENGTH);
    }
    const tree = new PointTree(points, LENGTH, sets, ids);
    yield* tree.build();
    let compared = 0;
    for (let position = 0; position < ids.length; position++) {
      for (const { turn, query } of this.queries(tree.point(position), axes)) {
        for (const found of tree.near(query, this.reach, position)) {
          yield this.candidate(tree.ids[position] ?? 0, tree.ids[found] ?? 0, turn);
        }
        if (tree.compared - compared < COMPARED_STEP) continue;
        compared = tree.compared;
        yield;
      }
    }
  }

  /** Spread of a picture, after the index is built. */
  spread(index: number): Spread {
    return { sum: this.sums[index] ?? 0, deviation: this.deviations[index] ?? 0 };
  }

  /** The places of descriptors in the order of their variance, so that few tell most pictures apart. */
  private sortedAxes(): Uint8Array {
    const sample: Int16Array[] = [];
    const stride = Math.ceil(this.size / SAMPLE);
    for (let index = 0; index < this.size; index += stride) {
      const descriptor = this.uprightDescriptor(index);
      if (descriptor) sample.push(descriptor);
    }
    const variances = Array.from({ length: LENGTH }, (_, place) => {
      const values = sample.map((descriptor) => descriptor[place] ?? 0);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    });
    const places = Array.from(variances.keys());
    return Uint8Array.from(places.sort((a, b) => (variances[b] ?? 0) - (variances[a] ?? 0) || a - b));
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

  /** A stored point in each turn that is nearly upright. */
  private queries(point: Int16Array, axes: Uint8Array): { turn: number; query: Int16Array }[] {
    const descriptor = new Int16Array(LENGTH);
    for (let axis = 0; axis < LENGTH; axis++) descriptor[axes[axis] ?? 0] = point[axis] ?? 0;
    return uprightTurns(descriptor, this.reach).map((turn) => ({
      turn,
      query: onAxes(turnedDescriptor(descriptor, turn), axes),
    }));
  }

  /** @param turn turn of the stored `a` that is near to the stored `b` */
  private candidate(a: number, b: number, turn: number): Candidate {
    const [takenByA, takenByB] = [this.turnsTaken[a] ?? 0, this.turnsTaken[b] ?? 0];
    return { a, b, turn: composedTurn(composedTurn(takenByA, turn), inverseTurn(takenByB)) };
  }
}

/** The values of a descriptor in the order of the axes. */
function onAxes(descriptor: Int16Array, axes: Uint8Array): Int16Array {
  const values = new Int16Array(LENGTH);
  for (let axis = 0; axis < LENGTH; axis++) values[axis] = descriptor[axes[axis] ?? 0] ?? 0;
  return values;
}
