import {
  CreateDatasetCommand,
  CreateProjectCommand,
  CreateProjectVersionCommand,
  DeleteProjectCommand,
  DescribeProjectsCommand,
  InvalidPaginationTokenException,
  InvalidParameterException,
  ListCollectionsCommand,
  PutProjectPolicyCommand,
  type RekognitionClient,
  ResourceNotFoundException,
  UpdateDatasetEntriesCommand,
} from '@aws-sdk/client-rekognition';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createRekognitionClient } from '../../src/training/client.js';
import { awsOf } from '../support/aws.js';
import { NO_S3, versionInput } from '../support/emulator.js';
import { useTestEmulator } from '../support/use-emulator.js';

const UNKNOWN = 'arn:aws:rekognition:us-east-1:000000000000:project/none/1';

const VERSION = versionInput(UNKNOWN, 'v', 'some-bucket', 'a.manifest', 'b.manifest');

const test = useTestEmulator();
let client: RekognitionClient;

beforeAll(() => {
  client = test.client;
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
