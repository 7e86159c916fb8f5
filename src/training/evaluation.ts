import type { ProjectVersionDescription } from '@aws-sdk/client-rekognition';
import { z } from 'zod';
import type { Evaluation } from '../contracts/workflow-io.js';
import { byCodePoint } from '../lib/order.js';
import { type S3Location, s3Uri } from '../lib/s3-uri.js';
import { tryParseJson } from '../lib/try-parse-json.js';
import { StorageError, serviceDocumentProblem } from '../storage/errors.js';
import { SMALL_JSON_BYTES } from '../storage/json.js';
import type { ObjectStore } from '../storage/object-store.js';
import { TrainingError } from './errors.js';
import { locationOf } from './s3-object.js';
import { readTestSet, type TestSetFigures } from './test-set.js';

/** Tolerance for rounding errors of a share. */
const ROUNDING = 1e-6;

/** A share from 0 to 1. Trainers that sum in floating point write 1.0000000000000002 for a perfect result. */
const share = z
  .number()
  .min(-ROUNDING)
  .max(1 + ROUNDING)
  .transform((value) => Math.min(1, Math.max(0, value)));
const metrics = z.object({
  F1Score: share,
  Precision: share,
  Recall: share,
  AveragePrecision: share.optional(),
});

/**
 * `EvaluationResultSummary-<project>-<version>.json`. The developer guide's schema nests the overall metrics in
 * `Metrics`; its sample and real evaluations do not. Both forms are accepted.
 */
const summarySchema = z.object({
  AggregatedEvaluationResults: z.union([
    metrics,
    z.object({ Metrics: metrics }).transform(({ Metrics }) => Metrics),
  ]),
  EvaluationDetails: z.object({
    NumberOfTestingImages: z.number(),
    NumberOfTrainingImages: z.int().nonnegative().optional().catch(undefined),
  }),
  LabelEvaluationResults: z.array(
    z.object({
      Label: z.string(),
      NumberOfTestingImages: z.number(),
      Metrics: z.object({ F1Score: share, Precision: share, Recall: share, Threshold: share }),
    }),
  ),
});

/**
 * Reads the evaluation that the service wrote for a completed training.
 * @throws TrainingError `EvaluationUnreadable` if it is missing or has an unknown form; StorageError if S3 is unavailable
 */
export async function readEvaluation(
  store: ObjectStore,
  version: ProjectVersionDescription,
): Promise<Evaluation> {
  const location = locationOf(version.EvaluationResult?.Summary?.S3Object);
  if (!location) {
    throw new TrainingError(
      'EvaluationUnreadable',
      `The model version ${version.ProjectVersionArn} has no evaluation (status ${version.Status}).`,
    );
  }
  const summary = summarySchema.safeParse(await readJson(store, location));
  if (!summary.success) {
    const [issue] = summary.error.issues;
    throw new TrainingError(
      'EvaluationUnreadable',
      `${s3Uri(location)} is not an evaluation summary: ${issue?.path.join('.')}: ${issue?.message}.`,
    );
  }
  const {
    AggregatedEvaluationResults: all,
    EvaluationDetails: details,
    LabelEvaluationResults: labels,
  } = summary.data;
  const thresholds = new Map(labels.map(({ Label, Metrics }) => [Label, Metrics.Threshold]));
  const { boxes, chance, interval, labelIntervals, counted } = await readTestSet(store, version, thresholds);
  return {
    f1: all.F1Score,
    precision: all.Precision,
    recall: all.Recall,
    averagePrecision: all.AveragePrecision ?? null,
    trainImages: details.NumberOfTrainingImages ?? null,
    testImages: details.NumberOfTestingImages,
    testBoxes: boxes && [...boxes.values()].reduce((sum, count) => sum + count, 0),
    interval,
    recounted: counted && {
      byFlags: counted.byFlags && meanF1(labels, counted.byFlags),
      byMatching: meanF1(labels, counted.byMatching),
    },
    chance,
    labels: labels
      .map(({ Label, NumberOfTestingImages, Metrics }) => ({
        label: Label,
        f1: Metrics.F1Score,
        precision: Metrics.Precision,
        recall: Metrics.Recall,
        threshold: Metrics.Threshold,
        testImages: NumberOfTestingImages,
        testBoxes: boxes?.get(Label) ?? null,
        interval: labelIntervals.get(Label) ?? null,
      }))
      .sort((a, b) => byCodePoint(a.label, b.label)),
  };
}

/** Mean of the counted F1 over the labels. A label without objects has the F1 that the service reports for it. */
function meanF1(
  labels: z.infer<typeof summarySchema>['LabelEvaluationResults'],
  counted: NonNullable<TestSetFigures['counted']>['byMatching'],
): number | null {
  const scores = labels.map(({ Label, Metrics }) => counted.get(Label) ?? Metrics.F1Score);
  return scores.length === 0 ? null : scores.reduce((sum, f1) => sum + f1, 0) / scores.length;
}

async function readJson(store: ObjectStore, location: S3Location): Promise<unknown> {
  const options = { maxBytes: SMALL_JSON_BYTES };
  const text = await store.getBytes(location.bucket, location.key, options).then(String, (error: unknown) => {
    // Credentials that have expired say nothing about the evaluation: the caller waits for new ones.
    if (!(error instanceof StorageError && error.isFinal)) throw error;
    throw new TrainingError('EvaluationUnreadable', serviceDocumentProblem(error), false, { cause: error });
  });
  const value = tryParseJson(text);
  if (value !== undefined) return value;
  throw new TrainingError('EvaluationUnreadable', `${s3Uri(location)} is not JSON.`);
}
