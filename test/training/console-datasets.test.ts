import { CreateDatasetCommand, DescribeProjectsCommand } from '@aws-sdk/client-rekognition';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parseModelArn } from '../../src/models/model-runner.js';
import { createRekognitionClient } from '../../src/training/client.js';
import { Trainer } from '../../src/training/trainer.js';
import { awsOf } from '../support/aws.js';
import { NO_S3 } from '../support/emulator.js';
import { useTestEmulator } from '../support/use-emulator.js';
import { connectionLost, newModel, plan } from './trainers.js';

const test = useTestEmulator();
let trainer: Trainer;

beforeAll(() => {
  trainer = new Trainer(test.client, {});
});

const started = () => test.emulator.service.trainingsStarted;

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

  it('a project with datasets is not changed: the next model version is trained in a new project', async () => {
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

  it('model versions of a project with datasets are not trained again', async () => {
    const [model, before] = [newModel(), started()];
    const arn = await trainer.createModelVersion(model);
    await openConsole(model.dataset);
    expect(await trainer.createModelVersion(model)).toBe(arn);
    expect(await trainer.findModelVersion(model)).toBe(arn);
    expect(started() - before).toBe(1);
  });

  it('a project with datasets is replaced by the next number more than ten times', async () => {
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

  it('a project belongs to one dataset only, whatever the names of other datasets', async () => {
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
