import { z } from 'zod';

const pixels = z.number().describe('Pixels of the preprocessed image');

/** Schema of a label that a person should look at. */
export const labelDoubtSchema = z.object({
  path: z.string().describe('Path in the archive'),
  key: z.string().describe('S3 key of the preprocessed image'),
  width: z.int().nonnegative().describe('Pixels; the box uses the same'),
  height: z.int().nonnegative(),
  reason: z
    .enum(['box-missing', 'class-contradicted', 'box-doubtful'])
    .describe(
      'A confident detection where nothing is labelled; one of another class on a labelled object; or no detection on an object though most of its kind are found',
    ),
  labelled: z.string().nullable().describe('Class of the labelled box; null if no box is there'),
  detected: z.string().nullable().describe('Class that the model detects; null if it detects nothing'),
  confidence: z.number().nullable().describe('Confidence of the detection, 0 to 1; null without one'),
  box: z
    .object({ left: pixels, top: pixels, width: pixels, height: pixels })
    .describe('The labelled box, or the detected one if no box is there'),
  others: z
    .array(z.object({ label: z.string(), left: pixels, top: pixels, width: pixels, height: pixels }))
    .exactOptional()
    .describe('The other labelled boxes of the image; absent in lists of earlier versions'),
});
/** A label that a person should look at. */
export type LabelDoubt = z.infer<typeof labelDoubtSchema>;
/** Why a label is doubtful. */
export type DoubtReason = LabelDoubt['reason'];

/** Maximum doubtful labels that the document lists: more than a person checks before the next cross-validation. */
export const MAX_LISTED_DOUBTS = 1_000;

/** Schema of `doubtful_labels.json` of a dataset version, which cross-validation writes. */
export const doubtfulLabelsSchema = z.object({
  dataset: z.string(),
  version: z.string(),
  /** Images that were examined: all of the version. */
  images: z.int().nonnegative(),
  /** Number of doubtful labels, listed or not. */
  total: z.int().nonnegative(),
  /** The most doubtful first. */
  doubts: z.array(labelDoubtSchema).max(MAX_LISTED_DOUBTS),
});
export type DoubtfulLabels = z.infer<typeof doubtfulLabelsSchema>;
