import {
  CreateDatasetCommand,
  CreateProjectVersionCommand,
  DeleteDatasetCommand,
  DeleteProjectCommand,
  DescribeDatasetCommand,
  DescribeProjectsCommand,
  DistributeDatasetEntriesCommand,
  InvalidParameterException,
  ListDatasetEntriesCommand,
  type ListDatasetEntriesCommandInput,
  ListDatasetLabelsCommand,
  paginateListDatasetEntries,
  ResourceAlreadyExistsException,
  ResourceInUseException,
  ResourceNotFoundException,
  ResourceNotReadyException,
  UpdateDatasetEntriesCommand,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from '@jest/globals';
import { createProject, type TestEmulator, versionInput } from '../support/emulator.js';
import { manifestLine, manifestOf, putManifest, sameLines, type TestLine } from '../support/manifests.js';
import { A, asset, B, describeVersion, objects, useEmulators } from '../support/trainings.js';

const { s3, store, emulator, restart, read } = useEmulators();

/** A project with a dataset of these lines, read to its end. */
async function withDataset(lines: readonly TestLine[], options = {}, type: 'TRAIN' | 'TEST' = 'TRAIN') {
  await putManifest(store(), s3().bucket, 'set.manifest', lines);
  const running = await emulator(options);
  const projectArn = await createProject(running.client, 'sets');
  const datasetArn = await create(running, projectArn, type, 'set.manifest');
  await running.emulator.service.idle();
  return { running, projectArn, datasetArn };
}

async function create(
  { client }: TestEmulator,
  ProjectArn: string,
  DatasetType: 'TRAIN' | 'TEST',
  manifest?: string,
): Promise<string> {
  const object = manifest === undefined ? undefined : { Bucket: s3().bucket, Name: manifest };
  const { DatasetArn = '' } = await client.send(
    new CreateDatasetCommand({
      ProjectArn,
      DatasetType,
      ...(object ? { DatasetSource: { GroundTruthManifest: { S3Object: object } } } : {}),
    }),
  );
  return DatasetArn;
}

async function describeDataset({ client }: TestEmulator, DatasetArn: string) {
  return (await client.send(new DescribeDatasetCommand({ DatasetArn }))).DatasetDescription;
}

async function entries(
  { client }: TestEmulator,
  DatasetArn: string,
  filter: Partial<ListDatasetEntriesCommandInput> = {},
): Promise<Record<string, unknown>[]> {
  const { DatasetEntries: lines = [] } = await client.send(
    new ListDatasetEntriesCommand({ DatasetArn, ...filter }),
  );
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function update({ client }: TestEmulator, DatasetArn: string, text: string) {
  const Changes = { GroundTruth: Buffer.from(text) };
  await client.send(new UpdateDatasetEntriesCommand({ DatasetArn, Changes }));
}

const refs = (lines: readonly Record<string, unknown>[]) =>
  lines.map((line) => String(line['source-ref']).split('/').at(-1));

describe('a dataset', () => {
  it('is made from a manifest once per type, and shown by its project', async () => {
    const { running, projectArn, datasetArn } = await withDataset(sameLines('sets/a', 3, [A, B]));
    expect(datasetArn).toMatch(/:project\/sets\/dataset\/train\/\d{13}$/);
    expect(await describeDataset(running, datasetArn)).toMatchObject({
      Status: 'CREATE_COMPLETE',
      StatusMessageCode: 'SUCCESS',
      DatasetStats: { LabeledEntries: 3, TotalEntries: 3, TotalLabels: 2, ErrorEntries: 0 },
    });
    await expect(create(running, projectArn, 'TRAIN')).rejects.toThrow(ResourceAlreadyExistsException);
    const { ProjectDescriptions: [project] = [] } = await running.client.send(
      new DescribeProjectsCommand({}),
    );
    expect(project?.Datasets).toEqual([
      expect.objectContaining({ DatasetArn: datasetArn, DatasetType: 'TRAIN', Status: 'CREATE_COMPLETE' }),
    ]);
  });

  it('is in progress while it is read, also over a restart', async () => {
    await putManifest(store(), s3().bucket, 'set.manifest', sameLines('sets/a', 3, [A]));
    const away = await emulator({}, { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' });
    const projectArn = await createProject(away.client, 'sets');
    const datasetArn = await create(away, projectArn, 'TRAIN', 'set.manifest');
    expect((await describeDataset(away, datasetArn))?.Status).toBe('CREATE_IN_PROGRESS');
    await expect(entries(away, datasetArn)).rejects.toThrow(ResourceNotReadyException);
    await expect(update(away, datasetArn, '{}')).rejects.toThrow(ResourceInUseException);
    const back = await restart(away, s3().env);
    await back.emulator.service.idle();
    expect(await entries(back, datasetArn)).toHaveLength(3);
  });

  it('lists its entries by labels, state, place and faults, page by page', async () => {
    const { running, datasetArn } = await withDataset([
      ...sameLines('sets/a', 2, [A]),
      { image: 'sets/both.jpg', boxes: [A, B] },
      { image: 'sets/empty.jpg', boxes: [] },
      { image: 'sets/off.jpg', boxes: [A, ['scar', 95, 10, 20, 20]] },
    ]);
    const found = async (filter: Partial<ListDatasetEntriesCommandInput>) =>
      refs(await entries(running, datasetArn, filter));
    expect(await found({ ContainsLabels: ['scar', 'none'] })).toEqual(['both.jpg']);
    expect(await found({ Labeled: false })).toEqual(['empty.jpg']);
    expect(await found({ Labeled: true, SourceRefContains: 'sets/a' })).toEqual(['a0.jpg', 'a1.jpg']);
    expect(await found({ HasErrors: true })).toEqual(['off.jpg']);
    const [off] = await entries(running, datasetArn, { HasErrors: true });
    expect(off).toMatchObject({
      'cl-metadata': { is_labeled: true },
      boxes: { annotations: [{}, { 'cl-errors': [{ code: 'ERROR_INVALID_BOUNDING_BOX' }] }] },
    });
    const pages: number[] = [];
    for await (const page of paginateListDatasetEntries(
      { client: running.client, pageSize: 2 },
      { DatasetArn: datasetArn },
    )) {
      pages.push(page.DatasetEntries?.length ?? 0);
    }
    expect(pages).toEqual([2, 2, 1]);
    const { DatasetLabelDescriptions: labels } = await running.client.send(
      new ListDatasetLabelsCommand({ DatasetArn: datasetArn }),
    );
    expect(labels).toEqual([
      { LabelName: 'acne', LabelStats: { EntryCount: 4, BoundingBoxCount: 4 } },
      { LabelName: 'scar', LabelStats: { EntryCount: 1, BoundingBoxCount: 1 } },
    ]);
  });

  it('takes entries that are listed back, replaces those of the same image and adds others', async () => {
    const { running, datasetArn } = await withDataset([
      ...sameLines('sets/a', 2, [A]),
      { image: 'sets/off.jpg', boxes: [A, ['scar', 95, 10, 20, 20]] },
    ]);
    const before = await entries(running, datasetArn);
    await update(running, datasetArn, before.map((line) => `${JSON.stringify(line)}\n`).join(''));
    expect(await entries(running, datasetArn)).toEqual(before);
    const changes = [
      { image: 'sets/a1.jpg', boxes: [B] },
      { image: 'sets/new.jpg', boxes: [B] },
    ];
    await update(running, datasetArn, manifestOf(s3().bucket, changes));
    expect((await describeDataset(running, datasetArn))?.Status).toBe('UPDATE_COMPLETE');
    expect(refs(await entries(running, datasetArn))).toEqual(['a0.jpg', 'a1.jpg', 'off.jpg', 'new.jpg']);
    expect(refs(await entries(running, datasetArn, { ContainsLabels: ['scar'] }))).toEqual([
      'a1.jpg',
      'new.jpg',
    ]);
  });

  it('drops lines that name no image, and stays as it was where an update is refused', async () => {
    const { running, datasetArn } = await withDataset(sameLines('sets/a', 9, [A]));
    const elsewhere = manifestLine('another-bucket', { image: 'x.jpg', boxes: [A] });
    await update(running, datasetArn, `${elsewhere}\n`);
    expect(await describeDataset(running, datasetArn)).toMatchObject({
      Status: 'UPDATE_FAILED',
      StatusMessage: 'The manifest file contains images from multiple S3 buckets.',
      StatusMessageCode: 'CLIENT_ERROR',
      DatasetStats: { TotalEntries: 9 },
    });
    const one = manifestOf(s3().bucket, sameLines('sets/b', 9, [A]));
    await update(running, datasetArn, `${one}{"no": "image"}\n`);
    expect(await describeDataset(running, datasetArn)).toMatchObject({
      Status: 'UPDATE_COMPLETE',
      DatasetStats: { TotalEntries: 18 },
    });
  });

  it('is copied to another project', async () => {
    const { running, datasetArn } = await withDataset(sameLines('sets/a', 3, [A]));
    const other = await createProject(running.client, 'other');
    const { DatasetArn: copy = '' } = await running.client.send(
      new CreateDatasetCommand({
        ProjectArn: other,
        DatasetType: 'TEST',
        DatasetSource: { DatasetArn: datasetArn },
      }),
    );
    expect(await entries(running, copy)).toEqual(await entries(running, datasetArn));
  });

  it('is deleted with its entries, by itself or with its project', async () => {
    let now = 1_000_000;
    const options = { transitionMs: 60_000, now: () => now };
    const { running, projectArn, datasetArn } = await withDataset(sameLines('sets/a', 3, [A]), options);
    const remove = () => running.client.send(new DeleteDatasetCommand({ DatasetArn: datasetArn }));
    await expect(remove()).rejects.toThrow(ResourceInUseException);
    now += 60_000;
    await remove();
    expect((await describeDataset(running, datasetArn))?.Status).toBe('DELETE_IN_PROGRESS');
    now += 60_000;
    await expect(describeDataset(running, datasetArn)).rejects.toThrow(ResourceNotFoundException);
    const second = await create(running, projectArn, 'TRAIN');
    await running.client.send(new DeleteProjectCommand({ ProjectArn: projectArn }));
    const describeProjects = async () =>
      (await running.client.send(new DescribeProjectsCommand({}))).ProjectDescriptions?.map(
        ({ Status }) => Status,
      );
    expect(await describeProjects()).toEqual(['DELETING']);
    now += 60_000;
    expect(await describeProjects()).toEqual([]);
    await expect(describeDataset(running, second)).rejects.toThrow(ResourceNotFoundException);
  });
});

describe('the datasets of a project', () => {
  it('are split in five by DistributeDatasetEntries, each label on both sides', async () => {
    const { running, projectArn, datasetArn } = await withDataset([
      ...sameLines('sets/a', 8, [A]),
      ...sameLines('sets/b', 2, [B]),
    ]);
    const test = await create(running, projectArn, 'TEST');
    const distribute = (...arns: string[]) =>
      running.client.send(new DistributeDatasetEntriesCommand({ Datasets: arns.map((Arn) => ({ Arn })) }));
    await expect(distribute(datasetArn, datasetArn)).rejects.toThrow(InvalidParameterException);
    await distribute(datasetArn, test);
    expect(await describeDataset(running, test)).toMatchObject({
      Status: 'UPDATE_COMPLETE',
      DatasetStats: { TotalEntries: 2, TotalLabels: 2 },
    });
    expect(await describeDataset(running, datasetArn)).toMatchObject({
      Status: 'UPDATE_COMPLETE',
      DatasetStats: { TotalEntries: 8, TotalLabels: 2 },
    });
    await expect(distribute(datasetArn, test)).rejects.toThrow(InvalidParameterException);
  });

  it('are what a training without manifests is trained on, as they are when it begins', async () => {
    const { running, projectArn, datasetArn } = await withDataset(sameLines('sets/a', 4, [A]));
    const input = versionInput(projectArn, 'v1', s3().bucket, 'set.manifest', 'set.manifest');
    const { TrainingData: _, TestingData: __, ...bare } = input;
    const start = () => running.client.send(new CreateProjectVersionCommand(bare));
    await expect(start()).rejects.toThrow(InvalidParameterException);
    await putManifest(store(), s3().bucket, 'tested.manifest', sameLines('sets/t', 2, [A]));
    await create(running, projectArn, 'TEST', 'tested.manifest');
    await running.emulator.service.idle();
    await expect(running.client.send(new CreateProjectVersionCommand(input))).rejects.toThrow(
      'The project has datasets',
    );
    await start();
    await update(running, datasetArn, manifestOf(s3().bucket, sameLines('sets/late', 2, [B])));
    await running.emulator.service.idle();
    const version = await describeVersion(running, projectArn);
    expect(version).toMatchObject({
      Status: 'TRAINING_COMPLETED',
      TrainingDataResult: { Input: {} },
      TestingDataResult: { Input: { AutoCreate: false } },
    });
    expect(objects(await read(asset(version.TrainingDataResult?.Output)))).toHaveLength(4);
  });

  it('are not needed where the service splits a training manifest', async () => {
    await putManifest(store(), s3().bucket, 'whole.manifest', sameLines('sets/a', 10, [A, B]));
    const running = await emulator();
    const projectArn = await createProject(running.client, 'split');
    const input = versionInput(projectArn, 'v1', s3().bucket, 'whole.manifest', 'whole.manifest');
    const TestingData = { AutoCreate: true };
    await running.client.send(new CreateProjectVersionCommand({ ...input, TestingData }));
    await running.emulator.service.idle();
    const version = await describeVersion(running, projectArn);
    expect(version).toMatchObject({
      Status: 'TRAINING_COMPLETED',
      TestingDataResult: { Input: { AutoCreate: true }, Output: { AutoCreate: true } },
    });
    expect(objects(await read(asset(version.TrainingDataResult?.Output)))).toHaveLength(8);
    expect(objects(await read(asset(version.TestingDataResult?.Output)))).toHaveLength(2);
  });
});
