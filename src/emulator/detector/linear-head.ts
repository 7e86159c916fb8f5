import { FEATURES } from './features.js';
import { OFFSETS } from './offsets.js';

/** Destructured once: tests run in a VM context, where each access to a global is slow. */
const { exp, max } = Math;

/** A linear model of a window: one score per class, one for background, and the offsets of its box. */
export interface LinearHead {
  readonly classes: number;
  /** Features are normalised first: `mean` is subtracted, then they are multiplied by `scale`, 1 / deviation. */
  readonly mean: Float32Array;
  readonly scale: Float32Array;
  /** `outputsOf(classes)` rows of WIDTH numbers. */
  readonly weights: Float32Array;
}

/** Weights per output: one per feature and, last, a bias. */
export const WIDTH = FEATURES + 1;
export const outputsOf = (classes: number) => classes + 1 + OFFSETS;

/** Scores windows with the head's normalisation folded into the weights. */
export class Scorer {
  private readonly weights: Float32Array;
  private readonly scores: Float64Array;

  constructor(private readonly head: LinearHead) {
    const { classes, mean, scale } = head;
    this.scores = new Float64Array(outputsOf(classes));
    this.weights = head.weights.slice();
    for (let row = 0; row < this.weights.length; row += WIDTH) {
      let bias = this.weights[row + FEATURES] ?? 0;
      for (let f = 0; f < FEATURES; f++) {
        const weight = (this.weights[row + f] ?? 0) * (scale[f] ?? 0);
        this.weights[row + f] = weight;
        bias -= weight * (mean[f] ?? 0);
      }
      this.weights[row + FEATURES] = bias;
    }
  }

  /** @returns the probability that the window shows an object of any class */
  score(features: Float32Array): number {
    const background = this.head.classes;
    let o = 0;
    for (; o + 2 <= background; o += 3) dotThree(features, this.weights, o * WIDTH, this.scores, o);
    for (; o <= background; o++) this.scores[o] = dot(features, this.weights, o * WIDTH);
    softmax(this.scores, background + 1);
    return 1 - (this.scores[background] ?? 0);
  }

  /** @returns the probability of a class for the window that was scored last */
  probability(label: number): number {
    return this.scores[label] ?? 0;
  }

  offsets(features: Float32Array): number[] {
    const first = this.head.classes + 1;
    return Array.from({ length: OFFSETS }, (_, k) => dot(features, this.weights, (first + k) * WIDTH));
  }
}

/**
 * The dot product of the features and the row of weights at `from`, plus its bias. Four partial sums are faster than one;
 * their order is fixed, so all machines get the same result.
 */
export function dot(features: Float32Array, weights: Float32Array, from: number): number {
  let [s0, s1, s2, s3] = [weights[from + FEATURES] ?? 0, 0, 0, 0];
  let f = 0;
  for (; f + 3 < FEATURES; f += 4) {
    s0 += (features[f] as number) * (weights[from + f] as number);
    s1 += (features[f + 1] as number) * (weights[from + f + 1] as number);
    s2 += (features[f + 2] as number) * (weights[from + f + 2] as number);
    s3 += (features[f + 3] as number) * (weights[from + f + 3] as number);
  }
  for (; f < FEATURES; f++) s0 += (features[f] as number) * (weights[from + f] as number);
  return s0 + s1 + (s2 + s3);
}

/** Computes `dot` for three consecutive rows at once and writes the results to `out` from index `to`; features are read once. */
function dotThree(
  features: Float32Array,
  weights: Float32Array,
  from: number,
  out: Float64Array,
  to: number,
): void {
  const [second, third] = [from + WIDTH, from + 2 * WIDTH];
  let [a0, a1] = [weights[from + FEATURES] as number, 0];
  let [b0, b1] = [weights[second + FEATURES] as number, 0];
  let [c0, c1] = [weights[third + FEATURES] as number, 0];
  let f = 0;
  for (; f + 1 < FEATURES; f += 2) {
    const [x, y] = [features[f] as number, features[f + 1] as number];
    a0 += x * (weights[from + f] as number);
    a1 += y * (weights[from + f + 1] as number);
    b0 += x * (weights[second + f] as number);
    b1 += y * (weights[second + f + 1] as number);
    c0 += x * (weights[third + f] as number);
    c1 += y * (weights[third + f + 1] as number);
  }
  for (; f < FEATURES; f++) {
    a0 += (features[f] as number) * (weights[from + f] as number);
    b0 += (features[f] as number) * (weights[second + f] as number);
    c0 += (features[f] as number) * (weights[third + f] as number);
  }
  out[to] = a0 + a1;
  out[to + 1] = b0 + b1;
  out[to + 2] = c0 + c1;
}

/** Converts the first `count` scores to probabilities in place. */
export function softmax(scores: Float64Array, count: number): void {
  let [maximum, sum] = [Number.NEGATIVE_INFINITY, 0];
  for (let o = 0; o < count; o++) maximum = max(maximum, scores[o] ?? 0);
  for (let o = 0; o < count; o++) {
    const value = exp((scores[o] ?? 0) - maximum);
    scores[o] = value;
    sum += value;
  }
  for (let o = 0; o < count; o++) scores[o] = (scores[o] ?? 0) / sum;
}
