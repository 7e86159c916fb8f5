import type { DisjointSets } from '../../lib/disjoint-sets.js';
import { COLUMNS, type Columns } from './columns.js';

/** Axes on which a picture is compared with others before whole descriptors are. */
const STRONGEST = 8;
const NO_SET = -1;

/**
 * Compares one picture after the other with a list of pictures, on the axes in which the picture differs most from the
 * usual one. Pictures that share nothing unusual with it are told apart by one or two axes, whatever the number of objects.
 * Compare it with weaker pictures only: what tells a pair apart is in the stronger one.
 */
export class Scan {
  /** Number of values that were compared. */
  compared = 0;
  private readonly axes = new Uint8Array(STRONGEST);
  private readonly differences = new Int32Array(STRONGEST);
  private readonly kept: Int32Array;
  private readonly distances: Int32Array;
  /** Indexes of the pictures that are not left out, from `openStart` to `openCount`. */
  private readonly open: Int32Array;
  private openCount: number;
  private openStart = 0;
  private setLeftOut = NO_SET;
  private lastSet = NO_SET;
  /** Whether sets were joined since pictures were left out. */
  private isStale = false;

  /**
   * @param ids the picture of each row of the descriptors
   * @param limit squared distance above which pictures are told apart
   */
  constructor(
    private readonly others: Columns,
    private readonly usual: Int16Array,
    private readonly ids: Int32Array,
    private readonly sets: DisjointSets,
    private readonly limit: number,
  ) {
    const count = others.rows.length;
    this.kept = new Int32Array(count);
    this.distances = new Int32Array(count);
    this.open = Int32Array.from({ length: count }, (_, index) => index);
    this.openCount = count;
  }

  /**
   * Rows of the pictures from `start` on that may be near to the picture at an index of `queries` and are not in its set.
   * `start` may not fall from call to call. The result is valid until the next call.
   */
  near(queries: Columns, index: number, start: number): Int32Array {
    this.leaveOut(this.setOf(queries.rows[index] ?? 0), start);
    const own = queries.pictures.subarray(index * COLUMNS, (index + 1) * COLUMNS);
    this.chooseAxes(own);
    const { kept, distances, limit } = this;
    const { values, rows } = this.others;
    const valuesOf = (axis: number) => values.subarray(axis * rows.length, (axis + 1) * rows.length);
    const [first = 0] = this.axes;
    let count = this.keepFirst(valuesOf(first), own[first] ?? 0);
    for (let next = 1; next < STRONGEST && count > 0; next++) {
      this.compared += count;
      const axis = this.axes[next] ?? 0;
      count = keepNear(kept, distances, count, valuesOf(axis), own[axis] ?? 0, limit);
    }
    for (let at = 0; at < count; at++) kept[at] = rows[kept[at] ?? 0] ?? 0;
    return kept.subarray(0, count);
  }

  /** Keeps the open pictures that do not exceed the limit on a first axis. Returns their number. */
  private keepFirst(values: Int16Array, value: number): number {
    const { kept, distances, open, limit } = this;
    const end = this.openCount;
    this.compared += end - this.openStart;
    let left = 0;
    for (let at = this.openStart; at < end; at++) {
      const index = open[at] ?? 0;
      const difference = (values[index] ?? 0) - value;
      const distance = difference * difference;
      kept[left] = index;
      distances[left] = distance;
      left += (distance - limit) >>> 31;
    }
    return left;
  }

  /** Must be called after the picture of a row was joined with others. */
  onJoined(row: number): void {
    this.lastSet = this.setOf(row);
    this.isStale = true;
  }

  /** Leaves out the pictures before `start`, and those of a set if two pictures of it follow each other. */
  private leaveOut(set: number, start: number): void {
    const without = set === this.lastSet ? set : NO_SET;
    if (without !== this.setLeftOut || (this.isStale && without !== NO_SET)) this.fill(without, start);
    this.lastSet = set;
    while (this.openStart < this.openCount && (this.open[this.openStart] ?? 0) < start) this.openStart += 1;
  }

  private fill(without: number, start: number): void {
    let count = 0;
    for (let index = start; index < this.open.length; index++) {
      if (without !== NO_SET && this.setOf(this.others.rows[index] ?? 0) === without) continue;
      this.open[count++] = index;
    }
    [this.openStart, this.openCount] = [0, count];
    [this.setLeftOut, this.isStale] = [without, false];
  }

  private setOf(row: number): number {
    return this.sets.find(this.ids[row] ?? 0);
  }

  /** Chooses the axes in which a picture differs most from the usual one, in descending order. */
  private chooseAxes(own: Int16Array): void {
    const { axes, differences } = this;
    differences.fill(-1);
    for (let column = 0; column < COLUMNS; column++) {
      const difference = Math.abs((own[column] ?? 0) - (this.usual[column] ?? 0));
      if (difference <= (differences[STRONGEST - 1] ?? 0)) continue;
      let at = STRONGEST - 1;
      for (; at > 0 && (differences[at - 1] ?? 0) < difference; at--) {
        differences[at] = differences[at - 1] ?? 0;
        axes[at] = axes[at - 1] ?? 0;
      }
      differences[at] = difference;
      axes[at] = column;
    }
  }
}

/** Adds the squared differences on one axis, and keeps the pictures that do not exceed the limit. Returns their number. */
export function keepNear(
  kept: Int32Array,
  distances: Int32Array,
  count: number,
  values: Int16Array,
  value: number,
  limit: number,
): number {
  let left = 0;
  for (let at = 0; at < count; at++) {
    const index = kept[at] ?? 0;
    const difference = (values[index] ?? 0) - value;
    const distance = (distances[at] ?? 0) + difference * difference;
    kept[left] = index;
    distances[left] = distance;
    // Without a branch, which a processor could not foresee: 1 if the limit is not exceeded.
    left += (distance - limit) >>> 31;
  }
  return left;
}
