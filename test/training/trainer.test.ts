import { ListTagsForResourceCommand } from '@aws-sdk/client-rekognition';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../../src/config/environment.js';
import { createRekognitionClient } from '../../src/training/client.js';
import { Trainer } from '../../src/training/trainer.js';
import { NO_S3, startTestEmulator } from '../support/emulator.js';
import { useTestEmulator } from '../support/use-emulator.js';
import { newModel, plan, unreliable } from './trainers.js';

const test = useTestEmulator();
let trainer: Trainer;

beforeAll(() => {
  trainer = new Trainer(test.client, {});
});

const started = () => test.emulator.service.trainingsStarted;

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
    expect(await new Trainer(test.client, { rates: { training: 4.5 } }).describe(889)).toMatchObject({
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

  it('encrypts with the KMS key and tags the project and the model version', async () => {
    const tags = { team: 'derma', 'cost-center': '42=a' };
    const model = newModel();
    const arn = await new Trainer(test.client, { kmsKeyId: 'alias/skin', tags }).createModelVersion(model);
    const project = await trainer.ensureProject(model.dataset);
    for (const ResourceArn of [arn, project]) {
      expect(await test.client.send(new ListTagsForResourceCommand({ ResourceArn }))).toMatchObject({
        Tags: tags,
      });
    }
    expect(await trainer.describeVersion({ projectVersionArn: arn })).toMatchObject({
      KmsKeyId: 'alias/skin',
    });
  });

  it('starts one training if a response is lost', async () => {
    const [model, before] = [newModel(), started()];
    const { trainer: offline } = unreliable(test.emulator.endpoint, 'after', {
      CreateProjectVersionCommand: 1,
    });
    const arn = await offline.createModelVersion(model);
    expect(arn).toBe(await trainer.findModelVersion(model));
    expect(started() - before).toBe(1);
  });

  it('starts one training if all responses are lost, and finds it in the next attempt', async () => {
    const [model, before] = [newModel(), started()];
    // All three attempts of the SDK fail, both to create and to look up the version.
    const { trainer: offline } = unreliable(test.emulator.endpoint, 'after', {
      CreateProjectVersionCommand: 3,
      DescribeProjectVersionsCommand: 3,
    });
    await expect(offline.createModelVersion(model)).rejects.toMatchObject({ retryable: true });
    expect(await trainer.createModelVersion(model)).toBe(await trainer.findModelVersion(model));
    expect(started() - before).toBe(1);
  });

  it('adopts the model version of another version of the dataset with the same manifests', async () => {
    const [model, before] = [newModel(), started()];
    const keysOf = (version: string) => ({
      trainManifestKey: `datasets/${model.dataset}/versions/${version}/train.manifest`,
      valManifestKey: `datasets/${model.dataset}/versions/${version}/val.manifest`,
    });
    const arn = await trainer.createModelVersion({ ...model, ...keysOf('a') });
    expect(await trainer.createModelVersion({ ...model, ...keysOf('b') })).toBe(arn);
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
