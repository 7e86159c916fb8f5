import { keepNear } from './scan.js';

/** Pictures that are compared at once with others, which bounds the memory. */
export const BLOCK = 4096;
const NONE = new Int16Array();

/** Compares one picture after the other with a block of pictures, on the same axes in the same order. */
export class BroadScan {
  /** Indexes in the block that `near` kept. */
  readonly kept = new Int32Array(BLOCK);
  /** Number of pictures with which `near` compared the last one. */
  compared = 0;
  private size = 0;
  /** The pictures within the reach on the first axis, from `start` to `end`. */
  private start = 0;
  private end = 0;
  private readonly distances = new Int32Array(BLOCK);
  private readonly columns: readonly Int16Array[];
  private readonly reach: number;

  /** @param limit squared distance above which pictures are told apart */
  constructor(
    axes: number,
    private readonly limit: number,
  ) {
    this.reach = Math.ceil(Math.sqrt(limit));
    this.columns = Array.from({ length: axes }, () => new Int16Array(BLOCK));
  }

  /** Takes the values of a block of pictures, which are sorted by the first axis, by their indexes. */
  take(values: readonly Int16Array[], block: Int32Array): void {
    [this.size, this.start, this.end] = [block.length, 0, 0];
    for (const [axis, column] of this.columns.entries()) {
      const from = values[axis] ?? NONE;
      for (let at = 0; at < block.length; at++) column[at] = from[block[at] ?? 0] ?? 0;
    }
  }

  /**
   * Keeps the pictures from the index `from` on that may be near to a picture. Returns their number. The pictures must come
   * in the order of their first values.
   */
  near(values: readonly Int16Array[], picture: number, from: number): number {
    const { kept, distances, limit, columns } = this;
    // Two axes at once, since most pictures are told apart by them.
    const [first, second] = [columns[0] ?? NONE, columns[1] ?? NONE];
    const [ownFirst, ownSecond] = [values[0]?.[picture] ?? 0, values[1]?.[picture] ?? 0];
    while (this.start < this.size && (first[this.start] ?? 0) < ownFirst - this.reach) this.start++;
    while (this.end < this.size && (first[this.end] ?? 0) <= ownFirst + this.reach) this.end++;
    const [start, end] = [Math.max(this.start, from), this.end];
    this.compared = Math.max(0, end - start);
    let count = 0;
    for (let at = start; at < end; at++) {
      const difference = (first[at] ?? 0) - ownFirst;
      const other = (second[at] ?? 0) - ownSecond;
      const distance = difference * difference + other * other;
      kept[count] = at;
      distances[count] = distance;
      // Without a branch, which a processor could not foresee: 1 if the limit is not exceeded.
      count += (distance - limit) >>> 31;
    }
    for (let axis = 2; axis < values.length && count > 0; axis++) {
      count = keepNear(kept, distances, count, columns[axis] ?? NONE, values[axis]?.[picture] ?? 0, limit);
    }
    return count;
  }
}
