import type { CuratorClient } from '../client/curator-client.js';
import { firstAttempt, recordDeletion } from '../client/deletion-record.js';
import { attemptOf } from '../client/training-reader.js';
import { deleteObjects, MAX_DELETED_KEYS } from '../storage/delete-objects.js';
import { type DatasetObject, datasetObjects } from './dataset-objects.js';
import { type DeletionPlan, KindCounter, planDeletion } from './plan.js';

/**
 * Deletes all objects of a dataset, and returns what was deleted and what stays. After an interruption the same call
 * deletes the rest. `onDeleted` receives the number of objects deleted so far and in total.
 *
 * @throws NoRunError if there is no such dataset, RefusedError if a run or a training of it is running or starts meanwhile
 */
export async function deleteDataset(
  client: CuratorClient,
  dataset: string,
  onDeleted: (done: number, total: number) => void = () => undefined,
): Promise<DeletionPlan> {
  const { store, bucket } = client;
  const plan = await planDeletion(client, dataset);
  const nextAttempt = await nextAttemptOf(client, plan);
  const total = plan.objects.reduce((sum, { count }) => sum + count, 0);
  const counter = new KindCounter();
  let done = 0;
  for await (const objects of inBatches(datasetObjects(store, bucket, dataset))) {
    await client.assertDeletable(dataset);
    const keys = objects.map(({ key }) => key);
    await deleteObjects(store.client, bucket, keys);
    for (const object of objects) counter.add(object);
    done += objects.length;
    onDeleted(done, Math.max(done, total));
  }
  const runId = (await client.assertDeletable(dataset)) ?? null;
  if (runId !== null || nextAttempt > 1) {
    await recordDeletion(store, bucket, dataset, { runId, nextAttempt });
  }
  return { ...plan, objects: counter.list() };
}

/** The first attempt of a training that no model of the dataset has. */
async function nextAttemptOf(client: CuratorClient, { dataset, models }: DeletionPlan): Promise<number> {
  const last = Math.max(
    await client.trainings.lastAttempt(dataset),
    ...models.map(({ modelVersion }) => attemptOf(modelVersion)),
  );
  return Math.max(last + 1, await firstAttempt(client.store, client.bucket, dataset));
}

async function* inBatches(objects: AsyncIterable<DatasetObject>): AsyncGenerator<DatasetObject[]> {
  let batch: DatasetObject[] = [];
  for await (const object of objects) {
    batch.push(object);
    if (batch.length < MAX_DELETED_KEYS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
