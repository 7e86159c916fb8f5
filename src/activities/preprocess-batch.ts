import { batchResultKey, batchThumbnailsKey, planBatchKey } from '../dataset/model/layout.js';
import { batchResultSchema, planBatchSchema } from '../pipeline/files.js';
import { countsOf } from './batch-counts.js';
import { storeBatch } from './batches/store-batch.js';
import { stopSignal } from './boundary.js';
import type { ActivityDeps } from './deps.js';
import { findReusable } from './find-reusable.js';
import type { ImageActivities } from './interface.js';
import { whileCountingLostWorkers } from './lost-workers.js';

/** The result file is the checkpoint: it is written last, and a batch that has one is not processed again. */
export function createPreprocessBatch({
  store,
  batches,
  metrics,
  shutdown,
}: ActivityDeps): ImageActivities['preprocessBatch'] {
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
      const onImage = () => {
        done += 1;
        report({ done, of: batch.images.length });
      };
      const reusable = await findReusable(store, { bucket, dataset, version }, index, signal);
      const started = performance.now();
      const job = { bucket, dataset, upload, settings, batch, reusable };
      const { result, thumbnails } = batches
        ? await batches.run(job, onImage, signal)
        : await storeBatch(store, job, onImage, signal);
      await store.put(bucket, batchThumbnailsKey(dataset, version, index), thumbnails, { signal });
      await store.putJson(bucket, resultKey, JSON.stringify(result), { signal });
      metrics.images.batchEnded(batch, reusable, result, (performance.now() - started) / 1000);
      return countsOf(result);
    });
}
