import {
  CreateDatasetCommand,
  DescribeDatasetCommand,
  ListDatasetEntriesCommand,
  type ListDatasetEntriesCommandInput,
  UpdateDatasetEntriesCommand,
} from '@aws-sdk/client-rekognition';
import { createProject, type TestEmulator } from './emulator.js';
import { putManifest, type TestLine } from './manifests.js';
import { BUCKET } from './servers.js';
import type { useEmulators } from './trainings.js';

type Emulators = ReturnType<typeof useEmulators>;

/** Creates a project with a training dataset of these manifest lines; returns once the emulator has read it. */
export async function withDataset(emulators: Emulators, lines: readonly TestLine[], options = {}) {
  await putManifest(emulators.store(), BUCKET, 'set.manifest', lines);
  const running = await emulators.emulator(options);
  const projectArn = await createProject(running.client, 'sets');
  const datasetArn = await createDataset(running, projectArn, 'TRAIN', 'set.manifest');
  await running.emulator.service.idle();
  return { running, projectArn, datasetArn };
}

export async function createDataset(
  { client }: TestEmulator,
  ProjectArn: string,
  DatasetType: 'TRAIN' | 'TEST',
  manifest?: string,
): Promise<string> {
  const object = manifest === undefined ? undefined : { Bucket: BUCKET, Name: manifest };
  const { DatasetArn = '' } = await client.send(
    new CreateDatasetCommand({
      ProjectArn,
      DatasetType,
      ...(object ? { DatasetSource: { GroundTruthManifest: { S3Object: object } } } : {}),
    }),
  );
  return DatasetArn;
}

export async function describeDataset({ client }: TestEmulator, DatasetArn: string) {
  return (await client.send(new DescribeDatasetCommand({ DatasetArn }))).DatasetDescription;
}

export async function listEntries(
  { client }: TestEmulator,
  DatasetArn: string,
  filter: Partial<ListDatasetEntriesCommandInput> = {},
): Promise<Record<string, unknown>[]> {
  const { DatasetEntries: lines = [] } = await client.send(
    new ListDatasetEntriesCommand({ DatasetArn, ...filter }),
  );
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

export async function updateEntries({ client }: TestEmulator, DatasetArn: string, text: string) {
  const Changes = { GroundTruth: Buffer.from(text) };
  await client.send(new UpdateDatasetEntriesCommand({ DatasetArn, Changes }));
}

export const refs = (lines: readonly Record<string, unknown>[]) =>
  lines.map((line) => String(line['source-ref']).split('/').at(-1));
