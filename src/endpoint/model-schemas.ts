/** Schemas of requests and responses about models, see `schemas.ts`. */
import { z } from 'zod';
import { crossValidationSchema, fitCountsSchema } from '../contracts/cross-validation.js';
import { doubtfulLabelsSchema, labelDoubtSchema } from '../contracts/label-doubts.js';
import { versionImageSchema } from '../contracts/version-images.js';
import { count, isoTime, versionName } from './schemas.js';

export const comparisonsSchema = z.object({
  comparisons: z
    .array(
      z.object({
        modelVersion: z.string(),
        photos: count.describe('Photos that both models were tested on'),
        labels: z.array(z.string()).describe('Classes of both models that these photos show'),
        f1: z
          .number()
          .nullable()
          .describe(
            'Mean F1 of these classes on these photos, 0 to 1; null if the models cannot be compared',
          ),
        latestF1: z.number().nullable().describe('The same of the latest model'),
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
