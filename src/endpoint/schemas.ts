/**
 * Schemas of requests and responses that only HTTP has; those of runs are in `contracts/schemas.ts`. The handlers of
 * the routes are typed by them, and so is the page.
 */
import { z } from 'zod';
import { crossValidationSchema, fitCountsSchema } from '../contracts/cross-validation.js';
import { doubtfulLabelsSchema, labelDoubtSchema } from '../contracts/label-doubts.js';
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

const count = z.int().nonnegative();
const isoTime = z.string().describe('ISO 8601 time');

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

export const comparisonsSchema = z.object({
  comparisons: z
    .array(
      z.object({
        modelVersion: z.string(),
        photos: count.describe('Photos that both models were tested on'),
        f1: z.number().nullable().describe('F1 on them, 0 to 1; null if the models cannot be compared'),
        latestF1: z.number().nullable().describe('F1 of the latest model on the same photos'),
        problem: z.string().nullable().describe('Why they cannot be compared, for people'),
      }),
    )
    .describe('Earlier models, each compared with the latest'),
});
export type Comparisons = z.infer<typeof comparisonsSchema>;

const box = z.object({
  label: z.string(),
  left: z.number(),
  top: z.number(),
  width: z.number(),
  height: z.number(),
});
export const testImagesSchema = z.object({
  images: z.array(
    z.object({
      path: z.string().describe('Path in the archive'),
      key: z.string().describe('S3 key of the preprocessed image'),
      tile: versionImageSchema.shape.tile,
      width: count.describe('Pixels; the boxes use the same'),
      height: count,
      truth: z.array(box),
      detections: z.array(box.extend({ confidence: z.number().describe('0 to 1') })),
    }),
  ),
});
export type TestImages = z.infer<typeof testImagesSchema>;

export const adviceSchema = z.object({
  steps: z
    .array(
      z.object({
        kind: z.enum(['merge-classes', 'use-left-out', 'label-more', 'check-labels']),
        title: z.string(),
        reason: z.string().describe('Why it may help'),
        evidence: z.string().describe('What was measured on this dataset'),
        certainty: z.string().describe('How sure it is that it helps'),
        change: z
          .object({ perClassCap: count.exactOptional(), mergeClasses: z.string().exactOptional() })
          .nullable()
          .describe('Settings to change in the next run'),
      }),
    )
    .describe('Maximum three'),
  doubts: z.array(labelDoubtSchema).describe('Labels to check, the most doubtful first'),
  examined: z
    .enum(['all-images', 'test-images'])
    .describe('The images whose labels were examined: all, if the dataset version was cross-validated'),
});
export type Advice = z.infer<typeof adviceSchema>;

export const crossValidationResponse = z.object({
  version: versionName,
  running: z
    .object({
      started: isoTime.describe('Start of the current attempt, ISO 8601 time'),
      counts: fitCountsSchema.nullable().describe('Fitted detectors; null before the first report'),
      waiting: z
        .string()
        .nullable()
        .describe('Why it is repeated, for people; null once the current attempt has fitted a detector'),
      isSilent: z.boolean().describe('No worker has reported for 15 seconds'),
      isStopping: z.boolean().describe('A stop was requested, and takes effect within half a minute'),
    })
    .nullable()
    .describe('Set while it runs'),
  failure: z
    .string()
    .nullable()
    .describe('Why the latest one has failed, for people; null if it has not, or was stopped'),
  classes: crossValidationSchema.shape.classes
    .nullable()
    .describe('Learning curves of the local detector, never of Rekognition; null without a result'),
  labels: doubtfulLabelsSchema.nullable().describe('The doubtful labels; null without a result'),
});
export type CrossValidationDocument = z.infer<typeof crossValidationResponse>;

export const startedCrossValidation = z.object({ version: versionName });

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

const share = z.number().describe('Share of the side of the upright photo');
export const detectionSchema = z.object({
  modelVersion: z.string(),
  width: z.int().describe('Pixels of the upright photo'),
  height: z.int().describe('Pixels of the upright photo'),
  labels: z.array(
    z.object({
      label: z.string(),
      confidence: z.number().describe('0 to 100'),
      box: z.object({ left: share, top: share, width: share, height: share }),
    }),
  ),
});
export type Detection = z.infer<typeof detectionSchema>;

export const authenticatedSchema = z.object({ authenticated: z.boolean() });

const signed = z.object({
  url: z.string(),
  headers: z.record(z.string(), z.string()).describe('Headers to send with the PUT request'),
});
const uploadTarget = z.object({
  bucket: z.string(),
  key: z.string(),
  expiresAt: isoTime.describe('ISO 8601 time until which the URL is valid'),
});
const opened = z.object({
  uploadId: z.string(),
  partBytes: count.describe('Bytes of each part except the last'),
  parts: count,
});

/** One PUT request, or a multipart upload that was opened. */
export const presignedSchema = z.union([
  signed.extend(uploadTarget.shape),
  uploadTarget.extend({ multipart: opened }),
]);
export type Presigned = z.infer<typeof presignedSchema>;

export const signedPartsSchema = z.object({
  parts: z.array(signed.extend({ part: count })),
  expiresAt: uploadTarget.shape.expiresAt,
});
export type SignedParts = z.infer<typeof signedPartsSchema>;

export const uploadedPartsSchema = z.array(z.object({ part: count, etag: z.string(), bytes: count }));
export type UploadedParts = z.infer<typeof uploadedPartsSchema>;

export const completedSchema = z.object({ key: z.string(), etag: z.string(), bytes: count });

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
