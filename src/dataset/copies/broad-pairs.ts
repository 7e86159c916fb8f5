import type { DisjointSets } from '../../lib/disjoint-sets.js';
import { BLOCK, BroadScan } from './broad-scan.js';
import { NearPairs, type RowPair } from './near-pairs.js';
import { inverseTurn } from './similarity.js';
import { Slabs } from './slabs.js';
import type { Pictures } from './split.js';
import { type Shades, shadesOf, widestFunctions } from './walsh.js';

/** Walsh functions on which pictures are compared. */
const FUNCTIONS = 16;
/** Pairs up to this number are compared without dividing them further. */
const FEW_PAIRS = 1 << 18;
/** A division pays if it rules out this many pairs per picture and side. */
const COST_PER_PICTURE = 30;
/** Maximum share of pairs that are alike in broad light and shade. If there are more, other axes tell them apart. */
const MAX_ALIKE = 0.01;
/** Pairs by which this share is found. */
const SAMPLE = 128;
/** Values that are compared, and pairs that are found, per step of work. */
const STEP = 1_000_000;
const FOUND = 1000;
/** More than the number of pictures. */
const KEY_STEP = 2 ** 32;

/** Pairs of one picture of `a` and one of `b`, by their indexes in the shades, or of two pictures of `a` without `b`. */
interface Task {
  readonly a: Int32Array;
  readonly b: Int32Array | undefined;
  /** Axes that were used already, one per bit. */
  readonly used: number;
}

/** The pictures of a search. If `isSymmetric`, each pair of `a` and `b` is found as one of `b` and `a` too, and one of both is enough. */
interface Sides {
  readonly a: Shades;
  readonly b: Shades;
  readonly isSymmetric: boolean;
}

/** Pictures, with their values on sorted axes, that are compared with a block. */
interface Comparison {
  readonly queries: Int32Array;
  readonly values: readonly Int16Array[];
  readonly block: Int32Array;
  /** Added to the index of a query, it is the index in the block from which it is compared, if that is not negative. */
  readonly first: number;
  readonly sides: Sides;
}

/**
 * Finds all pairs of descriptors within a reach, as `NearPairs` does. It tells pictures apart by broad light and shade,
 * which differ between photos of different things. Pairs that are mostly alike in it are left to `NearPairs`.
 */
export class BroadPairs {
  private readonly nearPairs: NearPairs;
  private readonly limit: number;
  private readonly slabs: Slabs;
  private readonly scan: BroadScan;

  /** @param ids the picture of each row of the descriptors, as `sets` knows it */
  constructor(
    private readonly descriptors: Int16Array,
    ids: Int32Array,
    sets: DisjointSets,
    reach: number,
    private readonly fewPairs = FEW_PAIRS,
  ) {
    this.nearPairs = new NearPairs(descriptors, ids, sets, reach);
    // Values are rounded by less than 1.
    this.limit = Math.ceil((reach + Math.sqrt(FUNCTIONS)) ** 2) + 1;
    this.slabs = new Slabs(Math.ceil(Math.sqrt(this.limit)));
    this.scan = new BroadScan(FUNCTIONS, this.limit);
  }

  /** Yields pairs whose pictures may not be in one set, and `undefined` after each step of work. */
  *search(a: Pictures, b?: Pictures): Generator<RowPair | undefined> {
    const functions = widestFunctions(this.descriptors, b ?? a, FUNCTIONS);
    const ofA = yield* shadesOf(this.descriptors, a, functions);
    const ofB = b ? yield* shadesOf(this.descriptors, b, functions) : ofA;
    const sides = { a: ofA, b: ofB, isSymmetric: b !== undefined && isSymmetric(a, b) };
    const tasks: Task[] = [{ a: indexesOf(a), b: b && indexesOf(b), used: 0 }];
    for (let task = tasks.pop(); task; task = tasks.pop()) {
      const parts = pairsIn(task) > this.fewPairs ? this.divided(task, sides) : undefined;
      if (parts) tasks.push(...parts);
      else if (pairsIn(task) > 0) yield* this.compare(task, sides);
    }
  }

  private divided(task: Task, sides: Sides): Task[] | undefined {
    const { a, b = a, used } = task;
    const { slabs } = this;
    const { axis, gain } = slabs.bestAxis(sides.a.values, a, sides.b.values, b, used);
    if (gain * pairsIn(task) < COST_PER_PICTURE * (a.length + b.length)) return undefined;
    const partsA = slabs.partition(sides.a.values[axis], a);
    const partsB = task.b ? slabs.partition(sides.b.values[axis], b) : partsA;
    const [across, within]: [Task[], Task[]] = [[], []];
    for (const [slabA, one] of partsA) {
      for (const [slabB, other] of partsB) {
        if (Math.abs(slabA - slabB) > 1 || (!task.b && slabB < slabA)) continue;
        const part = { a: one, used: used | (1 << axis) };
        if (slabA === slabB) within.push({ ...part, b: task.b && other });
        else across.push({ ...part, b: other });
      }
    }
    // The last ones are searched first: what they join need not be compared across the slabs.
    return [...across, ...within];
  }

