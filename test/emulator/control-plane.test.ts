import {
  CreateProjectCommand,
  CreateProjectVersionCommand,
  DeleteProjectCommand,
  DeleteProjectVersionCommand,
  DescribeProjectsCommand,
  DescribeProjectVersionsCommand,
  DetectCustomLabelsCommand,
  InvalidPaginationTokenException,
  InvalidParameterException,
  ListCollectionsCommand,
  ListProjectPoliciesCommand,
  ListTagsForResourceCommand,
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
import { createProject, startTestEmulator, type TestEmulator, versionInput } from '../support/emulator.js';

/** Nothing listens there; trainings wait for it and what is tested here doesn't. */
const ENV = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'TESTKEY',
  AWS_SECRET_ACCESS_KEY: 'test-secret',
  AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9',
};
const UNKNOWN = 'arn:aws:rekognition:us-east-1:000000000000:project/none/1';

const VERSION = versionInput(UNKNOWN, 'v', 'some-bucket', 'a.manifest', 'b.manifest');

let test: TestEmulator;
let client: RekognitionClient;

beforeAll(async () => {
  test = await startTestEmulator(ENV);
  client = test.client;
});
afterAll(() => test.stop());

describe('projects', () => {
  it('are made once by name', async () => {
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

  it('come page by page, each once', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await createProject(client, name);
    const names = ['page-a', 'page-b', 'page-c'];
    const pages: string[][] = [];
    for await (const page of paginateDescribeProjects({ client, pageSize: 2 }, { ProjectNames: names })) {
      pages.push((page.ProjectDescriptions ?? []).map(({ ProjectArn }) => ProjectArn?.split('/')[1] ?? ''));
    }
    expect(pages).toEqual([['page-a', 'page-b'], ['page-c']]);
  });

  it('are deleted once they are empty', async () => {
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
  it('have a name once in a project, and none that the pattern refuses', async () => {
    const arn = await createProject(client, 'names');
    const create = (name: string) =>
      client.send(
        new CreateProjectVersionCommand(versionInput(arn, name, 'some-bucket', 'a.manifest', 'b.manifest')),
      );
    const { ProjectVersionArn: version } = await create('v1');
    expect(version).toMatch(/:project\/names\/version\/v1\/\d{13}$/);
    await expect(create('v1')).rejects.toThrow(ResourceInUseException);
    await expect(create('v 1')).rejects.toThrow(InvalidParameterException);
  });

  it('come newest first, with their input', async () => {
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

  it('take both manifests or neither', async () => {
    const arn = await createProject(client, 'halves');
    const { TestingData: _, ...half } = versionInput(arn, 'v1', 'some-bucket', 'a.manifest', 'b.manifest');
    await expect(client.send(new CreateProjectVersionCommand(half))).rejects.toThrow(
      InvalidParameterException,
    );
  });

  it("can't be deleted while they train", async () => {
    const arn = await createProject(client, 'busy');
    const input = versionInput(arn, 'v1', 'some-bucket', 'a.manifest', 'b.manifest');
    const { ProjectVersionArn: version } = await client.send(new CreateProjectVersionCommand(input));
    await expect(
      client.send(new DeleteProjectVersionCommand({ ProjectVersionArn: version })),
    ).rejects.toThrow(ResourceInUseException);
  });

  it('are looked for in a project that exists', async () => {
    await expect(client.send(new DescribeProjectVersionsCommand({ ProjectArn: UNKNOWN }))).rejects.toThrow(
      ResourceNotFoundException,
    );
  });
});

describe('parameters', () => {
  it.each([
    ['a name with a blank', () => new CreateProjectCommand({ ProjectName: 'a b' })],
    ['a name of 256 characters', () => new CreateProjectCommand({ ProjectName: 'a'.repeat(256) })],
    ['no name', () => new CreateProjectCommand({ ProjectName: undefined })],
    ['101 results a page', () => new DescribeProjectsCommand({ MaxResults: 101 })],
    ['0 results a page', () => new DescribeProjectsCommand({ MaxResults: 0 })],
    ['11 names', () => new DescribeProjectsCommand({ ProjectNames: Array(11).fill('a') })],
    ['a tag of AWS', () => new CreateProjectCommand({ ProjectName: 'tags', Tags: { 'aws:x': 'y' } })],
    ['moderation', () => new CreateProjectCommand({ ProjectName: 'm', Feature: 'CONTENT_MODERATION' })],
    ['automatic retraining', () => new CreateProjectCommand({ ProjectName: 'm', AutoUpdate: 'ENABLED' })],
    [
      'a description with a slash',
      () => new CreateProjectVersionCommand({ ...VERSION, VersionDescription: 'a/b' }),
    ],
    [
      'a configuration of another feature',
      () => new CreateProjectVersionCommand({ ...VERSION, FeatureConfig: { ContentModeration: {} } }),
    ],
    [
      'a version of an object',
      () =>
        new DetectCustomLabelsCommand({
          ProjectVersionArn: UNKNOWN.replace('/1', '/version/v/1'),
          Image: { S3Object: { Bucket: 'some-bucket', Name: 'a.jpg', Version: '1' } },
        }),
    ],
    [
      'changes beyond 5 MB',
      () =>
        new UpdateDatasetEntriesCommand({
          DatasetArn: UNKNOWN.replace('/1', '/dataset/train/1'),
          Changes: { GroundTruth: Buffer.alloc(5_242_881) },
        }),
    ],
    ['an ARN that is none', () => new DeleteProjectCommand({ ProjectArn: 'project/a' })],
  ])('%s is refused', async (_, command) => {
    const answer = (client.send as (command: unknown) => Promise<unknown>)(command());
    await expect(answer).rejects.toThrow(InvalidParameterException);
  });

  it('changes of just 5 MB are not too large', async () => {
    const command = new UpdateDatasetEntriesCommand({
      DatasetArn: UNKNOWN.replace('/1', '/dataset/train/1'),
      Changes: { GroundTruth: Buffer.alloc(5_242_880) },
    });
    await expect(client.send(command)).rejects.toThrow(ResourceNotFoundException);
  });

  it('a token that this service did not give is refused', async () => {
    for (const NextToken of ['guess', 'offset-1000000']) {
      await expect(client.send(new DescribeProjectsCommand({ NextToken }))).rejects.toThrow(
        InvalidPaginationTokenException,
      );
    }
  });

  it.each([
    ['tags', 'ListTagsForResource', () => new ListTagsForResourceCommand({ ResourceArn: UNKNOWN })],
    ['policies', 'ListProjectPolicies', () => new ListProjectPoliciesCommand({ ProjectArn: UNKNOWN })],
    ['faces', 'ListCollections', () => new ListCollectionsCommand({})],
  ])('an operation on %s says that it is not emulated', async (_, name, command) => {
    const answer = (client.send as (command: unknown) => Promise<unknown>)(command());
    await expect(answer).rejects.toMatchObject({
      message: `${name} is not emulated.`,
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('a body beyond the limit is refused without being held', async () => {
    const answer = await fetch(test.emulator.endpoint, { method: 'POST', body: 'x'.repeat(9 * 1024 ** 2) });
    expect(answer.status).toBe(413);
  });
});

describe('signatures', () => {
  const describeWith = (env: Record<string, string>) =>
    createRekognitionClient(
      awsOf({
        ...ENV,
        AWS_ENDPOINT_URL_REKOGNITION: test.emulator.endpoint,
        ...env,
      }),
    ).send(new DescribeProjectsCommand({}));

  it.each([
    ['a wrong secret', { AWS_SECRET_ACCESS_KEY: 'guessed' }, 'InvalidSignatureException'],
    ['an unknown key', { AWS_ACCESS_KEY_ID: 'OTHER' }, 'UnrecognizedClientException'],
  ])('of %s are refused', async (_, env, name) => {
    await expect(describeWith(env)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });

  it('have to be there; every answer names the emulator', async () => {
    const answer = await fetch(test.emulator.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'RekognitionService.DescribeProjects' },
      body: '{}',
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
    expect(answer.headers.get('x-emulated-by')).toBe('curator');
  });
});
