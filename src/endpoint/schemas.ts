/**
 * Schemas of requests and responses that only HTTP has; those of runs are in `contracts/schemas.ts`. The handlers of
 * the routes are typed by them, and so is the page.
 */
import { z } from 'zod';
import * as contracts from '../contracts/schemas.js';
import { versionImageSchema } from '../contracts/version-images.js';
import { DATASET_NAME_RULE, isDatasetName } from '../dataset/model/identity.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { VersionImage } from '../dataset/model/version-images.js';
import { OBJECT_KINDS } from '../deletion/kinds.js';
import { curationFactsSchema } from '../pipeline/files.js';
import { reportFactsSchema } from '../pipeline/report-facts-schema.js';
import { validationReportSchema } from '../pipeline/validation-report-schema.js';
import { modelCardSchema } from '../training/model-card-schema.js';

export const count = z.int().nonnegative();
export const isoTime = z.string().describe('ISO 8601 time');

export const datasetName = z
  .string()
  .refine(isDatasetName, `is not a valid dataset name: ${DATASET_NAME_RULE}`);
export const datasetParams = z.object({ name: datasetName });
export const versionName = z.string().regex(/^[0-9a-f]{16}$/, 'must be a version: 16 hexadecimal digits');

/** An error as RFC 9457 defines it. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What is wrong and what to do, for people'),
  })
  .meta({ id: 'Problem' });

export const progressSchema = contracts.progressSchema.meta({ id: 'Progress' });
export const approvalSchema = contracts.approvalSchema.meta({ id: 'Approval' });
export const modelCardResponse = modelCardSchema.meta({ id: 'ModelCard' });
export const modelCardsSchema = z.object({
  models: z.array(modelCardResponse),
  unreadable: z
    .array(
      z.object({
        modelVersion: z.string(),
        problem: z.string().describe('What is wrong and what to do, for people'),
      }),
    )
    .describe('Model cards that cannot be read'),
});
export type ModelCards = z.infer<typeof modelCardsSchema>;

export const runListSchema = z.object({
  datasets: z.array(
    z.object({
      dataset: z.string(),
      status: z.string().describe('Stage or outcome; `unreadable` if neither is known'),
      started: isoTime.describe('ISO 8601 time; empty if it is unknown'),
      runId: z.string().describe('Empty if it is unknown'),
      problem: z
        .string()
        .optional()
        .describe(
          'Which document of the dataset cannot be read and what to do, for people; absent if all can',
        ),
      quality: contracts.optionalQuality.quality,
      images: count.optional().describe('Images in the manifests of the run, once it has ended'),
      reason: z.string().optional().describe('Why the run was refused, rejected, cancelled or failed'),
      model: z
        .object({
          modelVersion: z.string(),
          f1: z.number().nullable().describe('F1 over all classes, 0 to 1; null if it could not be read'),
          images: count.describe('Images that the model was trained and tested on'),
          trainer: z.enum(['rekognition', 'emulator']),
          ended: isoTime.nullable(),
        })
        .nullable()
        .describe('The latest model of the dataset, perhaps of an earlier run; null if it has none'),
    }),
  ),
});
export type RunList = z.infer<typeof runListSchema>;

export const workflowSchema = z.object({
  url: z.string().nullable().describe("The run in Temporal's UI; null if CURATOR_TEMPORAL_UI is not set"),
});
export type WorkflowLink = z.infer<typeof workflowSchema>;

/** The quality is absent in versions that were validated before its fields existed. */
export const reportSchema = validationReportSchema
  .extend({ summary: validationReportSchema.shape.summary.partial({ quality: true, qualityReasons: true }) })
  .meta({ id: 'ValidationReport' });

export const rejectedSchema = curationFactsSchema.pick({ rejected: true });
export type RejectedImages = z.infer<typeof rejectedSchema>;
const versionImage: z.ZodType<VersionImage> = versionImageSchema;

export const imagePageSchema = z.object({
  version: versionName,
  total: count.describe('Images that match the filter, tiles included'),
  tiles: count.describe('Tiles among them'),
  offset: count,
  images: z.array(versionImage),
});
export type ImagePage = z.infer<typeof imagePageSchema>;

export const findingCasesSchema = z.object({
  version: versionName,
  cases: reportFactsSchema.shape.cases
    .unwrap()
    .describe(
      'The cases of findings that pictures show, with one image or a pair; boxes are in pixels of the preprocessed image',
    ),
});
export type FindingCases = z.infer<typeof findingCasesSchema>;

export const deletionSchema = z.object({
  dataset: z.string(),
  objects: z
    .array(
      z.object({
        kind: z.enum(OBJECT_KINDS),
        count: count.describe('Objects of the bucket'),
        bytes: count,
      }),
    )
    .readonly()
    .describe('Deleted, by kind; `records` are the ledger and the status'),
  models: z
    .array(
      z.object({
        modelVersion: z.string(),
        projectVersionArn: z.string(),
        trainer: z.enum(['rekognition', 'emulator']),
      }),
    )
    .readonly()
    .describe('Models that stay in the training service'),
  unreadable: modelCardsSchema.shape.unreadable.readonly(),
});
export type Deletion = z.infer<typeof deletionSchema>;

export const authenticatedSchema = z.object({ authenticated: z.boolean() });

export const startedRunSchema = z.object({
  workflowId: z.string(),
  runId: z.string(),
  statusUrl: z.string().describe('Relative to the endpoint'),
});
export type StartedRun = z.infer<typeof startedRunSchema>;

export const historySchema = z.object({
  runs: z
    .array(
      z.object({
        runId: z.string(),
        status: z.string().describe('Stage or outcome'),
        started: isoTime,
        ended: isoTime.nullable().describe('ISO 8601 time; null while the run is open'),
        upload: z.string().nullable().describe('S3 key of the archive; null if it is unknown'),
      }),
    )
    .readonly()
    .describe('Runs that Temporal still has, newest first, maximum 100'),
  versions: z
    .array(
      z.object({
        version: versionName,
        written: isoTime,
        isCrossValidated: z.boolean().describe('Whether its doubtful labels can be downloaded'),
      }),
    )
    .readonly()
    .describe('Dataset versions with a report, newest first, maximum 100'),
});
export type History = z.infer<typeof historySchema>;

export const settingsResponse = z.object({
  settings: z.custom<DatasetSettings>().meta({ type: 'object' }).describe('Dataset settings by name'),
});
export type LastSettings = z.infer<typeof settingsResponse>;

export const announcedSchema = z.object({
  events: z.array(
    z.union([
      z.object({
        key: z.string(),
        outcome: z.enum(['started', 'known']),
        dataset: z.string(),
        workflowId: z.string(),
        runId: z.string(),
      }),
      z.object({ key: z.string(), outcome: z.enum(['deferred', 'ignored']), reason: z.string() }),
    ]),
  ),
});

export const statusSchema = (status: 'ok' | 'ready') => z.object({ status: z.literal(status) });
