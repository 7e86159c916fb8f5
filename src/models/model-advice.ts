import { z } from 'zod';
import { type LabelReview, type ReviewedImage, reviewLabels } from '../advice/label-review.js';
import { type DatasetCounts, type NextStep, nextSteps } from '../advice/next-steps.js';
import { type ClassCurve, crossValidationSchema } from '../contracts/cross-validation.js';
import { type DoubtfulLabels, doubtfulLabelsSchema } from '../contracts/label-doubts.js';
import { groupCountsSchema, imageCountsSchema } from '../contracts/schemas.js';
import { type VersionFile, versionKey } from '../dataset/model/layout.js';
import { judgeImage } from '../evaluation/error-kinds.js';
import type { S3Location } from '../lib/s3-uri.js';
import { MalformedError } from '../storage/errors.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { ModelCard } from '../training/model-card-schema.js';
import { readTestedModel, type TestedModel, testedImages } from './tested-model.js';

/** A model's test images with the outcome of each box, and what to do next. */
export interface ModelAdvice {
  readonly images: readonly ReviewedImage[];
  readonly steps: readonly NextStep[];
  /** The labels to check: of all images if the dataset version was cross-validated, else of the test images. */
  readonly review: LabelReview;
}

/** The part of validation_report.json that advice needs. Versions of older rules may lack settings. */
const datasetCountsSchema = z.object({
  images: imageCountsSchema,
  groups: groupCountsSchema,
  labelsFound: z.array(z.object({ label: z.string(), images: z.number() })),
  settings: z.object({ enableBalance: z.boolean(), mergeClasses: z.string().exactOptional() }),
});

/**
 * Judges the test images of a model at the thresholds of its classes, and says what to do next; or says why its
 * predictions are not available.
 * @throws StorageError if S3 is unavailable
 */
export async function readModelAdvice(
  store: ObjectStore,
  bucket: string,
  card: ModelCard,
): Promise<ModelAdvice | string> {
  const tested = await readTestedModel(store, bucket, card);
  if (typeof tested === 'string') return tested;
  const find = <T>(file: VersionFile, schema: z.ZodType<T>) =>
    findReadable(store, { bucket, key: versionKey(card.dataset, card.version, file) }, schema);
  const dataset = await find('validation_report.json', datasetCountsSchema);
  const crossValidation = await find('cross_validation.json', crossValidationSchema);
  const doubtful = await find('doubtful_labels.json', doubtfulLabelsSchema);
  return adviseOn(tested, dataset, crossValidation?.classes ?? [], doubtful);
}

/** A document of the model's dataset version; null if it is missing or cannot be read. */
async function findReadable<T>(
  store: ObjectStore,
  { bucket, key }: S3Location,
  schema: z.ZodType<T>,
): Promise<T | null> {
  try {
    return (await store.findJson(bucket, key, schema)) ?? null;
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}

function adviseOn(
  tested: TestedModel,
  dataset: DatasetCounts | null,
  curves: readonly ClassCurve[],
  doubtful: DoubtfulLabels | null,
): ModelAdvice {
  const { labels: classes } = tested.evaluation;
  const thresholds = new Map(classes.map(({ label, threshold }) => [label, threshold]));
  const all = testedImages(tested);
  const images = all.map((image) => {
    const { path, key, width, height, tile } = image;
    return { path, key, width, height, ...(tile ? { tile } : {}), ...judgeImage(image, thresholds) };
  });
  // Boxes of a tile are not at their places in the file, and its photo is a test image too.
  const photos = images.filter(({ tile }) => tile === undefined);
  const review: LabelReview = doubtful ? { examined: 'all-images', ...doubtful } : reviewOfTest(photos);
  return {
    images,
    review,
    steps: nextSteps({ classes, tested: all, judged: images, review, dataset, curves }),
  };
}

function reviewOfTest(images: readonly ReviewedImage[]): LabelReview {
  const doubts = reviewLabels(images);
  return { examined: 'test-images', images: images.length, total: doubts.length, doubts };
}
