import {
  CreateDatasetCommand,
  CreateProjectCommand,
  CreateProjectVersionCommand,
  DeleteProjectCommand,
  DeleteProjectVersionCommand,
  DescribeProjectsCommand,
  DescribeProjectVersionsCommand,
  InvalidPaginationTokenException,
  InvalidParameterException,
  ListCollectionsCommand,
  PutProjectPolicyCommand,
  paginateDescribeProjects,
  paginateDescribeProjectVersions,
  type RekognitionClient,
  ResourceInUseException,
  ResourceNotFoundException,
  UpdateDatasetEntriesCommand,
} from '@aws-sdk/client-rekognition';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRekognitionClient } from '../../src/training/client.js';
import { awsOf } from '../support/aws.js';
import {
  createProject,
  NO_S3,
  startTestEmulator,
  type TestEmulator,
  versionInput,
} from '../support/emulator.js';

const UNKNOWN = 'arn:aws:rekognition:us-east-1:000000000000:project/none/1';

const VERSION = versionInput(UNKNOWN, 'v', 'some-bucket', 'a.manifest', 'b.manifest');

let test: TestEmulator;
let client: RekognitionClient;

beforeAll(async () => {
  test = await startTestEmulator(NO_S3);
  client = test.client;
});
afterAll(() => test.stop());

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

describe('parameters', () => {
  const send = (command: () => unknown) => (client.send as (command: unknown) => Promise<unknown>)(command());

  it.each([
    ['a project name with a space', () => new CreateProjectCommand({ ProjectName: 'a b' })],
    ['a project name of 256 characters', () => new CreateProjectCommand({ ProjectName: 'a'.repeat(256) })],
    ['a missing project name', () => new CreateProjectCommand({ ProjectName: undefined })],
    ['101 results per page', () => new DescribeProjectsCommand({ MaxResults: 101 })],
    ['0 results per page', () => new DescribeProjectsCommand({ MaxResults: 0 })],
    ['11 project names', () => new DescribeProjectsCommand({ ProjectNames: Array(11).fill('a') })],
    [
      'a tag that starts with aws:',
      () => new CreateProjectCommand({ ProjectName: 'tags', Tags: { 'aws:x': 'y' } }),
    ],
    [
      'a tag with a value that contains a comma',
      () => new CreateProjectCommand({ ProjectName: 'tags', Tags: { team: 'a,b' } }),
    ],
    [
      '201 tags',
      () =>
        new CreateProjectCommand({
          ProjectName: 'tags',
          Tags: Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`t${n}`, ''])),
        }),
    ],
    [
      'an unknown type of dataset',
      () => new CreateDatasetCommand({ ProjectArn: UNKNOWN, DatasetType: 'VAL' as 'TEST' }),
    ],
    [
      'a description with a slash',
      () => new CreateProjectVersionCommand({ ...VERSION, VersionDescription: 'a/b' }),
    ],
    [
      'a KMS key with a space',
      () => new CreateProjectVersionCommand({ ...VERSION, KmsKeyId: 'alias/my key' }),
    ],
    [
      'a KMS key that starts with a slash',
      () => new CreateProjectVersionCommand({ ...VERSION, KmsKeyId: '/key' }),
    ],
    [
      'changes larger than 5 MB',
      () =>
        new UpdateDatasetEntriesCommand({
          DatasetArn: UNKNOWN.replace('/1', '/dataset/train/1'),
          Changes: { GroundTruth: Buffer.alloc(5_242_881) },
        }),
    ],
    [
      'a project policy of 2,001 characters',
      () =>
        new PutProjectPolicyCommand({
          ...{ ProjectArn: UNKNOWN, PolicyName: 'copy', PolicyDocument: 'x'.repeat(2001) },
        }),
    ],
    ['a malformed ARN', () => new DeleteProjectCommand({ ProjectArn: 'project/a' })],
  ])('refuses %s with a ValidationException', async (_, command) => {
    await expect(send(command)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(
        /^1 validation error detected: Value .* at '.*' failed to satisfy constraint: /,
      ),
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('reports all violated constraints of a request together', async () => {
    const command = () => new DescribeProjectsCommand({ MaxResults: 101, ProjectNames: ['a b'] });
    await expect(send(command)).rejects.toThrow(
      /^2 validation errors detected: Value '101' at 'maxResults' .* less than or equal to 100; Value 'a b' at 'projectNames.0' /,
    );
  });

  it.each([
    [
      'a content moderation project',
      () => new CreateProjectCommand({ ProjectName: 'm', Feature: 'CONTENT_MODERATION' }),
    ],
    ['automatic retraining', () => new CreateProjectCommand({ ProjectName: 'm', AutoUpdate: 'ENABLED' })],
    [
      'the configuration of another feature',
      () => new CreateProjectVersionCommand({ ...VERSION, FeatureConfig: { ContentModeration: {} } }),
    ],
    [
      'a dataset with two sources',
      () =>
        new CreateDatasetCommand({
          ...{ ProjectArn: UNKNOWN, DatasetType: 'TRAIN' },
          DatasetSource: {
            GroundTruthManifest: { S3Object: { Bucket: 'some-bucket', Name: 'a.manifest' } },
            DatasetArn: UNKNOWN.replace('/1', '/dataset/train/1'),
          },
        }),
    ],
  ])('refuses %s with an InvalidParameterException', async (_, command) => {
    await expect(send(command)).rejects.toThrow(InvalidParameterException);
  });

  it('accepts changes of exactly 5 MB', async () => {
    const command = new UpdateDatasetEntriesCommand({
      DatasetArn: UNKNOWN.replace('/1', '/dataset/train/1'),
      Changes: { GroundTruth: Buffer.alloc(5_242_880) },
    });
    await expect(client.send(command)).rejects.toThrow(ResourceNotFoundException);
  });

  it('refuses a pagination token that it did not issue', async () => {
    for (const NextToken of ['guess', 'offset-1000000']) {
      await expect(client.send(new DescribeProjectsCommand({ NextToken }))).rejects.toThrow(
        InvalidPaginationTokenException,
      );
    }
  });

  it('reports operations on faces as not emulated', async () => {
    await expect(client.send(new ListCollectionsCommand({}))).rejects.toMatchObject({
      message: 'ListCollections is not emulated.',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('refuses a body larger than the limit', async () => {
    const response = await fetch(test.emulator.endpoint, { method: 'POST', body: 'x'.repeat(9 * 1024 ** 2) });
    expect(response.status).toBe(413);
  });
});

describe('signatures', () => {
  const describeWith = (env: Record<string, string>) =>
    createRekognitionClient(
      awsOf({
        ...NO_S3,
        AWS_ENDPOINT_URL_REKOGNITION: test.emulator.endpoint,
        ...env,
      }),
    ).send(new DescribeProjectsCommand({}));

  it.each([
    ['a wrong secret', { AWS_SECRET_ACCESS_KEY: 'guessed' }, 'InvalidSignatureException'],
    ['an unknown key', { AWS_ACCESS_KEY_ID: 'OTHER' }, 'UnrecognizedClientException'],
    ['the key of another region', { AWS_REGION: 'eu-west-1' }, 'InvalidSignatureException'],
  ])('refuses a request that is signed with %s', async (_, env, name) => {
    await expect(describeWith(env)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });

  it('refuses an unsigned request, with the header that identifies the emulator', async () => {
    const response = await fetch(test.emulator.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'RekognitionService.DescribeProjects' },
      body: '{}',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
    expect(response.headers.get('x-emulated-by')).toBe('curator');
  });
});
