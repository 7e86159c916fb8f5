import type { Asset, ProjectVersionDescription } from '@aws-sdk/client-rekognition';
import { z } from 'zod';
import type { Interval } from '../contracts/workflow-io.js';
import { parseEvaluationManifest } from '../custom-labels/read-evaluation-manifest.js';
import { type LineResult, parseSourceRef, validateLine } from '../custom-labels/validate-line.js';
import { f1Intervals, type Intervals } from '../evaluation/bootstrap.js';
import { chanceF1, type LabelledPicture } from '../evaluation/chance.js';
import type { Detection } from '../evaluation/metrics.js';
import { StorageError } from '../storage/errors.js';
import type { ObjectStore } from '../storage/object-store.js';

/** What Curator computes about a test set itself, whoever trained; null where a file that it takes isn't there. */
export interface TestSetFigures {
  /** Objects of each label. */
  readonly boxes: ReadonlyMap<string, number> | null;
  /** Overall F1 of a predictor that knows class frequencies and median boxes alone. */
  readonly chance: number | null;
  readonly interval: Interval | null;
  readonly labelIntervals: Intervals['labels'];
}

const photoSchema = z.object({ key: z.string(), photo: z.string() });

/**
 * Reads the manifests that the model version was trained and tested on, and what it predicted.
 * @param thresholds confidence from which a label's detections count, by the service's evaluation
 */
export async function readTestSet(
  store: ObjectStore,
  version: ProjectVersionDescription,
  thresholds: ReadonlyMap<string, number>,
): Promise<TestSetFigures> {
  const test = version.TestingDataResult?.Input?.Assets?.[0];
  const [train, truth, predicted, photos] = await Promise.all([
    readManifest(store, version.TrainingDataResult?.Input?.Assets?.[0]),
    readManifest(store, test),
    readPredictions(store, version.TestingDataResult?.Output?.Assets?.[0]),
    readPhotos(store, test),
  ]);
  const labels = [...thresholds.keys()];
  const images = truth?.flatMap(({ sourceRef, boxes }) => {
    const detections = predicted?.get(sourceRef);
    const key = parseSourceRef(sourceRef)?.key ?? sourceRef;
    return detections ? [{ photo: photos.get(key) ?? key, truth: boxes, detections }] : [];
  });
  const { overall, labels: labelIntervals } = f1Intervals(images ?? [], thresholds);
  return {
    boxes: truth && new Map(labels.map((label) => [label, countBoxes(truth, label)])),
    chance: train && truth && chanceF1(train, truth, labels),
    interval: overall,
    labelIntervals,
  };
}

type ManifestImage = LabelledPicture & { readonly sourceRef: string };

function countBoxes(images: readonly ManifestImage[], label: string): number {
  return images.reduce((sum, { boxes }) => sum + boxes.filter((box) => box.label === label).length, 0);
}

/** The images that a training uses. */
async function readManifest(store: ObjectStore, asset: Asset | undefined): Promise<ManifestImage[] | null> {
  const text = await readText(store, asset?.GroundTruthManifest?.S3Object);
  const usable = ({ sourceRef, size, boxes }: LineResult) =>
    sourceRef !== null && size && boxes.length > 0 ? [{ sourceRef, size, boxes }] : [];
  return text === null ? null : linesOf(text).flatMap((line) => usable(validateLine(line)));
}

/** What was predicted on each image; null where the file isn't of the published form. */
async function readPredictions(
  store: ObjectStore,
  asset: Asset | undefined,
): Promise<Map<string, readonly Detection[]> | null> {
  const text = await readText(store, asset?.GroundTruthManifest?.S3Object);
  if (text === null) return null;
  try {
    return new Map(parseEvaluationManifest(text).map(({ sourceRef, detections }) => [sourceRef, detections]));
  } catch {
    return null;
  }
}

/** The photo of each image by its key, from the list beside the testing manifest; empty where there is none. */
async function readPhotos(store: ObjectStore, test: Asset | undefined): Promise<Map<string, string>> {
  const { Bucket, Name } = test?.GroundTruthManifest?.S3Object ?? {};
  const place = { Bucket, Name: Name?.replace(/[^/]*$/, 'images.jsonl') };
  const lines = linesOf((await readText(store, place)) ?? '');
  const photos = lines.map((line) => photoSchema.safeParse(parseJson(line)).data);
  return new Map(photos.flatMap((one) => (one ? [[one.key, one.photo] as const] : [])));
}

/** Null where there is no such file, or none that may be read: figures are worth having without it. */
async function readText(
  store: ObjectStore,
  place: { Bucket?: string | undefined; Name?: string | undefined } | undefined,
): Promise<string | null> {
  if (!place?.Bucket || !place.Name) return null;
  return await store.getBytes(place.Bucket, place.Name).then(String, (error: unknown) => {
    if (error instanceof StorageError && !error.retryable) return null;
    throw error;
  });
}

const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
