// Curator's way: the workflow `ingestDataset` from an archive in S3 to validated manifests, run by `curator worker`.
import { setTimeout } from 'node:timers/promises';
import { CopyObjectCommand } from '@aws-sdk/client-s3';
import { Client, Connection } from '@temporalio/client';
import { ingestWorkflowId, PROGRESS_QUERY, TASK_QUEUE } from '../../dist/contracts/workflow-io.js';
import { DEFAULT_DATASET_SETTINGS } from '../../dist/dataset/model/settings.js';
import { RUN } from './local-stack.mjs';
import { startWorker } from './worker-process.mjs';

/** Each look is a query that the worker and Temporal answer, so it must not be frequent. */
const POLL_MS = 250;

/**
 * Starts a worker. Returns a function that ingests the archive as a dataset and returns once its manifests are validated.
 * @param stack what `startLocalStack` returned
 * @param archive `{ bucket, key, etag, bytes }`
 */
export async function ingestWay({ address, namespace, env }, s3, archive, ends) {
  await startWorker({ ...env, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace }, ends);
  const connection = await Connection.connect({ address });
  ends.push(() => connection.close());
  const client = new Client({ connection, namespace });
  return async (dataset) => {
    const key = `landing/${dataset}/bench/${dataset}.zip`;
    const source = `${archive.bucket}/${archive.key}`;
    await s3.send(new CopyObjectCommand({ Bucket: archive.bucket, Key: key, CopySource: source }));
    await ingest(client, dataset, { ...archive, key });
  };
}

async function ingest(client, dataset, upload) {
  const handle = await client.workflow.start('ingestDataset', {
    taskQueue: TASK_QUEUE,
    workflowId: ingestWorkflowId(dataset),
    args: [{ dataset, upload, settings: DEFAULT_DATASET_SETTINGS, run: RUN, searchAttributes: false }],
  });
  for (;;) {
    const { stage, result } = await handle.query(PROGRESS_QUERY);
    if (result) throw new Error(`The run ended as ${stage}: ${result.message}`);
    if (stage === 'awaiting-approval') break;
    await setTimeout(POLL_MS);
  }
  await handle.terminate('measured');
}
