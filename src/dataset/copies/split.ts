import { AXES, type Axis } from './axes.js';
import { GRID, DESCRIPTOR_LENGTH as LENGTH, TURNED_PLACES, UNIT } from './descriptor.js';

/** Pictures among which pairs are searched, by their rows in the descriptors, in one of `TURNS`. */
export interface Pictures {
  readonly rows: Int32Array;
  readonly turn: number;
}

/** A cut through an axis: pictures below `cut` and those from it on. */
export interface Split {
  readonly axis: Axis;
  readonly cut: number;
  /** Share of the pairs that the cut rules out, by a sample. */
  readonly gain: number;
}

/** Read once: reading a global is slow in a VM context, where tests run. */
const { floor } = Math;

/** Maximum pictures of a sample. */
const SAMPLE = 128;
/** Bins per reach in which the values of a sample are counted. */
const FINE = 4;
/** Sums over all cells above and left of each cell, with a row and a column of zeros; then the values that are not cells. */
const EDGE = GRID + 1;
const CORNERS = EDGE * EDGE;
const SAMPLED = CORNERS + LENGTH - GRID * GRID;

/** Chooses how to divide the pictures of a search, so that as many pairs as possible are ruled out at once. */
export class Splitter {
  private readonly bins: number;
  private readonly middle: number;

  constructor(
    private readonly descriptors: Int16Array,
    private readonly reach: number,
  ) {
    this.middle = Math.ceil((UNIT / reach) * FINE) + FINE + 1;
    this.bins = 2 * this.middle;
  }

  /** The best split of the pairs of one picture of `a` and one of `b`, or of two pictures of `a` without `b`. */
  bestSplit(a: Pictures, b: Pictures | undefined): Split | undefined {
    const sampleA = this.sample(a);
    const sampleB = b ? this.sample(b) : sampleA;
    const countsA = new Int32Array(this.bins);
    const countsB = b ? new Int32Array(this.bins) : countsA;
    let [most, bestAxis, bestBin] = [0, AXES[0], 0];
    for (const axis of AXES) {
      this.count(sampleA, axis, countsA);
      if (b) this.count(sampleB, axis, countsB);
      let [belowA, belowB] = [0, 0];
      const [ofA, ofB] = [sampleA.length / SAMPLED, sampleB.length / SAMPLED];
      for (let bin = FINE; bin < this.bins - FINE; bin++) {
        belowA += countsA[bin - 1] ?? 0;
        belowB += countsB[bin - 1] ?? 0;
        if (belowA + belowB === 0) continue;
        if (belowA === ofA && belowB === ofB) break;
        const crossing =
          sumOf(countsA, bin - FINE, bin) * sumOf(countsB, bin, bin + FINE) +
          sumOf(countsA, bin, bin + FINE) * sumOf(countsB, bin - FINE, bin);
        const gain = belowA * (ofB - belowB) + (ofA - belowA) * belowB - crossing;
        if (gain > most) [most, bestAxis, bestBin] = [gain, axis, bin];
      }
    }
    if (!bestAxis || most === 0) return undefined;
    const cut = ((bestBin - this.middle) * bestAxis.size * this.reach) / FINE;
    return { axis: bestAxis, cut, gain: (most * SAMPLED * SAMPLED) / (sampleA.length * sampleB.length) };
  }

  private sample({ rows, turn }: Pictures): Int32Array {
    const count = Math.min(SAMPLE, rows.length);
    const sums = new Int32Array(count * SAMPLED);
    const places = TURNED_PLACES[turn] ?? new Uint16Array();
    for (let index = 0; index < count; index++) {
      const start = (rows[floor((index * rows.length) / count)] ?? 0) * LENGTH;
      const to = index * SAMPLED;
      for (let row = 0; row < GRID; row++) {
        let line = 0;
        for (let column = 0; column < GRID; column++) {
          line += this.descriptors[start + (places[row * GRID + column] ?? 0)] ?? 0;
          const corner = to + row * EDGE + column + 1;
          sums[corner + EDGE] = (sums[corner] ?? 0) + line;
        }
      }
      for (let place = GRID * GRID; place < LENGTH; place++) {
        sums[to + CORNERS + place - GRID * GRID] = this.descriptors[start + (places[place] ?? 0)] ?? 0;
      }
    }
    return sums;
  }

  /** Counts the sampled pictures in each bin of an axis. */
  private count(sums: Int32Array, { place, size }: Axis, counts: Int32Array): void {
    counts.fill(0);
    const scale = FINE / (this.reach * size);
    const isCell = place < GRID * GRID;
    const above = isCell ? floor(place / GRID) * EDGE + (place % GRID) : 0;
    const below = above + size * EDGE;
    for (let start = 0; start < sums.length; start += SAMPLED) {
      const value = isCell
        ? (sums[start + below + size] ?? 0) -
          (sums[start + below] ?? 0) -
          (sums[start + above + size] ?? 0) +
          (sums[start + above] ?? 0)
        : (sums[start + CORNERS + place - GRID * GRID] ?? 0);
      const bin = floor(value * scale) + this.middle;
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
  }
}

function sumOf(counts: Int32Array, start: number, end: number): number {
  let sum = 0;
  for (let bin = start; bin < end; bin++) sum += counts[bin] ?? 0;
  return sum;
}
