import { z } from 'zod';
import type { Detector } from './detector.js';
import { FEATURES } from './features.js';
import { outputsOf, WIDTH } from './linear-head.js';
import { SlidingWindowDetector } from './sliding-windows.js';

/** Little-endian 32-bit floats in base64. */
const floats = z.base64().transform((text, context) => {
  const bytes = Buffer.from(text, 'base64');
  const values = new Float32Array(Math.floor(bytes.length / 4));
  for (let i = 0; i < values.length; i++) values[i] = bytes.readFloatLE(4 * i);
  if (values.every(Number.isFinite)) return values;
  context.addIssue('contains numbers that are not finite');
  return z.NEVER;
});

const share = z.number().positive();
const fittedFile = z
  .object({
    labels: z.array(z.string()).min(1),
    side: z.int().min(1).max(4096),
    shapes: z.array(z.object({ width: share, height: share })).min(1),
    mean: floats,
    scale: floats,
    weights: floats,
  })
  .refine(
    ({ labels, mean, scale, weights }) =>
      mean.length === FEATURES &&
      scale.length === FEATURES &&
      weights.length === outputsOf(labels.length) * WIDTH,
    'the number of features or labels does not match',
  );

export function saveDetector({ fitted }: Pick<Detector, 'fitted'>): Buffer {
  const { labels, side, shapes, head } = fitted;
  const [mean, scale, weights] = [head.mean, head.scale, head.weights].map(toBase64);
  return Buffer.from(JSON.stringify({ labels, side, shapes, mean, scale, weights }));
}

/** @throws Error if the bytes are not a detector of this version */
export function loadDetector(bytes: Buffer): Detector {
  const { labels, side, shapes, ...head } = fittedFile.parse(JSON.parse(bytes.toString('utf8')));
  return new SlidingWindowDetector({ labels, side, shapes, head: { classes: labels.length, ...head } });
}

function toBase64(values: Float32Array): string {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    bytes.writeFloatLE(value, 4 * i);
  });
  return bytes.toString('base64');
}
