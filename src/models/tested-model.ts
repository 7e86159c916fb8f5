import { MAX_VERSION_IMAGES, versionImageSchema } from '../contracts/version-images.js';
import type { EvaluatedImage } from '../custom-labels/read-evaluation-manifest.js';
import { versionKey } from '../dataset/model/layout.js';
import type { VersionImage } from '../dataset/model/version-images.js';
import type { FlaggedImage } from '../evaluation/flags.js';
import { parseS3Uri, type S3Location } from '../lib/s3-uri.js';
import { MalformedError, StorageError } from '../storage/errors.js';
import { readJsonLines } from '../storage/json-lines.js';
import type { ObjectStore } from '../storage/object-store.js';
import { readEvaluationManifest } from '../training/evaluation-manifest.js';
import type { ModelCard } from '../training/model-card-schema.js';

/** A model with its testing images and predictions. */
export interface TestedModel {
  readonly evaluation: NonNullable<ModelCard['evaluation']>;
  /** Evaluated validation images of its dataset version, by S3 key. */
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
  // Trainings write to the bucket of the dataset. A card must not make the endpoint read another bucket.
  if (manifest.bucket !== bucket) return `the evaluation manifest of ${modelVersion} is not in ${bucket}`;
  const imagesKey = versionKey(card.dataset, card.version, 'images.jsonl');
  try {
    const evaluated = await readEvaluationManifest(store, manifest);
    const keys = new Set(evaluated.map(({ sourceRef }) => keyOf(sourceRef)));
    return { evaluation, evaluated, images: await readImages(store, { bucket, key: imagesKey }, keys) };
  } catch (error) {
    if (error instanceof MalformedError) return error.problem.replace(/\.$/, '');
    if (error instanceof StorageError && error.kind === 'missing') return error.message;
    throw error;
  }
}

/** The validation images with these keys. */
async function readImages(
  store: ObjectStore,
  listed: S3Location,
  keys: ReadonlySet<string>,
): Promise<Map<string, VersionImage>> {
  const options = { maxLines: MAX_VERSION_IMAGES };
  const images = new Map<string, VersionImage>();
  for await (const { value } of readJsonLines(store, listed, versionImageSchema, options)) {
    if (value.split === 'val' && keys.has(value.key)) images.set(value.key, value);
  }
  return images;
}

const keyOf = (sourceRef: string) => parseS3Uri(sourceRef)?.key ?? sourceRef;

/** The manifest and its images are held in memory while they are shown; some 20,000 images with ten boxes each. */
const MAX_SHOWN_BYTES = 32 * 1024 * 1024;

/** Why the predictions of a model are not shown on the page and in its report; null if they are not too large. */
export async function sizeProblem(
  store: ObjectStore,
  bucket: string,
  { model }: ModelCard,
): Promise<string | null> {
  const manifest = parseS3Uri(model.evaluationManifest ?? '');
  if (manifest?.bucket !== bucket) return null;
  const bytes = (await store.head(bucket, manifest.key))?.bytes;
  if (bytes === undefined || bytes <= MAX_SHOWN_BYTES) return null;
  return `The evaluation manifest is too large to show (${bytes} bytes, maximum ${MAX_SHOWN_BYTES}): read ${model.evaluationManifest} instead.`;
}

/** A test image with its labelled boxes and the detections of the model, in its pixels. */
export interface TestedImage
  extends FlaggedImage,
    Pick<VersionImage, 'path' | 'key' | 'photo' | 'width' | 'height' | 'tile'> {}

/** The evaluated images of the dataset version, in the order of the evaluation manifest. */
export function testedImages(tested: TestedModel): TestedImage[] {
  return tested.evaluated.flatMap(({ sourceRef, truth, detections }) => {
    const image = imageOf(tested, sourceRef);
    if (!image) return [];
    const { path, key, photo, width, height, tile } = image;
    return [{ path, key, photo, width, height, ...(tile ? { tile } : {}), truth, detections }];
  });
}

/** The validation image of an evaluated image; undefined if it is not one of the dataset version. */
export function imageOf(
  { images }: Pick<TestedModel, 'images'>,
  sourceRef: string,
): VersionImage | undefined {
  return images.get(keyOf(sourceRef));
}
