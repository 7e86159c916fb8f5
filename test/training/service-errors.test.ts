import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { callerAccount } from '../../src/training/account.js';
import { createRekognitionClient } from '../../src/training/client.js';
import { Trainer } from '../../src/training/trainer.js';
import { awsOf } from '../support/aws.js';
import { NO_S3 } from '../support/emulator.js';
import { useTestEmulator } from '../support/use-emulator.js';
import { newModel, unreliable } from './trainers.js';

const test = useTestEmulator();

describe('errors of the service', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
  });

  /** A trainer whose service returns this error for every call. */
  async function failingWith(status: number, type: string, text = 'the service says so'): Promise<Trainer> {
    const failing = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', connection: 'close' });
      response.end(JSON.stringify({ __type: type, Message: text }));
    });
    server = failing;
    await new Promise<void>((done) => failing.listen(0, '127.0.0.1', done));
    const { port } = failing.address() as AddressInfo;
    return new Trainer(
      createRekognitionClient(awsOf({ ...NO_S3, AWS_ENDPOINT_URL_REKOGNITION: `http://127.0.0.1:${port}` })),
      {},
    );
  }

  it.each([
    [400, 'ThrottlingException', true],
    [500, 'InternalServerError', true],
    [503, 'ServiceUnavailableException', true],
    [400, 'AccessDeniedException', false],
    [400, 'ExpiredTokenException', false],
    [400, 'UnrecognizedClientException', false],
    [400, 'InvalidSignatureException', false],
    [400, 'InvalidParameterException', false],
  ])('%i %s is retryable: %s', async (status, type, retryable) => {
    const creating = (await failingWith(status, type)).createModelVersion(newModel());
    await expect(creating).rejects.toMatchObject({ type: 'TrainerRefused', retryable });
    await expect(creating).rejects.toThrow(/the service says so.*/);
    if (!retryable) await expect(creating).rejects.toThrow('the service says so. To fix this, ');
  });

  it.each([
    'Signature expired: 20260105T090000Z is now earlier',
    'Signature not yet current: 20260105T090000Z',
  ])('tells a wrong clock from a wrong secret, because it will be right again: %s', async (text) => {
    const creating = (await failingWith(400, 'InvalidSignatureException', text)).createModelVersion(
      newModel(),
    );
    await expect(creating).rejects.toMatchObject({ type: 'TrainerRefused', retryable: true });
  });

  it.each(['LimitExceededException', 'ServiceQuotaExceededException'])(
    'tells %s from other refusals, because waiting helps',
    async (type) => {
      const creating = (await failingWith(400, type)).createModelVersion(newModel());
      await expect(creating).rejects.toMatchObject({ type: 'TrainerQuota', retryable: false });
      await expect(creating).rejects.toThrow(/the service says so\. To fix this, .* quota/);
    },
  );

  it.each([
    [400, 'ValidationException'],
    [400, 'SubscriptionRequiredException'],
    [403, 'OptInRequired'],
    [400, 'SomethingNewException'],
  ])('%i %s fails at once with the text of AWS', async (status, type) => {
    const creating = (await failingWith(status, type)).createModelVersion(newModel());
    await expect(creating).rejects.toMatchObject({ type: 'TrainerRefused', retryable: false });
    await expect(creating).rejects.toThrow(`${type}: the service says so`);
  });

  it('treats a service without the emulator header as AWS', async () => {
    const aws = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1', connection: 'close' });
      const arn = 'arn:aws:rekognition:eu-west-1:123456789012:project/other/1';
      response.end(JSON.stringify({ ProjectDescriptions: [{ ProjectArn: arn }] }));
    });
    server = aws;
    await new Promise<void>((done) => aws.listen(0, '127.0.0.1', done));
    const endpoint = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
    const real = new Trainer(
      createRekognitionClient(awsOf({ ...NO_S3, AWS_ENDPOINT_URL_REKOGNITION: endpoint })),
      {},
    );
    expect(await real.describe(1)).toMatchObject({ kind: 'rekognition', account: '123456789012' });
  });

  it.each([
    ['names the account of the credentials', 200, '123456789012'],
    ['names no account if STS refuses to', 403, null],
  ])('before there is a project, %s', async (_, status, account) => {
    const aws = createServer((request, response) => {
      request.resume();
      const isRekognition = request.headers['x-amz-target'] !== undefined;
      response.writeHead(isRekognition ? 200 : status, { connection: 'close' });
      const identity = `<GetCallerIdentityResult><Account>${account}</Account></GetCallerIdentityResult>`;
      response.end(
        isRekognition
          ? JSON.stringify({ ProjectDescriptions: [] })
          : `<GetCallerIdentityResponse>${identity}</GetCallerIdentityResponse>`,
      );
    });
    server = aws;
    await new Promise<void>((done) => aws.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
    const access = awsOf({ ...NO_S3, AWS_ENDPOINT_URL_REKOGNITION: url, AWS_ENDPOINT_URL_STS: url });
    const real = new Trainer(createRekognitionClient(access), { account: () => callerAccount(access) });
    expect(await real.describe(1)).toMatchObject({ kind: 'rekognition', account });
  });

  it('treats a lost connection as retryable', async () => {
    const { trainer: offline } = unreliable(test.emulator.endpoint, 'before', { DescribeProjectsCommand: 3 });
    await expect(offline.describe(1)).rejects.toMatchObject({ type: 'TrainerRefused', retryable: true });
  });

  it('names the variable to check if credentials are wrong', async () => {
    const client = createRekognitionClient(
      awsOf({
        ...NO_S3,
        AWS_SECRET_ACCESS_KEY: 'guessed',
        AWS_ENDPOINT_URL_REKOGNITION: test.emulator.endpoint,
      }),
    );
    await expect(new Trainer(client, {}).describe(1)).rejects.toThrow('check AWS_SECRET_ACCESS_KEY');
  });
});
