import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import pLimit from 'p-limit';
import { isDatasetName } from '../dataset/model/identity.js';
import { byCodePoint } from '../lib/order.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { RunReader } from './run-reader.js';

export interface DatasetRun {
  readonly dataset: string;
  /** Stage or outcome; `running` or Temporal's own word where neither is known. */
  readonly status: string;
  /** ISO time. */
  readonly started: string;
  readonly runId: string;
}

const STAGE_ATTRIBUTE = defineSearchAttributeKey('CuratorStage', SearchAttributeType.KEYWORD);
const READS_AT_ONCE = 8;

/** The newest run of each dataset, newest first: from Temporal, and from the bucket what Temporal has forgotten. */
export async function listDatasets(
  temporal: Client,
  reader: RunReader,
  store: ObjectStore,
  bucket: string,
): Promise<DatasetRun[]> {
  const runs = await newestRuns(temporal);
  for await (const folder of store.folders(bucket, 'datasets/')) {
    const dataset = folder.slice('datasets/'.length, -1);
    if (isDatasetName(dataset) && !runs.has(dataset)) runs.set(dataset, undefined);
  }
  const limit = pLimit(READS_AT_ONCE);
  const listed = await Promise.all(
    [...runs].map(([dataset, run]) => limit(() => withOutcome(reader, dataset, run))),
  );
  return listed
    .filter((run) => run !== undefined)
    .sort((a, b) => byCodePoint(b.started, a.started) || byCodePoint(a.dataset, b.dataset));
}

async function newestRuns(temporal: Client): Promise<Map<string, DatasetRun | undefined>> {
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

/** Temporal calls a refused dataset completed; what came of it stands in status.json. */
async function withOutcome(
  reader: RunReader,
  dataset: string,
  run: DatasetRun | undefined,
): Promise<DatasetRun | undefined> {
  const status = await reader.status(dataset);
  if (!status || (run && run.runId !== status.runId)) return run;
  const { stage, runId, stages } = status;
  return { dataset, status: stage, started: run?.started ?? stages[0]?.from ?? '', runId };
}
