import {
  batchResultKey,
  batchThumbnailsKey,
  planBatchKey,
  planKey,
  preprocessedPrefix,
  rawPrefix,
  readyKey,
  reusableKey,
  reusableThumbnailsKey,
} from '../dataset/model/layout.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { BatchResult, PlannedImage } from '../dataset/model/types.js';
import { planBatchSchema, planSchema, readySchema } from '../pipeline/files.js';
import {
  type EarlierResult,
  isWhole,
  type ReusableImage,
  reusableImages,
  type StoredObject,
  type StoredObjects,
} from '../pipeline/reusable.js';
import type { ObjectStore } from '../storage/object-store.js';
import { countsOf } from './batch-counts.js';
import { stopSignal } from './boundary.js';
import { forEachConcurrently } from './concurrency.js';
import type { ActivityDeps } from './deps.js';
import { EarlierVersion, resultsByPath } from './earlier-version.js';
import { findIntact } from './find-intact.js';
import type { DatasetActivities, VersionRef } from './interface.js';
import { whileCountingLostWorkers } from './lost-workers.js';
import { type StoredBatch, VersionResults } from './version-results.js';

interface Context {
  readonly store: ObjectStore;
  readonly ref: VersionRef;
  readonly settings: DatasetSettings;
  readonly archiveId: string;
  /** Results that an earlier run of this version has left. */
  readonly own: VersionResults;
  /** The version that was preprocessed last, if it is another one. */
  readonly earlier: EarlierVersion | undefined;
  /** Original and preprocessed images of the dataset. */
  readonly stored: StoredObjects;
  readonly signal: AbortSignal;
}

/** A result is used only if storage still has the images that it describes. No image is read. */
export function createReuseResults({
  store,
  metrics,
  shutdown,
}: ActivityDeps): DatasetActivities['reuseResults'] {
  return async ({ batches, settings, ...ref }) =>
    await whileCountingLostWorkers(async (report) => {
      const signal = stopSignal(shutdown);
      const reused = { batches: 0, images: 0, rejected: 0 };
      const own = await VersionResults.list(store, ref, signal);
      const earlier = await findEarlier(store, ref, signal);
      if (!earlier && !own.hasResults(batches)) return reused;

      const { bucket, dataset, version } = ref;
      const { archiveId } = await store.getJson(bucket, planKey(dataset, version), planSchema, { signal });
      const stored = await listImages(store, ref, signal);
      const context = { store, ref, settings, archiveId, own, earlier, stored, signal };
      let looked = 0;
      await forEachConcurrently(Array.from({ length: batches }).keys(), async (index) => {
        const result = await completeResult(context, index);
        looked += 1;
        report({ batches: looked, of: batches });
        if (!result) return;
        const { images, rejected } = countsOf(result);
        reused.batches += 1;
        reused.images += images;
        reused.rejected += rejected;
      });
      metrics.images.reused(reused.images);
      return reused;
    });
}

async function findEarlier(
  store: ObjectStore,
  { bucket, dataset, version }: VersionRef,
  signal: AbortSignal,
): Promise<EarlierVersion | undefined> {
  const ready = await findIntact(store, bucket, readyKey(dataset), readySchema, signal);
  if (!ready || ready.version === version) return undefined;
  return await EarlierVersion.find(store, { bucket, dataset, version: ready.version }, signal);
}

async function listImages(
  store: ObjectStore,
  { bucket, dataset }: VersionRef,
  signal: AbortSignal,
): Promise<StoredObjects> {
  const stored = new Map<string, StoredObject>();
  for (const prefix of [rawPrefix(dataset), preprocessedPrefix(dataset)]) {
    for await (const { key, bytes, modified } of store.list(bucket, prefix, { signal })) {
      stored.set(key, { bytes, modified });
    }
  }
  return stored;
}

/** Returns the result of a batch if all of it holds. If not, leaves what holds to preprocessBatch. */
async function completeResult(context: Context, index: number): Promise<BatchResult | undefined> {
  const { store, ref, settings, archiveId, own, earlier, stored, signal } = context;
  const { bucket, dataset, version } = ref;
  const key = planBatchKey(dataset, version, index);
  const batch = await store.getJson(bucket, key, planBatchSchema, { signal });
  const results = await own.read(index);
  const find = results ? findIn(results) : await earlier?.resultsFor(batch);
  if (
    results &&
    batch.images.every((image) => isWhole(image, find?.(image), { dataset, settings, stored }))
  ) {
    return results.result;
  }

  const sameArchive = results !== undefined || earlier?.archiveId === archiveId;
  const images = find ? reusableImages(batch, find, { sameArchive, dataset, settings, stored }) : [];
  if (sameArchive && images.length === batch.images.length) return await writeResult(context, index, images);
  await leave(context, index, { sameArchive, images });
  return undefined;
}

function findIn(results: StoredBatch): (image: PlannedImage) => EarlierResult | undefined {
  const byPath = resultsByPath(results);
  return ({ entry }) => byPath.get(entry.path);
}

async function writeResult(
  { store, ref, signal }: Context,
  index: number,
  images: readonly ReusableImage[],
): Promise<BatchResult> {
  const { bucket, dataset, version } = ref;
  const result = { index, images: images.map((image) => image.result) };
  await store.put(bucket, batchThumbnailsKey(dataset, version, index), thumbnailsOf(images), { signal });
  await store.putJson(bucket, batchResultKey(dataset, version, index), JSON.stringify(result), { signal });
  return result;
}

/** Writes what preprocessBatch can use, then takes back a result that no longer holds. */
async function leave(
  { store, ref, own, signal }: Context,
  index: number,
  { sameArchive, images }: { sameArchive: boolean; images: readonly ReusableImage[] },
): Promise<void> {
  const { bucket, dataset, version } = ref;
  const key = reusableKey(dataset, version, index);
  if (images.length > 0 || own.has(key)) {
    const reusable = {
      sameArchive,
      images: images.map(({ path, hasRaw, result }) => ({ path, hasRaw, result })),
    };
    const thumbnails = thumbnailsOf(images);
    await store.put(bucket, reusableThumbnailsKey(dataset, version, index), thumbnails, { signal });
    await store.putJson(bucket, key, JSON.stringify(reusable), { signal });
  }
  const resultKey = batchResultKey(dataset, version, index);
  // Workers have no permission to delete.
  if (own.has(resultKey))
    await store.putJson(bucket, resultKey, JSON.stringify({ index, images: [] }), { signal });
}

const thumbnailsOf = (images: readonly ReusableImage[]) =>
  Buffer.concat(images.map(({ thumbnail }) => thumbnail));
