import { z } from 'zod';
import { DetectorThread, loadDetector } from './detector/index.js';
import type { State } from './state.js';

/** A trained model: the detector and, for each label, the minimum confidence of a detection (0 to 1). */
export interface Model {
  readonly detector: DetectorThread;
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

/** Loads models from their files, and keeps the one that was used last. */
export class ModelStore {
  private last: { arn: string; model: Model } | undefined;

  constructor(private readonly state: State) {}

  /** @returns the model of a version; undefined if the version has no model file */
  read(arn: string): Model | undefined {
    if (this.last?.arn === arn && !this.last.model.detector.hasEnded) return this.last.model;
    const bytes = this.state.readFile(arn, 'model');
    if (!bytes) return undefined;
    void this.close();
    const { thresholds, detector } = modelFile.parse(JSON.parse(bytes.toString('utf8')));
    const { fitted } = loadDetector(Buffer.from(detector, 'base64'));
    const model = { thresholds, detector: DetectorThread.of(fitted) };
    this.last = { arn, model };
    return model;
  }

  /** Ends the thread of the model that was used last. */
  async close(): Promise<void> {
    await this.last?.model.detector.close();
  }
}
