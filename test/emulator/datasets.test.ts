import {
  CreateDatasetCommand,
  DeleteDatasetCommand,
  DeleteProjectCommand,
  DescribeProjectsCommand,
  type ListDatasetEntriesCommandInput,
  ListDatasetLabelsCommand,
  paginateListDatasetEntries,
  ResourceAlreadyExistsException,
  ResourceInUseException,
  ResourceNotFoundException,
  ResourceNotReadyException,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from '@jest/globals';
import {
  createDataset,
  describeDataset,
  listEntries,
  refs,
  updateEntries,
  withDataset,
} from '../support/datasets.js';
import { createProject } from '../support/emulator.js';
import { manifestLine, manifestOf, putManifest, sameLines } from '../support/manifests.js';
import { BUCKET } from '../support/servers.js';
import { A, B, useEmulators } from '../support/trainings.js';

const emulators = useEmulators();
const { s3, store, emulator, restart } = emulators;

describe('datasets', () => {
  it('creates one dataset per type from a manifest and lists it with its project', async () => {
    const { running, projectArn, datasetArn } = await withDataset(emulators, sameLines('sets/a', 3, [A, B]));
    expect(datasetArn).toMatch(/:project\/sets\/dataset\/train\/\d{13}$/);
    expect(await describeDataset(running, datasetArn)).toMatchObject({
      Status: 'CREATE_COMPLETE',
      StatusMessageCode: 'SUCCESS',
      DatasetStats: { LabeledEntries: 3, TotalEntries: 3, TotalLabels: 2, ErrorEntries: 0 },
    });
    await expect(createDataset(running, projectArn, 'TRAIN')).rejects.toThrow(ResourceAlreadyExistsException);
    const { ProjectDescriptions: [project] = [] } = await running.client.send(
      new DescribeProjectsCommand({}),
    );
    expect(project?.Datasets).toEqual([
      expect.objectContaining({ DatasetArn: datasetArn, DatasetType: 'TRAIN', Status: 'CREATE_COMPLETE' }),
    ]);
  });

  it('reports an import in progress, also after a restart', async () => {
    await putManifest(store(), BUCKET, 'set.manifest', sameLines('sets/a', 3, [A]));
    const offline = await emulator({}, { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' });
    const projectArn = await createProject(offline.client, 'sets');
    const datasetArn = await createDataset(offline, projectArn, 'TRAIN', 'set.manifest');
    expect((await describeDataset(offline, datasetArn))?.Status).toBe('CREATE_IN_PROGRESS');
    await expect(listEntries(offline, datasetArn)).rejects.toThrow(ResourceNotReadyException);
    await expect(updateEntries(offline, datasetArn, '{}')).rejects.toThrow(ResourceInUseException);
    const online = await restart(offline, s3().env);
    await online.emulator.service.idle();
    expect(await listEntries(online, datasetArn)).toHaveLength(3);
  });

  it('lists entries by labels, labelling, source-ref and errors, in pages', async () => {
    const { running, datasetArn } = await withDataset(emulators, [
      ...sameLines('sets/a', 2, [A]),
      { image: 'sets/both.jpg', boxes: [A, B] },
      { image: 'sets/empty.jpg', boxes: [] },
      { image: 'sets/off.jpg', boxes: [A, ['scar', 95, 10, 20, 20]] },
    ]);
    const found = async (filter: Partial<ListDatasetEntriesCommandInput>) =>
      refs(await listEntries(running, datasetArn, filter));
    expect(await found({ ContainsLabels: ['scar', 'none'] })).toEqual(['both.jpg']);
    expect(await found({ Labeled: false })).toEqual(['empty.jpg']);
    expect(await found({ Labeled: true, SourceRefContains: 'sets/a' })).toEqual(['a0.jpg', 'a1.jpg']);
    expect(await found({ HasErrors: true })).toEqual(['off.jpg']);
    const [off] = await listEntries(running, datasetArn, { HasErrors: true });
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

  it('accepts its own listed entries, replaces entries of the same image and adds new ones', async () => {
    const { running, datasetArn } = await withDataset(emulators, [
      ...sameLines('sets/a', 2, [A]),
      { image: 'sets/off.jpg', boxes: [A, ['scar', 95, 10, 20, 20]] },
    ]);
    const before = await listEntries(running, datasetArn);
    await updateEntries(running, datasetArn, before.map((line) => `${JSON.stringify(line)}\n`).join(''));
    expect(await listEntries(running, datasetArn)).toEqual(before);
    const changes = [
      { image: 'sets/a1.jpg', boxes: [B] },
      { image: 'sets/new.jpg', boxes: [B] },
    ];
    await updateEntries(running, datasetArn, manifestOf(BUCKET, changes));
    expect((await describeDataset(running, datasetArn))?.Status).toBe('UPDATE_COMPLETE');
    expect(refs(await listEntries(running, datasetArn))).toEqual(['a0.jpg', 'a1.jpg', 'off.jpg', 'new.jpg']);
    expect(refs(await listEntries(running, datasetArn, { ContainsLabels: ['scar'] }))).toEqual([
      'a1.jpg',
      'new.jpg',
    ]);
  });

  it('drops lines without an image, and keeps its entries when an update is refused', async () => {
    const { running, datasetArn } = await withDataset(emulators, sameLines('sets/a', 9, [A]));
    const elsewhere = manifestLine('another-bucket', { image: 'x.jpg', boxes: [A] });
    await updateEntries(running, datasetArn, `${elsewhere}\n`);
    expect(await describeDataset(running, datasetArn)).toMatchObject({
      Status: 'UPDATE_FAILED',
      StatusMessage: 'The manifest file contains images from multiple S3 buckets.',
      StatusMessageCode: 'CLIENT_ERROR',
      DatasetStats: { TotalEntries: 9 },
    });
    const one = manifestOf(BUCKET, sameLines('sets/b', 9, [A]));
    await updateEntries(running, datasetArn, `${one}{"no": "image"}\n`);
    expect(await describeDataset(running, datasetArn)).toMatchObject({
      Status: 'UPDATE_COMPLETE',
      DatasetStats: { TotalEntries: 18 },
    });
  });

  it('copies a dataset to another project', async () => {
    const { running, datasetArn } = await withDataset(emulators, sameLines('sets/a', 3, [A]));
    const other = await createProject(running.client, 'other');
    const { DatasetArn: copy = '' } = await running.client.send(
      new CreateDatasetCommand({
        ProjectArn: other,
        DatasetType: 'TEST',
        DatasetSource: { DatasetArn: datasetArn },
      }),
    );
    expect(await listEntries(running, copy)).toEqual(await listEntries(running, datasetArn));
  });

  it('deletes a dataset with its entries, alone or with its project', async () => {
    let now = 1_000_000;
    const options = { transitionMs: 60_000, now: () => now };
    const { running, projectArn, datasetArn } = await withDataset(
      emulators,
      sameLines('sets/a', 3, [A]),
      options,
    );
    const remove = () => running.client.send(new DeleteDatasetCommand({ DatasetArn: datasetArn }));
    await expect(remove()).rejects.toThrow(ResourceInUseException);
    now += 60_000;
    await remove();
    expect((await describeDataset(running, datasetArn))?.Status).toBe('DELETE_IN_PROGRESS');
    now += 60_000;
    await expect(describeDataset(running, datasetArn)).rejects.toThrow(ResourceNotFoundException);
    const second = await createDataset(running, projectArn, 'TRAIN');
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
