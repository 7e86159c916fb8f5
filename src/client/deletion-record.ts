import { z } from 'zod';
import { deletionKey } from '../dataset/model/layout.js';
import { SMALL_JSON_BYTES } from '../storage/json.js';
import type { ObjectStore } from '../storage/object-store.js';

/** The latest run of a dataset when it was deleted. Temporal keeps the run, so without the record it would still be listed. */
const deletionSchema = z.object({ runId: z.string() });

/** Records that the run's dataset was deleted. A later run of the same name has another id and is not affected. */
export async function recordDeletion(
  store: ObjectStore,
  bucket: string,
  dataset: string,
  runId: string,
): Promise<void> {
  await store.putJson(bucket, deletionKey(dataset), `${JSON.stringify({ runId })}\n`);
}

/** Returns the id of the run that was the latest when the dataset was deleted; undefined if it never was. */
export async function deletedRun(
  store: ObjectStore,
  bucket: string,
  dataset: string,
): Promise<string | undefined> {
  const options = { maxBytes: SMALL_JSON_BYTES };
  return (await store.findJson(bucket, deletionKey(dataset), deletionSchema, options))?.runId;
}

/** Whether the dataset was deleted after this run. */
export async function wasDeleted(
  store: ObjectStore,
  bucket: string,
  dataset: string,
  runId: string,
): Promise<boolean> {
  return (await deletedRun(store, bucket, dataset)) === runId;
}
