import { batchResultKey, readyKey } from '../dataset/model/layout.js';
import { forEachConcurrently } from './concurrency.js';
import type { ActivityDeps } from './deps.js';
import { whileHeartbeating } from './heartbeat.js';
import type { DatasetActivities } from './interface.js';

export function createMarkReady({ store }: ActivityDeps): DatasetActivities['markReady'] {
  return async ({ bucket, dataset, version, batches }) => {
    await whileHeartbeating(async () => {
      const missing: number[] = [];
      await forEachConcurrently(
        Array.from({ length: batches }, (_, index) => index),
        async (index) => {
          if (!(await store.head(bucket, batchResultKey(dataset, version, index)))) missing.push(index);
        },
      );
      if (missing.length > 0) {
        throw new Error(`Batches without a result: ${missing.sort((a, b) => a - b).join(', ')}.`);
      }
      await store.putJson(bucket, readyKey(dataset), `${JSON.stringify({ version })}\n`);
    });
  };
}
