import { s3Source } from '../archive/source.js';
import { batchResultKey, batchThumbnailsKey, planBatchKey, rawKey } from '../dataset/model/layout.js';
import { batchResultSchema, planBatchSchema } from '../pipeline/files.js';
import { type BatchSink, processBatch } from '../pipeline/process-batch.js';
import { StorageError } from '../storage/errors.js';
import type { ObjectStore } from '../storage/object-store.js';
import { countsOf } from './batch-counts.js';
import { stopSignal } from './boundary.js';
import type { ActivityDeps } from './deps.js';
import { findReusable } from './find-reusable.js';
import type { ImageActivities } from './interface.js';
import { whileCountingLostWorkers } from './lost-workers.js';

/** The result file is the checkpoint: it is written last, and a batch that has one is not processed again. */
export function createPreprocessBatch({ store, shutdown }: ActivityDeps): ImageActivities['preprocessBatch'] {
  return async ({ bucket, dataset, version, upload, settings, batch: index }) =>
    await whileCountingLostWorkers(async (report) => {
      const signal = stopSignal(shutdown);
      const resultKey = batchResultKey(dataset, version, index);
      const earlier = await store.findJson(bucket, resultKey, batchResultSchema, { signal });
      if (earlier && earlier.images.length > 0) return countsOf(earlier);

      const batch = await store.getJson(bucket, planBatchKey(dataset, version, index), planBatchSchema, {
        signal,
      });
      let done = 0;
      const { result, thumbnails } = await processBatch({
        source: s3Source(store, upload),
        batch,
        dataset,
        settings,
        reusable: await findReusable(store, { bucket, dataset, version }, index, signal),
        sink: storeSink(store, bucket, dataset, signal),
        signal,
        onImage: () => {
          done += 1;
          report({ done, of: batch.images.length });
        },
      });
      await store.put(bucket, batchThumbnailsKey(dataset, version, index), thumbnails, { signal });
      await store.putJson(bucket, resultKey, JSON.stringify(result), { signal });
      return countsOf(result);
    });
}

function storeSink(store: ObjectStore, bucket: string, dataset: string, signal: AbortSignal): BatchSink {
  return {
    async raw(path, bytes) {
      await store.put(bucket, rawKey(dataset, path), bytes, { signal });
    },
    async preprocessed(key, { body, contentType }) {
      const written = await store.put(bucket, key, body, { contentType, ifNoneMatch: true, signal });
      if (written === 'written') return;
      const existing = await store.head(bucket, key, { signal });
      if (existing?.bytes !== body.length) await store.put(bucket, key, body, { contentType, signal });
    },
    async copied(from, to) {
      try {
        await store.copy(bucket, from, to, { signal });
        return true;
      } catch (error) {
        if (error instanceof StorageError && error.kind === 'missing') return false;
        throw error;
      }
    },
  };
}
