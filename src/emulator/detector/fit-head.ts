import type { Random } from '../../lib/random.js';
import { FEATURES } from './features.js';
import { dot, type LinearHead, outputsOf, softmax, WIDTH } from './linear-head.js';
import { OFFSETS } from './offsets.js';
import type { Samples } from './samples.js';

/** Destructured once: tests run in a VM context, where each access to a global is slow. */
const { ceil, min, sqrt } = Math;

const BATCH = 64;
/** Limits of passes over the samples and of steps, so that the time is bounded for every dataset. */
const MAX_PASSES = 12;
const MAX_STEPS = 1200;
/** Learning rate of Adam, which falls linearly to LAST_RATE of its value. */
const RATE = 0.003;
const LAST_RATE = 0.05;
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];
const DECAY = 2e-4;

/** An untrained head with zero weights, normalised by the means and deviations of the samples' features. */
export function createHead(classes: number, samples: Samples): LinearHead {
  const sums = new Float64Array(FEATURES);
  const squares = new Float64Array(FEATURES);
  for (let i = 0; i < samples.count; i++) {
    const features = samples.features(i);
    for (let f = 0; f < FEATURES; f++) {
      const value = features[f] ?? 0;
      sums[f] = (sums[f] ?? 0) + value;
      squares[f] = (squares[f] ?? 0) + value * value;
    }
  }
  const mean = Float32Array.from(sums, (sum) => sum / samples.count);
  const scale = Float32Array.from(squares, (square, f) => {
    const center = (sums[f] ?? 0) / samples.count;
    const variance = square / samples.count - center * center;
    return variance > 1e-9 ? 1 / sqrt(variance) : 0;
  });
  return { classes, mean, scale, weights: new Float32Array(outputsOf(classes) * WIDTH) };
}

/** Continues to train the head's weights on the samples with Adam over shuffled batches. */
export function fitHead(head: LinearHead, samples: Samples, random: Random): void {
  const { weights } = head;
  const gradient = new Float32Array(weights.length);
  const first = new Float32Array(weights.length);
  const second = new Float32Array(weights.length);
  const order = Int32Array.from({ length: samples.count }, (_, i) => i);
  const steps = min(MAX_STEPS, MAX_PASSES * ceil(order.length / BATCH));
  for (let step = 1, next = order.length; step <= steps; step++, next += BATCH) {
    if (next >= order.length) {
      shuffleIndexes(order, random);
      next = 0;
    }
    addGradients(head, samples, order.subarray(next, next + BATCH), gradient.fill(0));
    const rate = RATE * (1 - ((1 - LAST_RATE) * step) / steps);
    const correction = sqrt(1 - BETA2 ** step) / (1 - BETA1 ** step);
    for (let w = 0; w < weights.length; w++) {
      const slope = gradient[w] as number;
      const m = BETA1 * (first[w] as number) + (1 - BETA1) * slope;
      const v = BETA2 * (second[w] as number) + (1 - BETA2) * slope * slope;
      first[w] = m;
      second[w] = v;
      const weight = weights[w] as number;
      weights[w] = weight - rate * ((correction * m) / (sqrt(v) + EPSILON) + DECAY * weight);
    }
  }
}

/** Adds the mean gradients of a batch: cross-entropy of the classes and, for objects, squared error of the offsets. */
function addGradients(head: LinearHead, samples: Samples, batch: Int32Array, gradient: Float32Array): void {
  const { classes, mean, scale, weights } = head;
  const row = new Float32Array(WIDTH);
  const errors = new Float64Array(outputsOf(classes));
  row[FEATURES] = 1;
  for (const sample of batch) {
    const features = samples.features(sample);
    for (let f = 0; f < FEATURES; f++) {
      row[f] = ((features[f] as number) - (mean[f] as number)) * (scale[f] as number);
    }
    const label = samples.label(sample);
    const outputs = label === classes ? classes + 1 : errors.length;
    for (let o = 0; o < outputs; o++) errors[o] = dot(row, weights, o * WIDTH);
    softmax(errors, classes + 1);
    errors[label] = (errors[label] ?? 0) - 1;
    for (let k = 0; k < OFFSETS; k++) {
      errors[classes + 1 + k] = (errors[classes + 1 + k] ?? 0) - samples.offset(sample, k);
    }
    for (let o = 0; o < outputs; o++) {
      addScaled(gradient, o * WIDTH, row, (errors[o] ?? 0) / batch.length);
    }
  }
}

/** Adds `factor` times the row to the gradient at `from`. Most of the time of a training is spent here, so it is unrolled. */
function addScaled(gradient: Float32Array, from: number, row: Float32Array, factor: number): void {
  let f = 0;
  for (let w = from; f + 3 < WIDTH; f += 4, w += 4) {
    gradient[w] = (gradient[w] as number) + factor * (row[f] as number);
    gradient[w + 1] = (gradient[w + 1] as number) + factor * (row[f + 1] as number);
    gradient[w + 2] = (gradient[w + 2] as number) + factor * (row[f + 2] as number);
    gradient[w + 3] = (gradient[w + 3] as number) + factor * (row[f + 3] as number);
  }
  for (; f < WIDTH; f++) gradient[from + f] = (gradient[from + f] as number) + factor * (row[f] as number);
}

function shuffleIndexes(order: Int32Array, random: Random): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.integer(0, i);
    const kept = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = kept;
  }
}
