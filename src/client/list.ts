import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import { STAGE_ATTRIBUTE } from '../contracts/search-attributes.js';
import { isDatasetName } from '../dataset/model/identity.js';
import type { Quality } from '../dataset/model/quality.js';
import { byCodePoint } from '../lib/order.js';
import { MalformedError } from '../storage/errors.js';
import type { ObjectStore } from '../storage/object-store.js';
import { wasDeleted } from './deletion-record.js';
import type { RunReader } from './run-reader.js';

/** The latest run of a dataset. */
export interface DatasetRun {
  readonly dataset: string;
  /** Stage or outcome; Temporal's own status in lower case if neither is known; `unreadable` if nothing is. */
  readonly status: string;
  /** Start time, ISO 8601; empty if it is unknown. */
  readonly started: string;
  /** Empty if it is unknown. */
  readonly runId: string;
  /** The quality of the dataset. Absent while the run is open, and in runs created by earlier versions. */
  readonly quality?: Quality;
  /** Number of images in the manifests of the run. Absent while the run is open, and if it ended before that was known. */
  readonly images?: number;
  /** Why the run was refused, rejected, cancelled or failed. Absent while the run is open, and if it is done. */
  readonly reason?: string;
  /** Which document of the dataset cannot be read, and what to do; absent if all can. */
  readonly problem?: string;
}

const MAX_READS = 8;

/**
 * Lists the latest run of each dataset, newest first. Runs that Temporal no longer has are read from the bucket.
 * @param runs the runs that Temporal has, see `newestRuns`
 */
export async function listDatasets(
  runs: Map<string, DatasetRun | undefined>,
  reader: RunReader,
  store: ObjectStore,
  bucket: string,
): Promise<DatasetRun[]> {
  for await (const folder of store.folders(bucket, 'datasets/')) {
    const dataset = folder.slice('datasets/'.length, -1);
    if (isDatasetName(dataset) && !runs.has(dataset)) runs.set(dataset, undefined);
  }
  const limit = pLimit(MAX_READS);
  const listed = await Promise.all(
    [...runs].map(([dataset, run]) => limit(() => withOutcome(reader, store, bucket, dataset, run))),
  );
  return listed
    .filter((run) => run !== undefined)
    .sort((a, b) => byCodePoint(b.started, a.started) || byCodePoint(a.dataset, b.dataset));
}

/** Reads the latest run of each dataset from Temporal, by dataset. */
export async function newestRuns(temporal: Client): Promise<Map<string, DatasetRun | undefined>> {
  const runs = new Map<string, DatasetRun | undefined>();
  for await (const run of temporal.workflow.list({ query: `WorkflowType = 'ingestDataset'` })) {
    const dataset = run.workflowId.replace(/^ingest\//, '');
    const started = run.startTime.toISOString();
    const known = runs.get(dataset);
    if (known && known.started >= started) continue;
    const stage = run.typedSearchAttributes.get(STAGE_ATTRIBUTE);
    runs.set(dataset, { dataset, status: stage ?? run.status.name.toLowerCase(), started, runId: run.runId });
  }
  return runs;
}

/** For Temporal a refused dataset is a completed run; its outcome is in status.json. */
async function withOutcome(
  reader: RunReader,
  store: ObjectStore,
  bucket: string,
  dataset: string,
  run: DatasetRun | undefined,
): Promise<DatasetRun | undefined> {
  const status = await reader.status(dataset).catch((error: unknown) => {
    if (error instanceof MalformedError) return error;
    throw error;
  });
  if (status instanceof MalformedError) {
    const unknown = { dataset, status: 'unreadable', started: '', runId: '' };
    return { ...(run ?? unknown), problem: status.message };
  }
  if (!status && run && (await wasDeleted(store, bucket, dataset, run.runId))) return undefined;
  if (!status || (run && run.runId !== status.runId)) return run;
  const { stage, runId, stages, quality, result } = status;
  const started = run?.started ?? stages[0]?.from ?? '';
  return {
    ...{ dataset, status: stage, started, runId },
    ...(quality === undefined ? {} : { quality }),
    ...(result?.images ? { images: result.images.used } : {}),
    ...(result && result.outcome !== 'done' ? { reason: result.message } : {}),
  };
}
