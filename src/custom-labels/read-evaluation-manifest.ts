import { z } from 'zod';
import type { Flag, FlaggedDetection, FlaggedImage } from '../evaluation/flags.js';

const TRUTH = 'rekognition-custom-labels-training-0';
const PREDICTION = 'rekognition-custom-labels-evaluation';
const DETAILS = 'rekognition-custom-labels-evaluation-details';

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
/** Predictions only. Flags of an unknown form are read as absent, so that the predictions stay readable. */
const details = z
  .object({ 'is-true-positive': z.boolean(), 'is-false-positive': z.boolean() })
  .optional()
  .catch(undefined);
const metadata = z.object({
  objects: z.array(z.object({ confidence: z.number(), [DETAILS]: details })),
  'class-map': z.record(z.string(), z.string()),
});
const lineSchema = z.object({
  'source-ref': z.string(),
  [TRUTH]: located,
  [`${TRUTH}-metadata`]: metadata,
  [PREDICTION]: located,
  [`${PREDICTION}-metadata`]: metadata,
});

export interface EvaluatedImage extends FlaggedImage {
  /** `s3://<bucket>/<key>` */
  readonly sourceRef: string;
}

/**
 * The testing manifest as the service leaves it after an evaluation: each image with its objects and with what
 * the model predicted (developer guide, "Accessing the evaluation manifest snapshot").
 * @throws ZodError, SyntaxError if the text is not such a manifest
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
): FlaggedDetection[] {
  return annotations.map(({ class_id: id, left, top, width, height }, index) => ({
    ...{ left, top, width, height },
    label: names[String(id)] ?? String(id),
    confidence: objects[index]?.confidence ?? 0,
    flag: flagOf(objects[index]?.[DETAILS]),
  }));
}

function flagOf(flags: z.infer<typeof details>): Flag | null {
  if (!flags) return null;
  if (flags['is-true-positive']) return 'true-positive';
  return flags['is-false-positive'] ? 'false-positive' : 'negative';
}
