import { z } from 'zod';
import { type Detector, loadDetector } from './detector/index.js';

/** A trained model: the detector and, for each label, the minimum confidence of a detection (0 to 1). */
export interface Model {
  readonly detector: Detector;
  readonly thresholds: Readonly<Record<string, number>>;
}

const modelFile = z.object({
  thresholds: z.record(z.string(), z.number()),
  /** The serialised detector in base64. */
  detector: z.string(),
});

export function saveModel(detector: Buffer, thresholds: Model['thresholds']): string {
  return JSON.stringify({ thresholds, detector: detector.toString('base64') });
}

export function loadModel(bytes: Buffer): Model {
  const { thresholds, detector } = modelFile.parse(JSON.parse(bytes.toString('utf8')));
  return { thresholds, detector: loadDetector(Buffer.from(detector, 'base64')) };
}