  private *compare(task: Task, sides: Sides): Generator<RowPair | undefined> {
    const { a, b = a } = task;
    const { axes, alike } = this.sampled(sides.a.values, a, sides.b.values, b);
    if (alike > MAX_ALIKE && pairsIn(task) > this.fewPairs) {
      yield* this.nearPairs.search(part(sides.a, a), task.b && part(sides.b, b));
      return;
    }
    const ordered = (values: readonly Int16Array[]) => axes.map((axis) => values[axis] ?? new Int16Array());
    const [valuesA, valuesB] = [ordered(sides.a.values), ordered(sides.b.values)];
    const sortedA = sortedBy(valuesA[0], a);
    const sortedB = task.b ? sortedBy(valuesB[0], b) : sortedA;
    for (let from = 0; from < b.length; from += BLOCK) {
      const block = sortedB.subarray(from, from + BLOCK);
      this.scan.take(valuesB, block);
      for (let next = 0; next < a.length; ) {
        const pairs: RowPair[] = [];
        // Of a single list, each picture is compared with those after it.
        const first = task.b ? -a.length : 1 - from;
        next = this.compareSome({ queries: sortedA, values: valuesA, block, first, sides }, next, pairs);
        for (const pair of pairs) {
          if (!this.nearPairs.joined(pair.a, pair.b)) yield pair;
        }
        yield;
      }
    }
  }

  /** Compares some pictures from an index on with a block. Returns the index of the first one that is left. */
  private compareSome(
    { queries, values, block, first, sides }: Comparison,
    from: number,
    pairs: RowPair[],
  ): number {
    const { scan, nearPairs } = this;
    const { a, b, isSymmetric } = sides;
    let [next, compared] = [from, 0];
    for (; next < queries.length && compared < STEP && pairs.length < FOUND; next++) {
      const picture = queries[next] ?? 0;
      const row = a.rows[picture] ?? 0;
      const count = scan.near(values, picture, next + first);
      compared += scan.compared;
      for (let at = 0; at < count; at++) {
        const other = b.rows[block[scan.kept[at] ?? 0] ?? 0] ?? 0;
        if ((isSymmetric && other <= row) || nearPairs.joined(row, other)) continue;
        const pair = nearPairs.pair(row, other, a.turn);
        if (pair) pairs.push(pair);
      }
    }
    return next;
  }

  /** The axes in the order in which they tell pictures apart, and the share of pairs that no axis tells apart, by a sample. */
  private sampled(
    valuesA: readonly Int16Array[],
    a: Int32Array,
    valuesB: readonly Int16Array[],
    b: Int32Array,
  ) {
    const { limit } = this;
    const totals = new Float64Array(FUNCTIONS);
    let alike = 0;
    for (let index = 0; index < SAMPLE; index++) {
      const one = a[Math.floor((index * a.length) / SAMPLE)] ?? 0;
      const other = b[(index * 7919 + 13) % b.length] ?? 0;
      let distance = 0;
      for (let axis = 0; axis < FUNCTIONS; axis++) {
        const difference = (valuesA[axis]?.[one] ?? 0) - (valuesB[axis]?.[other] ?? 0);
        const square = difference * difference;
        distance += square;
        totals[axis] = (totals[axis] ?? 0) + Math.min(square, limit);
      }
      if (distance <= limit) alike++;
    }
    const axes = Array.from(totals.keys()).sort((x, y) => (totals[y] ?? 0) - (totals[x] ?? 0) || x - y);
    return { axes, alike: alike / SAMPLE };
  }
}

/** Indexes in ascending order of their values. */
function sortedBy(values: Int16Array | undefined, indexes: Int32Array): Int32Array {
  // One number per index sorts much faster than a comparison function.
  const keys = Float64Array.from(indexes, (index) => (values?.[index] ?? 0) * KEY_STEP + index).sort();
  return Int32Array.from(keys, (key) => key - Math.floor(key / KEY_STEP) * KEY_STEP);
}

/** Whether `b` has the pictures of `a`, and their turn undoes itself. */
function isSymmetric(a: Pictures, b: Pictures): boolean {
  const isSame = a.rows.length === b.rows.length && a.rows.every((row, index) => row === b.rows[index]);
  return isSame && inverseTurn(a.turn) === a.turn && b.turn === 0;
}

const indexesOf = ({ rows }: Pictures) => Int32Array.from(rows.keys());

const pairsIn = ({ a, b }: Task) => (b ? a.length * b.length : (a.length * (a.length - 1)) / 2);

const part = ({ rows, turn }: Pictures, indexes: Int32Array): Pictures => ({
  rows: indexes.map((index) => rows[index] ?? 0),
  turn,
});
