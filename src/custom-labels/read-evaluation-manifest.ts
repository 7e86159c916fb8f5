import { z } from 'zod';
import type { Box } from '../dataset/model/types.js';
import type { TestImage } from '../evaluation/metrics.js';

const TRUTH = 'rekognition-custom-labels-training-0';
const PREDICTION = 'rekognition-custom-labels-evaluation';

const located = z.object({
  annotations: z.array(
    z.object({
      class_id: z.number(),
      left: z.number(),
      top: z.number(),
      width: z.number(),
      height: z.number(),
    }),
  ),
});
const metadata = z.object({
  objects: z.array(z.object({ confidence: z.number() })),
  'class-map': z.record(z.string(), z.string()),
});
const lineSchema = z.object({
  'source-ref': z.string(),
  [TRUTH]: located,
  [`${TRUTH}-metadata`]: metadata,
  [PREDICTION]: located,
  [`${PREDICTION}-metadata`]: metadata,
});

export interface EvaluatedImage extends TestImage {
  /** `s3://<bucket>/<key>` */
  readonly sourceRef: string;
}

/**
 * The testing manifest as the service leaves it after an evaluation: each image with its objects and with what
 * the model predicted (developer guide, "Accessing the evaluation manifest snapshot").
 * @throws ZodError, SyntaxError if it is none
 */
export function parseEvaluationManifest(text: string): EvaluatedImage[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const parsed = lineSchema.parse(JSON.parse(line));
      return {
        sourceRef: parsed['source-ref'],
        truth: boxesOf(parsed[TRUTH], parsed[`${TRUTH}-metadata`]),
        detections: boxesOf(parsed[PREDICTION], parsed[`${PREDICTION}-metadata`]),
      };
    });
}

function boxesOf(
  { annotations }: z.infer<typeof located>,
  { objects, 'class-map': names }: z.infer<typeof metadata>,
): (Box & { confidence: number })[] {
  return annotations.map(({ class_id: id, left, top, width, height }, index) => ({
    ...{ left, top, width, height },
    label: names[String(id)] ?? String(id),
    confidence: objects[index]?.confidence ?? 0,
  }));
}
