import type { Client } from '@temporalio/client';
import { STAGE_ATTRIBUTE } from '../contracts/search-attributes.js';
import { ingestWorkflowId, type Upload } from '../contracts/workflow-io.js';
import { versionsPrefix } from '../dataset/model/layout.js';
import { byCodePoint } from '../lib/order.js';
import type { ObjectStore } from '../storage/object-store.js';
import { deletedRun } from './deletion-record.js';

/** A run of a dataset that Temporal still has. */
export interface EarlierRun {
  readonly runId: string;
  /** Stage or outcome; Temporal's own status in lower case if neither is known. */
  readonly status: string;
  /** ISO 8601. */
  readonly started: string;
  /** ISO 8601; null while the run is open. */
  readonly ended: string | null;
  /** S3 key of the archive; null if it is unknown. */
  readonly upload: string | null;
}

/** A dataset version in the bucket. */
export interface EarlierVersion {
  /** 16 hexadecimal digits. */
  readonly version: string;
  /** When its report was written, ISO 8601. */
  readonly written: string;
  /** Whether it was cross-validated, so that its doubtful labels can be downloaded. */
  readonly isCrossValidated: boolean;
}

/** The runs and the versions of a dataset, newest first. */
export interface DatasetHistory {
  readonly runs: readonly EarlierRun[];
  readonly versions: readonly EarlierVersion[];
}

const MAX_SHOWN = 100;

/** Reads the runs of a dataset from Temporal: those after its last deletion, newest first, at most MAX_SHOWN. */
export async function runsOf(
  temporal: Client,
  store: ObjectStore,
  bucket: string,
  dataset: string,
): Promise<EarlierRun[]> {
  const runs: EarlierRun[] = [];
  const query = `WorkflowId = '${ingestWorkflowId(dataset)}'`;
  for await (const run of temporal.workflow.list({ query })) {
    runs.push({
      runId: run.runId,
      status: run.typedSearchAttributes.get(STAGE_ATTRIBUTE) ?? run.status.name.toLowerCase(),
      started: run.startTime.toISOString(),
      ended: run.closeTime?.toISOString() ?? null,
      upload: (run.memo?.upload as Upload | undefined)?.key ?? null,
    });
  }
  runs.sort((a, b) => byCodePoint(b.started, a.started));
  const deleted = await deletedRun(store, bucket, dataset);
  const index = runs.findIndex(({ runId }) => runId === deleted);
  return runs.slice(0, index === -1 ? MAX_SHOWN : Math.min(index, MAX_SHOWN));
}

/** Lists the versions of a dataset that have a report, newest first, at most MAX_SHOWN. */
export async function versionsOf(
  store: ObjectStore,
  bucket: string,
  dataset: string,
): Promise<EarlierVersion[]> {
  const written = new Map<string, string>();
  const crossValidated = new Set<string>();
  const prefix = versionsPrefix(dataset);
  for await (const { key, modified } of store.list(bucket, prefix)) {
    const [version = '', file] = key.slice(prefix.length).split('/');
    if (file === 'report.html') written.set(version, modified.toISOString());
    if (file === 'doubtful_labels.json') crossValidated.add(version);
  }
  return [...written]
    .map(([version, time]) => ({ version, written: time, isCrossValidated: crossValidated.has(version) }))
    .sort((a, b) => byCodePoint(b.written, a.written))
    .slice(0, MAX_SHOWN);
}
