import { z } from 'zod';
import type { Size } from '../../dataset/types.js';
import { fitPriorDetector, type LabelledPicture } from '../../evaluation/chance.js';
import type { Detection } from '../../evaluation/metrics.js';
import type { Picture } from './detector/detector.js';

/** What a training learned: a detector, and the confidence from which each label counts. */
export interface Model {
  detect(picture: Picture): Detection[];
  readonly thresholds: Readonly<Record<string, number>>;
}

const modelFile = z.object({
  thresholds: z.record(z.string(), z.number()),
  pictures: z.array(
    z.object({
      size: z.object({ width: z.number(), height: z.number() }),
      boxes: z.array(
        z.object({
          label: z.string(),
          left: z.number(),
          top: z.number(),
          width: z.number(),
          height: z.number(),
        }),
      ),
    }),
  ),
});

export function saveModel(
  pictures: readonly LabelledPicture[],
  thresholds: Readonly<Record<string, number>>,
): Buffer {
  return Buffer.from(JSON.stringify({ thresholds, pictures }));
}

export function loadModel(bytes: Buffer): Model {
  const { thresholds, pictures } = modelFile.parse(JSON.parse(bytes.toString('utf8')));
  const detector = fitPriorDetector(pictures);
  return { thresholds, detect: ({ width, height }: Size) => detector.detect({ width, height }) };
}
