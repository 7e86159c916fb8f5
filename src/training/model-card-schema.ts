import { z } from 'zod';
import { qualitySchemas, serviceValidationSchema } from '../contracts/schemas.js';

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const sha256 = z.string().describe('SHA-256, hex');
const isoTime = z.string().describe('ISO time');
const s3Uri = z.string().describe('s3://<bucket>/<key>');

const split = z.object({ images: count, boxes: count });
const interval = z.object({ low: share, high: share }).describe('95 % bootstrap interval of F1, over photos');
/** A field that cards of earlier versions do not have; it is read as null. */
const absentInOlder = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);

const labelEvaluation = z.object({
  label: z.string(),
  f1: share,
  precision: share,
  recall: share,
  threshold: share.describe('Minimum confidence of a detection of the label, chosen by the service'),
  testImages: count,
  testBoxes: absentInOlder(count),
  interval: absentInOlder(interval),
});

/** `models/<model version>.json`. Published as docs/model-card.schema.json. */
export const modelCardSchema = z
  .object({
    dataset: z.string(),
    version: z.string().describe('First 16 hex of the dataset version'),
    model: z.object({
      projectVersionArn: z.string(),
      modelVersion: z.string(),
      project: absentInOlder(z.string()).describe(
        'Rekognition project: the name of the dataset, or that name with -P2, -P3 …',
      ),
      status: z.string(),
      trainer: z.enum(['rekognition', 'emulator']),
      created: absentInOlder(isoTime).describe('When the service accepted the training'),
      ended: absentInOlder(isoTime).describe('When the training ended'),
      trainingSeconds: z.number().nonnegative(),
      billableSeconds: z.number().nonnegative().nullable(),
      evaluationManifest: absentInOlder(s3Uri).describe("The testing manifest with the model's predictions"),
    }),
    lineage: z.object({
      archiveId: sha256.describe('SHA-256 over paths, sizes, CRCs and COCO files of the archive'),
      datasetVersion: sha256.describe('SHA-256 over archive id, settings and rules version'),
      rulesVersion: z.int(),
      manifests: z.object({ train: sha256, val: sha256 }),
      trainManifest: s3Uri,
      valManifest: s3Uri,
    }),
    settings: z
      .record(z.string(), z.union([z.number(), z.boolean(), z.string()]))
      .describe('Dataset settings by name'),
    images: z.object({
      found: count,
      used: count,
      rejected: count,
      train: count,
      val: count,
      left: z.record(z.string(), count).describe('Usable images that are in no manifest, by reason'),
      tiles: z
        .object({ train: count, val: count, withoutBoxes: count, uncutPhotos: count })
        .optional()
        .describe('Tiles in the manifests beside the photos; absent without TILES'),
    }),
    annotations: z.object({
      found: count,
      used: count,
      dropped: z.record(z.string(), count).describe('Excluded boxes by reason'),
    }),
    labels: z.array(z.object({ label: z.string(), train: split, val: split })),
    quality: absentInOlder(qualitySchemas.quality),
    qualityReasons: absentInOlder(qualitySchemas.qualityReasons),
    approval: z
      .object({
        decision: z.enum(['approved', 'rejected']),
        by: z.string(),
        note: z.string(),
        at: isoTime,
      })
      .nullable()
      .describe('Who approved the training; null if no approval was needed'),
    evaluation: z
      .object({
        f1: share,
        precision: share,
        recall: share,
        averagePrecision: share.nullable(),
        trainImages: absentInOlder(count).describe('Training images that the service used'),
        testImages: count,
        testBoxes: absentInOlder(count),
        interval: absentInOlder(interval),
        recounted: absentInOlder(
          z.object({
            byFlags: share.nullable().describe("By the service's is-true-positive flags"),
            byMatching: share.nullable().describe('By boxes that are matched at IoU 0.5'),
          }),
        ).describe(
          'F1 counted from the predictions in the evaluation manifest; the interval is based on the flags, if any',
        ),
        chance: absentInOlder(share).describe(
          'F1 of a predictor that uses only class frequencies and median boxes',
        ),
        labels: z.array(labelEvaluation),
        note: z.string().nullable().describe('Note that accompanies metrics of the emulator'),
      })
      .nullable()
      .describe('Null if the evaluation could not be read'),
    evaluationProblem: absentInOlder(z.string()).describe('Why there is no evaluation'),
    serviceValidation: absentInOlder(serviceValidationSchema).describe(
      'What the training service found out about the lines of the manifests',
    ),
  })
  .describe('Model card: description, lineage and evaluation of a model');

/** Description, lineage and evaluation of a model. */
export type ModelCard = z.infer<typeof modelCardSchema>;

/** The JSON Schema of a model card, published as docs/model-card.schema.json. */
export function modelCardJsonSchema(): object {
  return z.toJSONSchema(modelCardSchema, { io: 'output', target: 'draft-2020-12' });
}
