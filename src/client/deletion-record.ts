import { z } from 'zod';
import { deletionKey } from '../dataset/model/layout.js';
import { SMALL_JSON_BYTES } from '../storage/json.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { StartRequest } from './requests.js';

/** What outlives the objects of a deleted dataset. */
const deletionSchema = z.object({
  /** The latest run. Temporal keeps it, so without the record it would still be listed. Null if Temporal had none. */
  runId: z.string().nullable(),
  /**
   * The first attempt of a training that no model of the deleted dataset has. The training service keeps these models: one
   * of them would be adopted for the same images, though the files of its evaluation were deleted. Absent in records of
   * earlier versions.
   */
  nextAttempt: z.int().positive().default(1),
});
type Deletion = z.infer<typeof deletionSchema>;

/** Records that a dataset was deleted. A later run of the same name has another id and is not affected. */
export async function recordDeletion(
  store: ObjectStore,
  bucket: string,
  dataset: string,
  deletion: Deletion,
): Promise<void> {
  await store.putJson(bucket, deletionKey(dataset), `${JSON.stringify(deletion)}\n`);
}

async function readDeletion(
  store: ObjectStore,
  bucket: string,
  dataset: string,
): Promise<Deletion | undefined> {
  return await store.findJson(bucket, deletionKey(dataset), deletionSchema, { maxBytes: SMALL_JSON_BYTES });
}

/** The first attempt of a training of the dataset that cannot have the name of a model from before its deletion; from 1. */
export async function firstAttempt(store: ObjectStore, bucket: string, dataset: string): Promise<number> {
  return (await readDeletion(store, bucket, dataset))?.nextAttempt ?? 1;
}

/** After a deletion of the dataset, the training of a run gets a name that no earlier model has. */
export async function withFreeAttempt(
  store: ObjectStore,
  bucket: string,
  request: StartRequest,
): Promise<StartRequest> {
  const { dataset, run } = request;
  const first = await firstAttempt(store, bucket, dataset);
  return { ...request, run: { ...run, trainingAttempt: Math.max(run.trainingAttempt, first) } };
}

/** Returns the id of the run that was the latest when the dataset was deleted; undefined if it never was. */
export async function deletedRun(
  store: ObjectStore,
  bucket: string,
  dataset: string,
): Promise<string | undefined> {
  return (await readDeletion(store, bucket, dataset))?.runId ?? undefined;
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
