/** Pictures per side of a sample. */
const SAMPLE = 128;

/**
 * Divides pictures into slabs: layers across one axis that are as wide as the reach. Pictures within the reach are in
 * one slab or in two slabs side by side.
 */
export class Slabs {
  constructor(private readonly width: number) {}

  /** The axis whose slabs rule out the largest share of the pairs by a sample, without the `used` ones, and that share. */
  bestAxis(
    valuesA: readonly Int16Array[],
    a: Int32Array,
    valuesB: readonly Int16Array[],
    b: Int32Array,
    used: number,
  ): { axis: number; gain: number } {
    let [best, most] = [0, 0];
    for (let axis = 0; axis < valuesA.length; axis++) {
      if (used & (1 << axis)) continue;
      const gain = this.share(valuesA[axis], a, valuesB[axis], b);
      if (gain > most) [best, most] = [axis, gain];
    }
    return { axis: best, gain: most };
  }

  /** Indexes by slab, in their order. */
  partition(values: Int16Array | undefined, indexes: Int32Array): [slab: number, indexes: Int32Array][] {
    const slabs = new Int16Array(indexes.length);
    let [lowest, highest] = [Infinity, -Infinity];
    for (let at = 0; at < indexes.length; at++) {
      const slab = Math.floor((values?.[indexes[at] ?? 0] ?? 0) / this.width);
      slabs[at] = slab;
      if (slab < lowest) lowest = slab;
      if (slab > highest) highest = slab;
    }
    const ends = new Int32Array(highest - lowest + 2);
    for (const slab of slabs) ends[slab - lowest + 1] = (ends[slab - lowest + 1] ?? 0) + 1;
    for (let at = 1; at < ends.length; at++) ends[at] = (ends[at] ?? 0) + (ends[at - 1] ?? 0);
    const starts = ends.slice();
    const sorted = new Int32Array(indexes.length);
    for (let at = 0; at < indexes.length; at++) {
      const slab = (slabs[at] ?? 0) - lowest;
      const to = starts[slab] ?? 0;
      sorted[to] = indexes[at] ?? 0;
      starts[slab] = to + 1;
    }
    const parts: [number, Int32Array][] = [];
    for (let slab = lowest; slab <= highest; slab++) {
      const [start = 0, end = 0] = [ends[slab - lowest], ends[slab - lowest + 1]];
      if (end > start) parts.push([slab, sorted.subarray(start, end)]);
    }
    return parts;
  }

  /** Share of the sampled pairs that are neither in one slab nor in two side by side. */
  private share(
    valuesA: Int16Array | undefined,
    a: Int32Array,
    valuesB: Int16Array | undefined,
    b: Int32Array,
  ): number {
    const ofA = this.sample(valuesA, a);
    const ofB = this.sample(valuesB, b);
    let [low, high, apart] = [0, 0, 0];
    for (const slab of ofA) {
      while (low < ofB.length && (ofB[low] ?? 0) < slab - 1) low++;
      while (high < ofB.length && (ofB[high] ?? 0) <= slab + 1) high++;
      apart += low + ofB.length - high;
    }
    return apart / (ofA.length * ofB.length);
  }

  /** Slabs of a sample in ascending order. */
  private sample(values: Int16Array | undefined, indexes: Int32Array): Int16Array {
    const count = Math.min(SAMPLE, indexes.length);
    const slabs = new Int16Array(count);
    for (let index = 0; index < count; index++) {
      const at = indexes[Math.floor((index * indexes.length) / count)] ?? 0;
      slabs[index] = Math.floor((values?.[at] ?? 0) / this.width);
    }
    return slabs.sort();
  }
}
