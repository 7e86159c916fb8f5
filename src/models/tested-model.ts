import { parseVersionImages } from '../contracts/version-images.js';
import { type EvaluatedImage, parseEvaluationManifest } from '../custom-labels/read-evaluation-manifest.js';
import { versionKey } from '../dataset/model/layout.js';
import type { VersionImage } from '../dataset/model/version-images.js';
import type { FlaggedImage } from '../evaluation/flags.js';
import { parseS3Uri } from '../lib/s3-uri.js';
import { StorageError } from '../storage/errors.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { ModelCard } from '../training/model-card-schema.js';

/** A model with its testing images and predictions. */
export interface TestedModel {
  readonly evaluation: NonNullable<ModelCard['evaluation']>;
  /** Validation images of its dataset version, by S3 key. */
  readonly images: ReadonlyMap<string, VersionImage>;
  readonly evaluated: readonly EvaluatedImage[];
}

/**
 * Reads what a model predicted on its testing images, or says why that is not available.
 * @throws StorageError if S3 is unavailable
 */
export async function readTestedModel(
  store: ObjectStore,
  bucket: string,
  card: ModelCard,
): Promise<TestedModel | string> {
  const { evaluationManifest, modelVersion } = card.model;
  const { evaluation } = card;
  if (!evaluation) return `${modelVersion} has no evaluation`;
  const manifest = parseS3Uri(evaluationManifest ?? '');
  if (!manifest) return `${modelVersion} has no evaluation manifest`;
  const imagesKey = versionKey(card.dataset, card.version, 'images.jsonl');
  try {
    const [predictions, images] = await Promise.all([
      store.getBytes(manifest.bucket, manifest.key),
      store.getBytes(bucket, imagesKey),
    ]);
    const val = parseVersionImages(images.toString('utf8')).filter(({ split }) => split === 'val');
    return {
      evaluation,
      images: new Map(val.map((image) => [image.key, image])),
      evaluated: parseEvaluationManifest(predictions.toString('utf8')),
    };
  } catch (error) {
    if (error instanceof StorageError && error.kind === 'missing') return error.message;
    if (error instanceof StorageError) throw error;
    return `the evaluation manifest or ${imagesKey} of ${modelVersion} cannot be read`;
  }
}

/** The manifest and its images are held in memory while they are shown; some 20,000 images with ten boxes each. */
const MAX_SHOWN_BYTES = 32 * 1024 * 1024;

/** Why the predictions of a model are not shown on the page and in its report; null if they are not too large. */
export async function sizeProblem(store: ObjectStore, { model }: ModelCard): Promise<string | null> {
  const manifest = parseS3Uri(model.evaluationManifest ?? '');
  const bytes = manifest && (await store.head(manifest.bucket, manifest.key))?.bytes;
  if (bytes === undefined || bytes <= MAX_SHOWN_BYTES) return null;
  return `The evaluation manifest is too large to show (${bytes} bytes, maximum ${MAX_SHOWN_BYTES}): read ${model.evaluationManifest} instead.`;
}

/** A test image with its labelled boxes and the detections of the model, in its pixels. */
export interface TestedImage
  extends FlaggedImage,
    Pick<VersionImage, 'path' | 'key' | 'photo' | 'width' | 'height'> {}

/** The evaluated images of the dataset version, in the order of the evaluation manifest. */
export function testedImages(tested: TestedModel): TestedImage[] {
  return tested.evaluated.flatMap(({ sourceRef, truth, detections }) => {
    const image = imageOf(tested, sourceRef);
    if (!image) return [];
    const { path, key, photo, width, height } = image;
    return [{ path, key, photo, width, height, truth, detections }];
  });
}

/** The validation image of an evaluated image; undefined if it is not one of the dataset version. */
export function imageOf(
  { images }: Pick<TestedModel, 'images'>,
  sourceRef: string,
): VersionImage | undefined {
  return images.get(parseS3Uri(sourceRef)?.key ?? sourceRef);
}
