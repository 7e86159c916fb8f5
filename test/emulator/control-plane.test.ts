import {
  CreateProjectCommand,
  CreateProjectVersionCommand,
  DeleteProjectCommand,
  DeleteProjectVersionCommand,
  DescribeProjectsCommand,
  DescribeProjectVersionsCommand,
  InvalidParameterException,
  paginateDescribeProjects,
  paginateDescribeProjectVersions,
  type RekognitionClient,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-rekognition';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createProject, versionInput } from '../support/emulator.js';
import { useTestEmulator } from '../support/use-emulator.js';

const UNKNOWN = 'arn:aws:rekognition:us-east-1:000000000000:project/none/1';

const test = useTestEmulator();
let client: RekognitionClient;

beforeAll(() => {
  client = test.client;
});

describe('projects', () => {
  it('refuses a second project of the same name', async () => {
    const arn = await createProject(client, 'once');
    expect(arn).toMatch(/^arn:aws:rekognition:us-east-1:\d{12}:project\/once\/\d{13}$/);
    const again = client.send(new CreateProjectCommand({ ProjectName: 'once' }));
    await expect(again).rejects.toThrow(ResourceInUseException);
    await expect(again).rejects.toMatchObject({
      message: 'The specified resource is already being used.',
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    });
    const { ProjectDescriptions: found = [] } = await client.send(
      new DescribeProjectsCommand({ ProjectNames: ['once', 'never'] }),
    );
    expect(found).toEqual([expect.objectContaining({ ProjectArn: arn, Status: 'CREATED' })]);
    expect(Math.abs((found[0]?.CreationTimestamp?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('lists projects in pages without gaps or repetitions', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await createProject(client, name);
    const names = ['page-a', 'page-b', 'page-c'];
    const pages: string[][] = [];
    for await (const page of paginateDescribeProjects({ client, pageSize: 2 }, { ProjectNames: names })) {
      pages.push((page.ProjectDescriptions ?? []).map(({ ProjectArn }) => ProjectArn?.split('/')[1] ?? ''));
    }
    expect(pages).toEqual([['page-a', 'page-b'], ['page-c']]);
  });

  it('deletes a project only after its models', async () => {
    const arn = await createProject(client, 'full');
    const input = versionInput(arn, 'v1', 'some-bucket', 'train.manifest', 'test.manifest');
    await client.send(new CreateProjectVersionCommand(input));
    await expect(client.send(new DeleteProjectCommand({ ProjectArn: arn }))).rejects.toThrow(
      ResourceInUseException,
    );
    const empty = await createProject(client, 'empty');
    const { Status: status } = await client.send(new DeleteProjectCommand({ ProjectArn: empty }));
    expect(status).toBe('DELETING');
    await expect(client.send(new DeleteProjectCommand({ ProjectArn: empty }))).rejects.toThrow(
      ResourceNotFoundException,
    );
  });
});

describe('versions', () => {
  it('refuses a model version whose name is in use or not allowed', async () => {
    const arn = await createProject(client, 'names');
    const create = (name: string) =>
      client.send(
        new CreateProjectVersionCommand(versionInput(arn, name, 'some-bucket', 'a.manifest', 'b.manifest')),
      );
    const { ProjectVersionArn: version } = await create('v1');
    expect(version).toMatch(/:project\/names\/version\/v1\/\d{13}$/);
    await expect(create('v1')).rejects.toThrow(ResourceInUseException);
    await expect(create('v 1')).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(
        /^1 validation error detected: Value 'v 1' at 'versionName' failed to satisfy constraint: Member must satisfy regular expression pattern: /,
      ),
    });
  });

  it('lists model versions newest first, with their input', async () => {
    const arn = await createProject(client, 'order');
    for (const name of ['v1', 'v2', 'v3']) {
      await client.send(
        new CreateProjectVersionCommand(versionInput(arn, name, 'some-bucket', 'a.manifest', 'b.manifest')),
      );
    }
    const names: string[] = [];
    for await (const page of paginateDescribeProjectVersions({ client, pageSize: 2 }, { ProjectArn: arn })) {
      for (const version of page.ProjectVersionDescriptions ?? []) {
        names.push(version.ProjectVersionArn?.split('/')[3] ?? '');
        expect(version).toMatchObject({
          Status: 'TRAINING_IN_PROGRESS',
          OutputConfig: { S3Bucket: 'some-bucket', S3KeyPrefix: 'out' },
          TrainingDataResult: {
            Input: {
              Assets: [{ GroundTruthManifest: { S3Object: { Bucket: 'some-bucket', Name: 'a.manifest' } } }],
            },
          },
          TestingDataResult: {
            Input: {
              Assets: [{ GroundTruthManifest: { S3Object: { Bucket: 'some-bucket', Name: 'b.manifest' } } }],
            },
          },
        });
        expect(version).not.toHaveProperty('EvaluationResult');
        expect(version).not.toHaveProperty('BillableTrainingTimeInSeconds');
      }
    }
    expect(names).toEqual(['v3', 'v2', 'v1']);
  });

  it('refuses a training with only one of the two manifests', async () => {
    const arn = await createProject(client, 'halves');
    const { TestingData: _, ...half } = versionInput(arn, 'v1', 'some-bucket', 'a.manifest', 'b.manifest');
    await expect(client.send(new CreateProjectVersionCommand(half))).rejects.toThrow(
      InvalidParameterException,
    );
  });

  it('refuses to delete a model version while it trains', async () => {
    const arn = await createProject(client, 'busy');
    const input = versionInput(arn, 'v1', 'some-bucket', 'a.manifest', 'b.manifest');
    const { ProjectVersionArn: version } = await client.send(new CreateProjectVersionCommand(input));
    await expect(
      client.send(new DeleteProjectVersionCommand({ ProjectVersionArn: version })),
    ).rejects.toThrow(ResourceInUseException);
  });

  it('refuses to list the model versions of an unknown project', async () => {
    await expect(client.send(new DescribeProjectVersionsCommand({ ProjectArn: UNKNOWN }))).rejects.toThrow(
      ResourceNotFoundException,
    );
  });
});
