import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateDatasetCommand,
  DescribeProjectsCommand,
  type RekognitionClient,
} from '@aws-sdk/client-rekognition';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../../src/config/environment.js';
import { parseModelArn } from '../../src/models/model-runner.js';
import { createRekognitionClient } from '../../src/training/client.js';
import { type ModelVersion, Trainer } from '../../src/training/trainer.js';
import { awsOf } from '../support/aws.js';
import { NO_S3, startTestEmulator, type TestEmulator } from '../support/emulator.js';

let test: TestEmulator;
let trainer: Trainer;

beforeAll(async () => {
  test = await startTestEmulator(NO_S3);
  trainer = new Trainer(test.client, {});
});
afterAll(() => test.stop());

const started = () => test.emulator.service.trainingsStarted;

let count = 0;
/** A model version of a dataset that no other test uses. */
function newModel(): ModelVersion & { outputPrefix: string } {
  const dataset = `dataset-${count++}`;
  return {
    bucket: 'some-bucket',
    dataset,
    modelVersion: '0123456789abcdef-r1',
    trainManifestKey: `datasets/${dataset}/versions/1/train.manifest`,
    valManifestKey: `datasets/${dataset}/versions/1/val.manifest`,
    outputPrefix: `datasets/${dataset}/models/1`,
  };
}

const plan = ({ dataset }: ModelVersion, images = { train: 9, val: 1 }) => ({ dataset, ...images });

/** A trainer whose client loses the connection during these operations, before or after they took effect. */
function unreliable(
  when: 'before' | 'after',
  operations: Partial<Record<string, number>>,
): { trainer: Trainer; client: RekognitionClient } {
  const client = createRekognitionClient(
    awsOf({
      ...NO_S3,
      AWS_ENDPOINT_URL_REKOGNITION: test.emulator.endpoint,
    }),
  );
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const left = operations[context.commandName ?? ''] ?? 0;
      if (left > 0) operations[context.commandName ?? ''] = left - 1;
      if (left > 0 && when === 'before') throw connectionLost();
      const response = await next(args);
      if (left > 0) throw connectionLost();
      return response;
    },
    { step: 'finalizeRequest', priority: 'low', name: 'connectionLoss' },
  );
  return { trainer: new Trainer(client, {}), client };
}
const connectionLost = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

describe('Trainer.describe', () => {
  it('identifies an emulator, and its account once it has a project', async () => {
    const fresh = await startTestEmulator(NO_S3);
    const described = new Trainer(fresh.client, {});
    expect(await described.describe(889)).toEqual({
      kind: 'emulator',
      account: null,
      region: 'us-east-1',
      hourlyRateUsd: 1,
      estimatedHours: 2.8,
      basis: expect.stringMatching(
        /^https:\/\/aws\.amazon\.com\/rekognition\/pricing\/, us-east-1; .*889 images took 2\.8 h/,
      ),
    });
    await described.ensureProject('skin');
    expect(await described.describe(889)).toMatchObject({ account: '000000000000' });
    await fresh.stop();
  });

  it.each([
    [70, 1],
    [889, 2.8],
    [1, 0.8],
    [250_000, 24],
  ])('estimates the training time of %i images as %d hours', async (images, hours) => {
    expect((await trainer.describe(images)).estimatedHours).toBe(hours);
  });

  it.each([
    ['eu-west-2', { train: 28_000, val: 7_000 }, true],
    ['eu-west-2', { train: 28_001, val: 7_000 }, false],
    ['ap-south-1', { train: 28_000, val: 7_001 }, false],
    ['us-east-1', { train: 100_000, val: 10_000 }, true],
  ])('in %s, allows the images %j: %s', async (region, images, isAllowed) => {
    const regional = await startTestEmulator({ ...NO_S3, AWS_REGION: region });
    const describing = new Trainer(regional.client, {}).describe(1, plan(newModel(), images));
    if (isAllowed) expect(await describing).toMatchObject({ region });
    else {
      await expect(describing).rejects.toMatchObject({ type: 'TrainerRefused', retryable: false });
      await expect(describing).rejects.toThrow(
        `a maximum of 28,000 images and tests on a maximum of 7,000 in ${region}`,
      );
    }
    await regional.stop();
  });

  it('uses the configured hourly rate and names its variable', async () => {
    expect(await new Trainer(test.client, { training: 4.5 }).describe(889)).toMatchObject({
      hourlyRateUsd: 4.5,
      basis: expect.stringMatching(/^TRAINING_HOURLY_RATE_USD;/),
    });
  });
});

