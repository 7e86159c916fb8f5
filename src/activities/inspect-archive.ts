import { s3Source } from '../archive/source.js';
import { versionDir } from '../dataset/model/identity.js';
import { planBatchKey, planKey, rawCocoKey } from '../dataset/model/layout.js';
import { mergedCocoJson } from '../dataset/reading/merged-json.js';
import { stopSignal } from './boundary.js';
import { forEachConcurrently } from './concurrency.js';
import type { ActivityDeps } from './deps.js';
import type { DatasetActivities } from './interface.js';
import { whileCountingLostWorkers } from './lost-workers.js';

export function createInspectArchive({
  store,
  inspect,
  metrics,
  shutdown,
}: ActivityDeps): DatasetActivities['inspectArchive'] {
  return async ({ upload, dataset, settings }) =>
    await whileCountingLostWorkers(async (report) => {
      const signal = stopSignal(shutdown);
      const { merged, plan, batches } = await metrics.datasets.counting('inspection', () =>
        inspect(s3Source(store, upload), settings, signal),
      );
      const { bucket } = upload;
      const version = versionDir(plan.datasetVersion);
      await store.putStream(bucket, rawCocoKey(dataset), mergedCocoJson(merged), {
        contentType: 'application/json',
        signal,
      });
      await forEachConcurrently(batches, async (batch) => {
        const key = planBatchKey(dataset, version, batch.index);
        await store.putJson(bucket, key, JSON.stringify(batch), { signal });
        report({ batchesPlanned: batch.index + 1, of: batches.length });
      });
      await store.putJson(bucket, planKey(dataset, version), JSON.stringify(plan), { signal });
      return {
        archiveId: plan.archiveId,
        datasetVersion: plan.datasetVersion,
        version,
        batches: batches.length,
        images: batches.reduce((sum, batch) => sum + batch.images.length, 0),
      };
    });
}
