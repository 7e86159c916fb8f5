import { z } from 'zod';
import type { Flag, FlaggedDetection, FlaggedImage } from '../evaluation/flags.js';

const TRUTH = 'rekognition-custom-labels-training-0';
const PREDICTION = 'rekognition-custom-labels-evaluation';
const DETAILS = 'rekognition-custom-labels-evaluation-details';

/** Pixels. The service's images have sides of up to 4,096 pixels; a detection may reach beyond its image. */
const MAX_PIXELS = 100_000;
const position = z.number().min(-MAX_PIXELS).max(MAX_PIXELS);
const side = z.number().min(0).max(MAX_PIXELS);
const located = z.object({
  annotations: z.array(
    z.object({ class_id: z.number(), left: position, top: position, width: side, height: side }),
  ),
});
/** Predictions only. Flags of an unknown form are read as absent, so that the predictions stay readable. */
const details = z
  .object({ 'is-true-positive': z.boolean(), 'is-false-positive': z.boolean() })
  .optional()
  .catch(undefined);
/** A share; services that compute in floating point write 1.0000000000000002. */
const confidence = z
  .number()
  .min(-1e-6)
  .max(1 + 1e-6);
const metadata = z.object({
  objects: z.array(z.object({ confidence, [DETAILS]: details })),
  'class-map': z.record(z.string(), z.string()),
});
export interface EvaluatedImage extends FlaggedImage {
  /** `s3://<bucket>/<key>` */
  readonly sourceRef: string;
}

/**
 * Schema of a line of the testing manifest as the service leaves it after an evaluation: an image with its objects and
 * with what the model predicted (developer guide, "Accessing the evaluation manifest snapshot").
 */
export const evaluatedImageSchema = z
  .object({
    'source-ref': z.string(),
    [TRUTH]: located,
    [`${TRUTH}-metadata`]: metadata,
    [PREDICTION]: located,
    [`${PREDICTION}-metadata`]: metadata,
  })
  .transform(
    (line): EvaluatedImage => ({
      sourceRef: line['source-ref'],
      truth: boxesOf(line[TRUTH], line[`${TRUTH}-metadata`]),
      detections: boxesOf(line[PREDICTION], line[`${PREDICTION}-metadata`]),
    }),
  );

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
