import type { Asset, ProjectVersionDescription } from '@aws-sdk/client-rekognition';
import { z } from 'zod';
import { MAX_VERSION_IMAGES } from '../contracts/version-images.js';
import type { Interval } from '../contracts/workflow-io.js';
import { type ManifestImage, manifestImages } from '../custom-labels/manifest-images.js';
import { parseSourceRef, validateLine } from '../custom-labels/validate-line.js';
import { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import { f1Intervals, type Intervals } from '../evaluation/bootstrap.js';
import { chanceF1 } from '../evaluation/chance.js';
import { f1PerLabel } from '../evaluation/f1-at-thresholds.js';
import { areFlagged, countFlags, type FlaggedDetection } from '../evaluation/flags.js';
import type { S3Location } from '../lib/s3-uri.js';
import { tryParseJson } from '../lib/try-parse-json.js';
import { StorageError } from '../storage/errors.js';
import { type LineOptions, readLines } from '../storage/json-lines.js';
import type { ObjectStore } from '../storage/object-store.js';
import { readEvaluationManifest } from './evaluation-manifest.js';
import { imagesLocation, manifestLocation } from './s3-object.js';

/** What Curator computes about a testing set itself; null if a file that is needed is missing. */
export interface TestSetFigures {
  /** Number of objects by label. */
  readonly boxes: ReadonlyMap<string, number> | null;
  /** Overall F1 of a predictor that uses only class frequencies and median boxes. */
  readonly chance: number | null;
  readonly interval: Interval | null;
  readonly labelIntervals: Intervals['labels'];
  /** F1 by label, counted from the predictions; null for a label without objects. Null without predictions. */
  readonly counted: {
    /** By the service's flags; null if it has not flagged every prediction. */
    readonly byFlags: ReadonlyMap<string, number | null> | null;
    /** By boxes that are matched at an IoU of at least 0.5. */
    readonly byMatching: ReadonlyMap<string, number | null>;
  } | null;
}

const photoSchema = z.object({ key: z.string(), photo: z.string() });

/**
 * Reads the training manifest, the testing manifest and the predictions of a model version. Intervals are computed from
 * the service's flags if it has flagged every prediction, because its F1 follows them, else from matched boxes.
 * Test images that the service did not evaluate are left out if the predictions show which they are.
 * @param thresholds minimum confidence of a detection by label, from the service's evaluation
 */
export async function readTestSet(
  store: ObjectStore,
  version: ProjectVersionDescription,
  thresholds: ReadonlyMap<string, number>,
): Promise<TestSetFigures> {
  const test = version.TestingDataResult?.Input?.Assets?.[0];
  const [train, labelled, predicted, photos] = await Promise.all([
    readManifest(store, version.TrainingDataResult?.Input?.Assets?.[0]),
    readManifest(store, test),
    readPredictions(store, version.TestingDataResult?.Output?.Assets?.[0]),
    readPhotos(store, test),
  ]);
  const labels = [...thresholds.keys()];
  const truth = labelled?.filter(({ sourceRef }) => predicted?.has(sourceRef) ?? true) ?? null;
  const images = (truth ?? []).flatMap(({ sourceRef, boxes }) => {
    const detections = predicted?.get(sourceRef);
    const key = parseSourceRef(sourceRef)?.key ?? sourceRef;
    return detections ? [{ photo: photos.get(key) ?? key, truth: boxes, detections }] : [];
  });
  const isFlagged = areFlagged(images);
  const { overall, labels: labelIntervals } = isFlagged
    ? f1Intervals(images, thresholds, countFlags)
    : f1Intervals(images, thresholds);
  return {
    boxes: truth && new Map(labels.map((label) => [label, countBoxes(truth, label)])),
    chance: train && truth && chanceF1(train, truth, labels),
    interval: overall,
    labelIntervals,
    counted:
      images.length === 0
        ? null
        : {
            byFlags: isFlagged ? f1PerLabel(images, thresholds, countFlags) : null,
            byMatching: f1PerLabel(images, thresholds),
          },
  };
}

function countBoxes(images: readonly ManifestImage[], label: string): number {
  return images.reduce((sum, { boxes }) => sum + boxes.filter((box) => box.label === label).length, 0);
}

/** The images of a manifest that a training uses; null if the manifest cannot be read. */
async function readManifest(store: ObjectStore, asset: Asset | undefined): Promise<ManifestImage[] | null> {
  const options = { maxLines: SERVICE_LIMITS.lines };
  const lines = await mapLines(store, manifestLocation(asset), options, validateLine);
  return lines && manifestImages(lines);
}

/** The predictions by source-ref; null if the evaluation manifest is missing, empty or of an unknown form. */
async function readPredictions(
  store: ObjectStore,
  asset: Asset | undefined,
): Promise<Map<string, readonly FlaggedDetection[]> | null> {
  const location = manifestLocation(asset);
  const images = location && (await orNull(() => readEvaluationManifest(store, location)));
  if (!images || images.length === 0) return null;
  return new Map(images.map(({ sourceRef, detections }) => [sourceRef, detections]));
}

/** The photo of each image by S3 key, from `images.jsonl` beside the testing manifest; empty if there is no such file. */
async function readPhotos(store: ObjectStore, test: Asset | undefined): Promise<Map<string, string>> {
  const options = { maxLines: MAX_VERSION_IMAGES };
  const photos = await mapLines(store, imagesLocation(test), options, (line) => {
    return photoSchema.safeParse(tryParseJson(line)).data;
  });
  return new Map((photos ?? []).flatMap((one) => (one ? [[one.key, one.photo] as const] : [])));
}

/** What `map` makes of each line of a file; null if the file cannot be read. */
async function mapLines<T>(
  store: ObjectStore,
  location: S3Location | undefined,
  options: LineOptions,
  map: (line: string) => T,
): Promise<T[] | null> {
  if (!location) return null;
  return await orNull(async () => {
    const mapped: T[] = [];
    for await (const { text } of readLines(store, location, options)) mapped.push(map(text));
    return mapped;
  });
}

/** Null if the file is missing, unreadable, or access is denied: the evaluation is reported without it. */
async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof StorageError && !error.retryable) return null;
    throw error;
  }
}
