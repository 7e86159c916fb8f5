import { FEATURES } from './features.js';

const FIRST_CAPACITY = 4096;
const GROWTH = 1.5;

/** Training samples: the features of windows with their target class and offsets. */
export class Samples {
  private data = new Float32Array(FIRST_CAPACITY * FEATURES);
  private readonly labels: number[] = [];
  private readonly targets: Float32Array[] = [];

  get count(): number {
    return this.labels.length;
  }

  features(index: number): Float32Array {
    return this.data.subarray(index * FEATURES, (index + 1) * FEATURES);
  }

  /** Index of the target class among the labels; the number of labels means background. */
  label(index: number): number {
    return this.labels[index] ?? 0;
  }

  offset(index: number, which: number): number {
    return this.targets[index]?.[which] ?? 0;
  }

  /** @param describe writes the window's features to `out` from index `at` */
  add(label: number, offsets: Float32Array, describe: (out: Float32Array, at: number) => void): void {
    const at = this.count * FEATURES;
    if (at + FEATURES > this.data.length) {
      const larger = new Float32Array(Math.ceil((this.count * GROWTH) / 64) * 64 * FEATURES);
      larger.set(this.data);
      this.data = larger;
    }
    describe(this.data, at);
    this.labels.push(label);
    this.targets.push(offsets);
  }
}
