/**
 * The JSON documents of a run as zod schemas, from which `/openapi.json` describes the endpoint's responses. Each is
 * tied to its interface: a field that only one of the two has does not compile.
 */
import { z } from 'zod';
import type { GroupCounts } from '../dataset/model/counts.js';
import { QUALITIES } from '../dataset/model/quality.js';
import { UNITS } from '../dataset/model/units.js';
import { OUTCOMES } from './outcomes.js';
import {
  type AnnotationCounts,
  type Approval,
  type Evaluation,
  type Finding,
  type ImageCounts,
  type IngestResult,
  type LabelCounts,
  type Progress,
  type ServiceValidation,
  STAGES,
  type TrainerDescription,
  type TrainingResult,
} from './workflow-io.js';

/** `T` without `readonly`: zod infers writable types, and the interfaces are read-only. */
type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Types a schema by its interface. Does not compile if both differ in a field or in its type. */
function schemaOf<T>() {
  return <S extends z.ZodType<T>>(
    schema: Same<Writable<T>, Writable<z.output<S>>> extends true ? S : never,
  ): z.ZodType<T> => schema;
}

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const isoTime = z.string().describe('ISO 8601 time');
const split = z.object({ images: count, boxes: count });
const nameGroups = z.object({ groups: count, images: count });
const droppedClass = z.object({ label: z.string(), images: count });

export const imageCountsSchema = schemaOf<ImageCounts>()(
  z.object({
    found: count,
    used: count,
    rejected: count,
    train: count,
    val: count,
    left: z.object({
      neverAnnotated: count,
      emptiedByBoxRules: count,
      emptiedByClassDrop: count,
      balancedAway: count,
    }),
    unusedPhotos: count.optional().describe('Photos that class balancing left out with all their copies'),
    tiles: z
      .object({ train: count, val: count, withoutBoxes: count, uncutPhotos: count })
      .optional()
      .describe('Tiles in the manifests beside the photos (TILES); all other counts are of photos'),
  }),
);

export const annotationCountsSchema = schemaOf<AnnotationCounts>()(
  z.object({ found: count, used: count, dropped: z.record(z.string(), count).describe('Boxes per reason') }),
);

export const labelCountsSchema = schemaOf<LabelCounts>()(
  z.object({ label: z.string(), train: split, val: split }),
);

export const groupCountsSchema = schemaOf<GroupCounts>()(
  z.object({
    groups: count,
    images: count,
    sameSource: nameGroups.optional(),
    groupBy: nameGroups.optional(),
  }),
);

export const findingSchema = schemaOf<Finding>()(
  z.object({
    code: z.string(),
    severity: z.enum(['error', 'warning']),
    message: z.string(),
    headline: z.string().exactOptional().describe('The beginning of message that says what is wrong'),
    count,
    unit: z.enum(UNITS).exactOptional().describe('What count counts; absent in earlier runs'),
    examples: z.array(z.string()).describe('Maximum 10: file and record'),
  }),
);

/** The fields of DatasetQuality. */
export const qualitySchemas = {
  quality: z
    .enum(QUALITIES)
    .describe(
      'unfit: cannot be trained; unreliable: the scores of its models can be wrong or depend on chance; good: neither',
    ),
  qualityReasons: z
    .array(z.object({ code: z.string(), text: z.string() }))
    .describe('Findings that decided the quality: causes of others first, then the most harmful'),
};

/** The same fields if earlier versions did not write them. */
export const optionalQuality = {
  quality: qualitySchemas.quality.exactOptional(),
  qualityReasons: qualitySchemas.qualityReasons.exactOptional(),
};

const interval = z.object({ low: share, high: share }).describe('95 % bootstrap interval of F1');

const evaluation = schemaOf<Evaluation>()(
  z.object({
    f1: share,
    precision: share,
    recall: share,
    averagePrecision: share.nullable(),
    trainImages: count.nullable().exactOptional(),
    testImages: count,
    testBoxes: count.nullable(),
    interval: interval.nullable(),
    recounted: z
      .object({ byFlags: share.nullable(), byMatching: share.nullable() })
      .nullable()
      .exactOptional()
      .describe('F1 counted from the predictions in the evaluation manifest'),
    chance: share.nullable(),
    labels: z.array(
      z.object({
        label: z.string(),
        f1: share,
        precision: share,
        recall: share,
        threshold: share,
        testImages: count,
        testBoxes: count.nullable(),
        interval: interval.nullable(),
      }),
    ),
  }),
);

