import { z } from 'zod';

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const sha256 = z.string().describe('SHA-256, hex');
const isoTime = z.string().describe('ISO time');
const s3Uri = z.string().describe('s3://<bucket>/<key>');

const split = z.object({ images: count, boxes: count });
const interval = z.object({ low: share, high: share }).describe('95 % bootstrap interval of F1, over photos');
/** A field that older cards lack: there it is unknown. */
const later = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);

const labelEvaluation = z.object({
  label: z.string(),
  f1: share,
  precision: share,
  recall: share,
  threshold: share.describe('Confidence from which the service takes a detection for one of the label'),
  testImages: count,
  testBoxes: later(count),
  interval: later(interval),
});

/** `models/<model version>.json`. Published as docs/model-card.schema.json. */
export const modelCardSchema = z
  .object({
    dataset: z.string(),
    version: z.string().describe('First 16 hex of the dataset version'),
    model: z.object({
      projectVersionArn: z.string(),
      modelVersion: z.string(),
      status: z.string(),
      trainer: z.enum(['rekognition', 'emulator']),
      created: later(isoTime).describe('When the service accepted the training'),
      ended: later(isoTime).describe('When the training ended'),
      trainingSeconds: z.number().nonnegative(),
      billableSeconds: z.number().nonnegative().nullable(),
      evaluationManifest: later(s3Uri).describe("The testing manifest with the model's predictions"),
    }),
    lineage: z.object({
      archiveId: sha256.describe('Of the archive: paths, sizes, CRCs and COCO files'),
      datasetVersion: sha256.describe('Of archive id, settings and rules version'),
      rulesVersion: z.int(),
      manifests: z.object({ train: sha256, val: sha256 }),
      trainManifest: s3Uri,
      valManifest: s3Uri,
    }),
    settings: z
      .record(z.string(), z.union([z.number(), z.boolean(), z.string()]))
      .describe('The dataset settings, by name'),
    images: z.object({
      found: count,
      used: count,
      rejected: count,
      train: count,
      val: count,
      left: z.record(z.string(), count).describe('Usable images in no manifest, by reason'),
    }),
    annotations: z.object({
      found: count,
      used: count,
      dropped: z.record(z.string(), count).describe('Boxes left out, by reason'),
    }),
    labels: z.array(z.object({ label: z.string(), train: split, val: split })),
    approval: z
      .object({
        decision: z.enum(['approved', 'rejected']),
        by: z.string(),
        note: z.string(),
        at: isoTime,
      })
      .nullable()
      .describe('Who let the training begin; null where nobody had to be asked'),
    evaluation: z
      .object({
        f1: share,
        precision: share,
        recall: share,
        averagePrecision: share.nullable(),
        testImages: count,
        testBoxes: later(count),
        interval: later(interval),
        chance: later(share).describe(
          'F1 of a predictor that knows class frequencies and median boxes alone',
        ),
        labels: z.array(labelEvaluation),
        note: z.string().nullable().describe('Said with every figure of the emulator'),
      })
      .nullable()
      .describe('Null where the evaluation could not be read'),
    evaluationProblem: later(z.string()).describe('Why there is no evaluation'),
  })
  .describe('Model card: what a model is, where it comes from and how good it is');

/** What a model is, where it comes from and how good it is. */
export type ModelCard = z.infer<typeof modelCardSchema>;

/** The JSON Schema of a card as it is written. */
export function modelCardJsonSchema(): object {
  return z.toJSONSchema(modelCardSchema, { io: 'output', target: 'draft-2020-12' });
}
