import type { DisjointSets } from '../../lib/disjoint-sets.js';

/** Maximum points of a leaf. */
const LEAF_POINTS = 16;
/** The tree divides points by the first axes only; axes are sorted by how far points lie apart in them. */
const SPLIT_AXES = 32;
/** Points of a node by which its axis is chosen. */
const SAMPLE = 256;
/** Points above which dividing a node is a step of work. */
const STEP = 10_000;
/** Axes after which the sum of a distance is compared with the limit. */
const STRIDE = 8;
/** The first axes of all points are held side by side as well: they decide about most points, and fewer bytes are read. */
const HEAD_AXES = 16;

/**
 * A k-d tree over points with whole coordinates. Each node divides its points at the median of the axis in which they
 * lie furthest apart, so that axes in which all points are alike (the background of a fixed camera) are not looked at.
 * A search skips a node if the query is further from it than the reach, or if all its points are already in the
 * query's set: a large group of copies is searched once, not once for each of its members.
 */
export class PointTree {
  /** Number of distances that searches have computed. */
  compared = 0;
  /** The caller's index of the point at each position. Points of a node have positions in a row. */
  readonly ids: Int32Array;
  private readonly levels: number;
  private readonly axes: Uint8Array;
  /** Maximum on the axis in the lower half, and minimum in the upper half. */
  private readonly lows: Int16Array;
  private readonly highs: Int16Array;
  /** 1 if all points of the node are known to be in one set. */
  private readonly joined: Uint8Array;
  private readonly offsets: Float64Array;
  private readonly heads: Int16Array;

  /** @param points coordinates, point by point; `build` sorts them by position */
  constructor(
    private readonly points: Int16Array,
    private readonly dimensions: number,
    private readonly sets: DisjointSets,
    ids: readonly number[],
  ) {
    this.ids = Int32Array.from(ids);
    this.levels = Math.max(0, Math.ceil(Math.log2(ids.length / LEAF_POINTS)));
    const nodes = 2 ** (this.levels + 1);
    this.axes = new Uint8Array(nodes);
    this.lows = new Int16Array(nodes);
    this.highs = new Int16Array(nodes);
    this.joined = new Uint8Array(nodes);
    this.offsets = new Float64Array(dimensions);
    this.heads = new Int16Array(ids.length * HEAD_AXES);
  }

  /** Builds the tree. Yields after each step of work. */
  *build(): Generator<undefined> {
    const rows = Int32Array.from(this.ids.keys());
    yield* this.divide(rows, 1, 0, rows.length);
    yield* this.sortPoints(rows);
    this.ids.set(rows.map((row) => this.ids[row] ?? 0));
    for (let position = 0; position < rows.length; position++) {
      this.heads.set(this.point(position).subarray(0, HEAD_AXES), position * HEAD_AXES);
    }
  }

  /** Coordinates of the point at a position. */
  point(position: number): Int16Array {
    return this.points.subarray(position * this.dimensions, (position + 1) * this.dimensions);
  }

  /** Positions of all points after `own` that are in another set than it, and no further from `query` than `reach`. */
  near(query: Int16Array, reach: number, own: number): number[] {
    const found: number[] = [];
    this.search(
      { query, limit: reach * reach, own, id: this.ids[own] ?? 0, found },
      1,
      0,
      this.ids.length,
      0,
    );
    return found;
  }

  private *divide(rows: Int32Array, node: number, start: number, end: number): Generator<undefined> {
    if (this.isLeaf(node)) return;
    const part = rows.subarray(start, end);
    const axis = this.widestAxis(part);
    // One number per row sorts much faster than a comparison function: the coordinate, then the row.
    const keys = Float64Array.from(part, (row) => this.at(row, axis) * 2 ** 32 + row).sort();
    part.set(keys.map((key) => key - Math.floor(key / 2 ** 32) * 2 ** 32));
    const middle = middleOf(start, end);
    this.axes[node] = axis;
    this.lows[node] = this.at(rows[middle - 1] ?? 0, axis);
    this.highs[node] = this.at(rows[middle] ?? 0, axis);
    if (part.length > STEP) yield;
    yield* this.divide(rows, 2 * node, start, middle);
    yield* this.divide(rows, 2 * node + 1, middle, end);
  }

