import { createHash } from 'node:crypto';
import {
  DescribeProjectsCommand,
  DescribeProjectVersionsCommand,
  type RekognitionClient,
} from '@aws-sdk/client-rekognition';
import type { WorkflowHandle } from '@temporalio/client';
import type { IngestResult } from '../../src/contracts/workflow-io.js';
import { preprocessedPrefix, versionKey } from '../../src/dataset/model/layout.js';
import { byCodePoint } from '../../src/lib/order.js';
import type { Services } from './services.js';

const FILES = [
  'train.manifest',
  'val.manifest',
  'labels.txt',
  'validation_report.json',
  'report.html',
  'images.jsonl',
] as const;

/** The bytes that a run must give: the files of its version and its preprocessed images, by name without the dataset. */
export type Digest = ReadonlyMap<string, string>;

/** Reads what a run wrote. The dataset's own name, which texts contain, is replaced. */
export async function digestOf(
  { store, bucket }: Services,
  { dataset, version }: IngestResult,
): Promise<Digest> {
  const digest = new Map<string, string>();
  const add = async (name: string, key: string) => {
    const text = (await store.getBytes(bucket, key)).toString('latin1').replaceAll(dataset, 'DATASET');
    digest.set(name, createHash('sha256').update(text).digest('hex'));
  };
  for (const file of FILES) await add(file, versionKey(dataset, version ?? '', file));
  const prefix = preprocessedPrefix(dataset);
  for await (const { key } of store.list(bucket, prefix)) await add(key.slice(prefix.length), key);
  return digest;
}

/** Names of the files in which two digests differ. */
export function differences(a: Digest, b: Digest): string[] {
  const names = new Set([...a.keys(), ...b.keys()]);
  return [...names].filter((name) => a.get(name) !== b.get(name)).sort(byCodePoint);
}

/** Number of model versions that the service has for a dataset. */
export async function trainingsOf(rekognition: RekognitionClient, dataset: string): Promise<number> {
  const projects = await rekognition.send(new DescribeProjectsCommand({ ProjectNames: [dataset] }));
  const ProjectArn = projects.ProjectDescriptions?.[0]?.ProjectArn;
  if (ProjectArn === undefined) return 0;
  const versions = await rekognition.send(new DescribeProjectVersionsCommand({ ProjectArn }));
  return versions.ProjectVersionDescriptions?.length ?? 0;
}

/** Number of repeated attempts of image batches in a workflow's history. */
export async function repeatedBatches(handle: WorkflowHandle): Promise<number> {
  const { events } = await handle.fetchHistory();
  const batches = new Set(
    (events ?? []).flatMap(({ eventId, activityTaskScheduledEventAttributes: scheduled }) =>
      scheduled?.activityType?.name === 'preprocessBatch' ? [String(eventId)] : [],
    ),
  );
  return (events ?? []).reduce((sum, { activityTaskStartedEventAttributes: started }) => {
    if (!started || !batches.has(String(started.scheduledEventId))) return sum;
    return sum + (started.attempt ?? 1) - 1;
  }, 0);
}