const manifestValidation = z.object({
  lines: z
    .object({ total: count, valid: count, invalid: count, ignored: count })
    .nullable()
    .describe('Null if the manifest summary could not be read'),
  errors: z.array(z.string()).describe('Codes of the whole manifest'),
  reported: count.describe('Lines with at least one code'),
  codes: z.array(z.object({ code: z.string(), lines: count })).describe('Maximum 50: lines by code'),
  examples: z
    .array(z.object({ line: count, codes: z.array(z.string()), file: z.string().nullable() }))
    .describe('Maximum 20: the first lines with a code, with the file in the archive'),
});

/** Also part of the model card. */
export const serviceValidationSchema = schemaOf<ServiceValidation>()(
  z.object({
    training: manifestValidation,
    testing: manifestValidation,
    errors: z.array(z.string()).describe('Codes of both manifests together'),
    problem: z.string().nullable().describe('What could not be read'),
  }),
);

const trainerKind = z.enum(['rekognition', 'emulator']);

const trainer = schemaOf<TrainerDescription>()(
  z.object({
    kind: trainerKind,
    account: z.string().nullable(),
    region: z.string(),
    hourlyRateUsd: z.number().describe('US dollars per hour of training'),
    estimatedHours: z.number(),
    basis: z.string().exactOptional(),
    project: z.string().exactOptional().describe('Rekognition project of the training'),
    projectNote: z
      .string()
      .exactOptional()
      .describe("Why the project is not the one with the dataset's name; absent if it is"),
  }),
);

const trainingResult = schemaOf<TrainingResult>()(
  z.object({
    projectVersionArn: z.string(),
    modelVersion: z.string(),
    status: z.string(),
    seconds: z.number(),
    billableSeconds: z.number().nullable(),
    trainer: trainerKind,
    created: isoTime.nullable().exactOptional(),
    ended: isoTime.nullable().exactOptional(),
    evaluationManifest: z.string().nullable().exactOptional(),
  }),
);

const uri = z.string().nullable().describe('s3://<bucket>/<key>; null if it was not written');

/** The result of a run; also in the ledger. */
export const ingestResultSchema = schemaOf<IngestResult>()(
  z.object({
    outcome: z.enum(OUTCOMES),
    message: z.string(),
    dataset: z.string(),
    workflowId: z.string(),
    runId: z.string(),
    version: z.string().nullable(),
    archive: z.object({ key: z.string(), etag: z.string(), bytes: count }),
    images: imageCountsSchema.nullable(),
    annotations: annotationCountsSchema.nullable(),
    labels: z.array(labelCountsSchema),
    droppedClasses: z.array(droppedClass),
    groups: groupCountsSchema.nullable(),
    findings: z.array(findingSchema),
    ...optionalQuality,
    uris: z.object({ train: uri, val: uri, labelsTxt: uri, labelsJson: uri, report: uri, modelCard: uri }),
    training: trainingResult.nullable(),
    evaluation: evaluation.nullable(),
    serviceValidation: serviceValidationSchema
      .exactOptional()
      .describe('What the training service found out about the manifests'),
  }),
);

/** The progress document: the query `progress`, status.json, `curator status --json` and the endpoint. */
export const progressSchema = schemaOf<Progress>()(
  z.object({
    stage: z.enum([...STAGES, ...OUTCOMES]),
    dataset: z.string(),
    workflowId: z.string(),
    runId: z.string(),
    upload: z.object({ bucket: z.string(), key: z.string(), etag: z.string(), bytes: count }),
    version: z.string().nullable(),
    images: z.object({ done: count, total: count, rejected: count }),
    stages: z.array(z.object({ stage: z.enum(STAGES), from: isoTime, to: isoTime.nullable() })),
    training: z.object({ projectVersionArn: z.string(), modelVersion: z.string() }).nullable(),
    approval: z.object({ trainer }).nullable().describe('Not null while the run waits for approval'),
    waiting: z
      .object({ reason: z.string(), attempts: count.exactOptional(), nextAttempt: isoTime.nullable() })
      .exactOptional()
      .describe('Why the current step is repeated, and when'),
    ...optionalQuality,
    result: ingestResultSchema.nullable().describe('Not null once the run has ended'),
  }),
);

export const approvalSchema = schemaOf<Approval>()(
  z.object({
    decision: z.enum(['approved', 'rejected']),
    by: z.string(),
    note: z.string(),
    at: isoTime,
  }),
);