  private widestAxis(rows: Int32Array): number {
    let [widest, largest] = [0, -1];
    const stride = Math.ceil(rows.length / SAMPLE);
    for (let axis = 0; axis < Math.min(SPLIT_AXES, this.dimensions); axis++) {
      let [count, sum, squares] = [0, 0, 0];
      for (let at = 0; at < rows.length; at += stride) {
        const value = this.at(rows[at] ?? 0, axis);
        count += 1;
        sum += value;
        squares += value * value;
      }
      const variance = squares / count - (sum / count) ** 2;
      if (variance > largest) [widest, largest] = [axis, variance];
    }
    return widest;
  }

  /** Moves each row to its position, along the cycles of the permutation, so that no second copy is needed. */
  private *sortPoints(rows: Int32Array): Generator<undefined> {
    const moved = new Uint8Array(rows.length);
    for (let start = 0; start < rows.length; start++) {
      if (start % STEP === 0) yield;
      if (moved[start] === 1) continue;
      const first = this.point(start).slice();
      let position = start;
      for (let row = rows[position] ?? 0; row !== start; row = rows[position] ?? 0) {
        this.point(position).set(this.point(row));
        moved[position] = 1;
        position = row;
      }
      this.point(position).set(first);
      moved[position] = 1;
    }
  }

  /** @param distance square of the minimum distance of the query to the node */
  private search(search: Search, node: number, start: number, end: number, distance: number): void {
    const { query, limit, own, id } = search;
    if (end <= own + 1) return;
    if (this.joined[node] === 1 && this.sets.joined(this.ids[start] ?? 0, id)) return;
    if (this.isLeaf(node)) {
      this.compareAll(search, Math.max(start, own + 1), end);
      this.joined[node] = this.allJoined(start, end) ? 1 : 0;
      return;
    }
    const axis = this.axes[node] ?? 0;
    const middle = middleOf(start, end);
    const value = query[axis] ?? 0;
    const offset = this.offsets[axis] ?? 0;
    // The offset on an axis replaces the smaller one of a node above that divides the same axis.
    const below = Math.max(offset, value - (this.lows[node] ?? 0));
    const above = Math.max(offset, (this.highs[node] ?? 0) - value);
    const others = distance - offset * offset;
    if (others + below * below <= limit) {
      this.offsets[axis] = below;
      this.search(search, 2 * node, start, middle, others + below * below);
    }
    if (others + above * above <= limit) {
      this.offsets[axis] = above;
      this.search(search, 2 * node + 1, middle, end, others + above * above);
    }
    this.offsets[axis] = offset;
    const bothJoined = this.joined[2 * node] === 1 && this.joined[2 * node + 1] === 1;
    if (bothJoined && this.sets.joined(this.ids[start] ?? 0, this.ids[middle] ?? 0)) this.joined[node] = 1;
  }

  private compareAll(search: Search, start: number, end: number): void {
    const { query, limit, id, found } = search;
    const { heads, points, dimensions } = this;
    this.compared += Math.max(0, end - start);
    for (let position = start; position < end; position++) {
      if (!isNear(query, heads, position * HEAD_AXES, HEAD_AXES, limit)) continue;
      if (this.sets.joined(this.ids[position] ?? 0, id)) continue;
      if (isNear(query, points, position * dimensions, dimensions, limit)) found.push(position);
    }
  }

  private allJoined(start: number, end: number): boolean {
    const root = this.sets.find(this.ids[start] ?? 0);
    for (let position = start + 1; position < end; position++) {
      if (this.sets.find(this.ids[position] ?? 0) !== root) return false;
    }
    return true;
  }

  private isLeaf(node: number): boolean {
    return node >= 2 ** this.levels;
  }

  private at(row: number, axis: number): number {
    return this.points[row * this.dimensions + axis] ?? 0;
  }
}

interface Search {
  readonly query: Int16Array;
  /** Square of the reach. */
  readonly limit: number;
  /** Position of the point that is searched for, and its id. */
  readonly own: number;
  readonly id: number;
  readonly found: number[];
}

/** Whether the sum of the squared differences of the first axes is at most the limit. */
function isNear(query: Int16Array, points: Int16Array, start: number, axes: number, limit: number): boolean {
  let distance = 0;
  for (let axis = 0; axis < axes; ) {
    for (const end = axis + STRIDE; axis < end; axis++) {
      const difference = (query[axis] ?? 0) - (points[start + axis] ?? 0);
      distance += difference * difference;
    }
    if (distance > limit) return false;
  }
  return true;
}

const middleOf = (start: number, end: number) => (start + end) >> 1;
