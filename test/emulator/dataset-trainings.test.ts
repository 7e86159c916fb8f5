import {
  CreateProjectVersionCommand,
  DescribeProjectsCommand,
  DistributeDatasetEntriesCommand,
  InvalidParameterException,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from '@jest/globals';
import { parseChaos } from '../../src/emulator/chaos.js';
import { createDataset, describeDataset, updateEntries, withDataset } from '../support/datasets.js';
import { createProject, versionInput } from '../support/emulator.js';
import { manifestOf, putManifest, sameLines } from '../support/manifests.js';
import { BUCKET } from '../support/servers.js';
import { A, asset, B, describeVersion, objects, useEmulators } from '../support/trainings.js';

const emulators = useEmulators();
const { store, emulator, read } = emulators;

describe('trainings and datasets of a project', () => {
  it('moves 20 % of the entries with DistributeDatasetEntries, each label on both sides', async () => {
    const { running, projectArn, datasetArn } = await withDataset(emulators, [
      ...sameLines('sets/a', 8, [A]),
      ...sameLines('sets/b', 2, [B]),
    ]);
    const test = await createDataset(running, projectArn, 'TEST');
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

  it('trains on the datasets as they were at the start if no manifests are given', async () => {
    const { running, projectArn, datasetArn } = await withDataset(emulators, sameLines('sets/a', 4, [A]));
    const input = versionInput(projectArn, 'v1', BUCKET, 'set.manifest', 'set.manifest');
    const { TrainingData: _, TestingData: __, ...bare } = input;
    const start = () => running.client.send(new CreateProjectVersionCommand(bare));
    await expect(start()).rejects.toThrow(InvalidParameterException);
    await putManifest(store(), BUCKET, 'tested.manifest', sameLines('sets/t', 2, [A]));
    await createDataset(running, projectArn, 'TEST', 'tested.manifest');
    await running.emulator.service.idle();
    await expect(running.client.send(new CreateProjectVersionCommand(input))).rejects.toThrow(
      'The project has datasets',
    );
    await start();
    await updateEntries(running, datasetArn, manifestOf(BUCKET, sameLines('sets/late', 2, [B])));
    await running.emulator.service.idle();
    const version = await describeVersion(running, projectArn);
    expect(version).toMatchObject({
      Status: 'TRAINING_COMPLETED',
      TrainingDataResult: { Input: {} },
      TestingDataResult: { Input: { AutoCreate: false } },
    });
    expect(objects(await read(asset(version.TrainingDataResult?.Output)))).toHaveLength(4);
  });

  it('trains without datasets on one manifest that AutoCreate splits', async () => {
    await putManifest(store(), BUCKET, 'whole.manifest', sameLines('sets/a', 10, [A, B]));
    const running = await emulator();
    const projectArn = await createProject(running.client, 'split');
    const input = versionInput(projectArn, 'v1', BUCKET, 'whole.manifest', 'whole.manifest');
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

  it('gives a project datasets after a training if open-console=1, as the console does', async () => {
    await putManifest(store(), BUCKET, 'train.manifest', sameLines('sets/a', 4, [A]));
    await putManifest(store(), BUCKET, 'test.manifest', sameLines('sets/t', 2, [A]));
    const running = await emulator({ chaos: parseChaos('open-console=1') });
    const projectArn = await createProject(running.client, 'opened');
    const create = (name: string) => {
      const input = versionInput(projectArn, name, BUCKET, 'train.manifest', 'test.manifest');
      return running.client.send(new CreateProjectVersionCommand(input));
    };
    await create('v1');
    await running.emulator.service.idle();
    const { ProjectDescriptions: [project] = [] } = await running.client.send(
      new DescribeProjectsCommand({ ProjectNames: ['opened'] }),
    );
    expect(project?.Datasets?.map(({ DatasetType }) => DatasetType)).toEqual(['TRAIN', 'TEST']);
    const [train] = project?.Datasets ?? [];
    expect(await describeDataset(running, train?.DatasetArn ?? '')).toMatchObject({
      Status: 'CREATE_COMPLETE',
      DatasetStats: { TotalEntries: 4 },
    });
    await expect(create('v2')).rejects.toThrow(InvalidParameterException);
  });
});
