import { z } from 'zod';
import { type Detector, loadDetector } from './detector/index.js';

/** What a training learned: a detector, and the confidence from which each label counts. */
export interface Model {
  readonly detector: Detector;
  readonly thresholds: Readonly<Record<string, number>>;
}

const modelFile = z.object({
  thresholds: z.record(z.string(), z.number()),
  /** Base64. */
  detector: z.string(),
});

export function saveModel(detector: Buffer, thresholds: Model['thresholds']): string {
  return JSON.stringify({ thresholds, detector: detector.toString('base64') });
}

export function loadModel(bytes: Buffer): Model {
  const { thresholds, detector } = modelFile.parse(JSON.parse(bytes.toString('utf8')));
  return { thresholds, detector: loadDetector(Buffer.from(detector, 'base64')) };
}