describe('TRAINER', () => {
  const client = (env: Record<string, string>) => {
    const { aws, trainer: expected } = readEnvironment({ ...NO_S3, ...env });
    return createRekognitionClient(aws, expected);
  };
  const endpoint = 'http://127.0.0.1:1';

  it.each([
    [
      { TRAINER: 'rekognition', AWS_ENDPOINT_URL_REKOGNITION: endpoint },
      /AWS_ENDPOINT_URL_REKOGNITION is http:.*unset one/,
    ],
    [{ TRAINER: 'emulator' }, /AWS would train and charge for it/],
  ])('refuses %j', (env, message) => {
    expect(() => client(env)).toThrow(message);
  });

  it('selects AWS with TRAINER=rekognition and no endpoint', async () => {
    const { config } = client({ TRAINER: 'rekognition' });
    expect(config.endpoint).toBeUndefined();
    expect(await config.region()).toBe('us-east-1');
    expect(() => client({ TRAINER: 'emulator', AWS_ENDPOINT_URL_REKOGNITION: endpoint })).not.toThrow();
  });
});

describe('Trainer.ensureProject', () => {
  it('creates one project, also for concurrent calls', async () => {
    const arns = await Promise.all([trainer.ensureProject('twins'), trainer.ensureProject('twins')]);
    expect(new Set([...arns, await trainer.ensureProject('twins')]).size).toBe(1);
  });
});

describe('Trainer.createModelVersion', () => {
  it('starts one training for repeated and concurrent calls', async () => {
    const [model, before] = [newModel(), started()];
    const arns = await Promise.all([1, 2, 3].map(() => trainer.createModelVersion(model)));
    arns.push(await trainer.createModelVersion(model));
    expect(new Set(arns).size).toBe(1);
    expect(started() - before).toBe(1);
    expect(await trainer.findModelVersion(model)).toBe(arns[0]);
  });

  it('starts one training if a response is lost', async () => {
    const [model, before] = [newModel(), started()];
    const { trainer: offline } = unreliable('after', { CreateProjectVersionCommand: 1 });
    const arn = await offline.createModelVersion(model);
    expect(arn).toBe(await trainer.findModelVersion(model));
    expect(started() - before).toBe(1);
  });

  it('starts one training if all responses are lost, and finds it in the next attempt', async () => {
    const [model, before] = [newModel(), started()];
    // All three attempts of the SDK fail, both to create and to look up the version.
    const { trainer: offline } = unreliable('after', {
      CreateProjectVersionCommand: 3,
      DescribeProjectVersionsCommand: 3,
    });
    await expect(offline.createModelVersion(model)).rejects.toMatchObject({ retryable: true });
    expect(await trainer.createModelVersion(model)).toBe(await trainer.findModelVersion(model));
    expect(started() - before).toBe(1);
  });

  it.each([
    ['training manifest', { trainManifestKey: 'other/train.manifest' }],
    ['testing manifest', { valManifestKey: 'other/val.manifest' }],
    ['bucket', { bucket: 'other-bucket' }],
  ])('refuses a model version of the same name with another %s', async (_, other) => {
    const [model, before] = [newModel(), started()];
    const arn = await trainer.createModelVersion(model);
    const creating = trainer.createModelVersion({ ...model, ...other });
    await expect(creating).rejects.toMatchObject({ type: 'TrainingNameTaken', retryable: false });
    await expect(creating).rejects.toThrow(arn);
    await expect(creating).rejects.toThrow('--retry-training');
    await expect(creating).rejects.toThrow(`s3://some-bucket/${model.trainManifestKey}`);
    expect(started() - before).toBe(1);
  });

  it('starts no training after its signal has aborted', async () => {
    const [model, before] = [newModel(), started()];
    await expect(trainer.createModelVersion(model, AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(started() - before).toBe(0);
  });

  it('finds and describes an existing model version only', async () => {
    const model = newModel();
    expect(await trainer.findModelVersion(model)).toBeUndefined();
    const arn = await trainer.createModelVersion(model);
    const missing = arn.replace('-r1/', '-r2/');
    await expect(trainer.describeVersion({ projectVersionArn: missing })).rejects.toMatchObject({
      type: 'TrainingFailed',
      retryable: false,
    });
    expect(await trainer.describeVersion({ projectVersionArn: arn })).toMatchObject({
      ProjectVersionArn: arn,
      Status: 'TRAINING_IN_PROGRESS',
    });
  });
});

describe('a project that the console has given datasets', () => {
  /** Gives the project datasets, as the console of Rekognition does. */
  async function openConsole(project: string): Promise<void> {
    const { ProjectDescriptions: [found] = [] } = await test.client.send(
      new DescribeProjectsCommand({ ProjectNames: [project] }),
    );
    for (const DatasetType of ['TRAIN', 'TEST'] as const) {
      await test.client.send(new CreateDatasetCommand({ ProjectArn: found?.ProjectArn, DatasetType }));
    }
  }
  const projectOf = (arn: string) => arn.split('/')[1];

  it('is left as it is: the next model version is trained in a new project', async () => {
    const [model, before] = [newModel(), started()];
    await trainer.createModelVersion(model);
    await openConsole(model.dataset);
    const described = await trainer.describe(1, plan(model));
    expect(described).toMatchObject({
      project: `${model.dataset}-P2`,
      projectNote: expect.stringContaining(`a project with datasets (${model.dataset})`),
    });
    const next = { ...model, modelVersion: 'fedcba9876543210-r1' };
    const arn = await trainer.createModelVersion(next);
    expect(projectOf(arn)).toBe(`${model.dataset}-P2`);
    expect(await trainer.describeVersion({ projectVersionArn: arn })).toMatchObject({
      ProjectVersionArn: arn,
    });
    expect(started() - before).toBe(2);
  });

  it('still has its model versions: none of them is trained again', async () => {
    const [model, before] = [newModel(), started()];
    const arn = await trainer.createModelVersion(model);
    await openConsole(model.dataset);
    expect(await trainer.createModelVersion(model)).toBe(arn);
    expect(await trainer.findModelVersion(model)).toBe(arn);
    expect(started() - before).toBe(1);
  });

  it('is replaced by the next number more than ten times', async () => {
    const model = newModel();
    for (let number = 1; number <= 11; number++) {
      const arn = await trainer.createModelVersion({ ...model, modelVersion: `v${number}` });
      expect(projectOf(arn)).toBe(number === 1 ? model.dataset : `${model.dataset}-P${number}`);
      await openConsole(projectOf(arn) ?? '');
    }
    expect((await trainer.describe(1, plan(model))).project).toBe(`${model.dataset}-P12`);
  });

  it.each(['before', 'after'] as const)(
    'just %s the request that starts the training: one training is started',
    async (when) => {
      const [model, before] = [newModel(), started()];
      const client = createRekognitionClient(
        awsOf({ ...NO_S3, AWS_ENDPOINT_URL_REKOGNITION: test.emulator.endpoint }),
      );
      let requests = 0;
      client.middlewareStack.add(
        (next, context) => async (args) => {
          if (context.commandName !== 'CreateProjectVersionCommand' || requests++ > 0)
            return await next(args);
          if (when === 'before') await openConsole(model.dataset);
          const response = await next(args);
          if (when === 'before') return response;
          await openConsole(model.dataset);
          throw connectionLost();
        },
        { step: 'finalizeRequest', priority: 'low', name: 'openConsole' },
      );
      const arn = await new Trainer(client, {}).createModelVersion(model);
      expect(projectOf(arn)).toBe(when === 'before' ? `${model.dataset}-P2` : model.dataset);
      expect(started() - before).toBe(1);
    },
  );

  it('belongs to one dataset only, whatever the names of other datasets', async () => {
    const [model, before] = [newModel(), started()];
    await trainer.createModelVersion(model);
    await openConsole(model.dataset);
    const other = { ...model, dataset: `${model.dataset}-2` };
    const arns = [await trainer.createModelVersion({ ...model, modelVersion: 'v2' })];
    arns.push(await trainer.createModelVersion({ ...other, modelVersion: 'v2' }));
    expect(arns.map(projectOf)).toEqual([`${model.dataset}-P2`, `${model.dataset}-2`]);
    expect(arns.map((arn) => parseModelArn(arn)?.dataset)).toEqual([model.dataset, other.dataset]);
    expect(started() - before).toBe(3);
  });
});

describe('errors of the service', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
  });

  /** A trainer whose service returns this error for every call. */
  async function failingWith(status: number, type: string): Promise<Trainer> {
    const failing = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', connection: 'close' });
      response.end(JSON.stringify({ __type: type, Message: 'the service says so' }));
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
    if (!retryable) await expect(creating).rejects.toThrow('To fix this, ');
  });

  it.each(['LimitExceededException', 'ServiceQuotaExceededException'])(
    'tells %s from other refusals, because waiting helps',
    async (type) => {
      const creating = (await failingWith(400, type)).createModelVersion(newModel());
      await expect(creating).rejects.toMatchObject({ type: 'TrainerQuota', retryable: false });
      await expect(creating).rejects.toThrow(/the service says so To fix this, .* quota/);
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

  it('treats a lost connection as retryable', async () => {
    const { trainer: offline } = unreliable('before', { DescribeProjectsCommand: 3 });
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
