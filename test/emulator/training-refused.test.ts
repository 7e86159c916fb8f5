import { rm } from 'node:fs/promises';
import {
  CreateProjectVersionCommand,
  DescribeProjectVersionsCommand,
  waitUntilProjectVersionTrainingCompleted,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from '@jest/globals';
import { fitAndTest } from '../../src/emulator/fit.js';
import { State } from '../../src/emulator/state.js';
import { runTraining } from '../../src/emulator/training-job.js';
import { StorageError } from '../../src/storage/errors.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { versionInput } from '../support/emulator.js';
import { putManifest, sameLines } from '../support/manifests.js';
import { temporaryHome } from '../support/servers.js';
import { A, asset, B, describeVersion, GOOD, objects, useTrainings } from '../support/trainings.js';

const { s3, store, start, trained, read } = useTrainings();

describe('trainings on manifests with errors', () => {
  it('completes with one of five images missing, and reports it in the validation manifest and summary', async () => {
    const version = await trained('bears', {
      train: sameLines('bears/a', 5, [A]),
      test: sameLines('bears/t', 2, [A]),
      without: ['bears/a2.jpg'],
    });
    expect(version.Status).toBe('TRAINING_COMPLETED');
    const { statistics } = JSON.parse(await read(version.ManifestSummary));
    expect(statistics.training).toMatchObject({
      total_json_lines: 5,
      valid_json_lines: 4,
      invalid_json_lines: 1,
      error_json_line_indices: [3],
      errors: [],
    });
    const lines = objects(await read(asset(version.TrainingDataResult?.Validation)));
    expect(lines.map(({ errors }) => errors)).toEqual([
      undefined,
      undefined,
      [
        {
          code: 'ERROR_INVALID_IMAGE',
          message: 'The image is invalid. Check S3 path and/or image properties.',
        },
      ],
      undefined,
      undefined,
    ]);
    expect(objects(await read(asset(version.TrainingDataResult?.Output)))).toHaveLength(4);
  });

  it('fails with two of five images missing, without evaluation or billed time', async () => {
    const { running, projectArn } = await start('refuses', {
      train: sameLines('refuses/a', 5, [A]),
      test: sameLines('refuses/t', 2, [A]),
      without: ['refuses/a2.jpg', 'refuses/a4.jpg'],
    });
    await expect(
      waitUntilProjectVersionTrainingCompleted(
        { client: running.client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
        { ProjectArn: projectArn },
      ),
    ).rejects.toThrow('TRAINING_FAILED');
    const version = await describeVersion(running, projectArn);
    expect(version.StatusMessage).toBe('The manifest file contains too many invalid rows.');
    expect(version).not.toHaveProperty('EvaluationResult');
    expect(version).not.toHaveProperty('BillableTrainingTimeInSeconds');
    const { statistics } = JSON.parse(await read(version.ManifestSummary));
    expect(statistics.training.errors).toEqual([
      {
        code: 'ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST',
        message: 'The manifest file contains too many invalid rows.',
      },
    ]);
  });

  it('fails if less than half of the labels occur in testing', async () => {
    const version = await trained('overlap', {
      train: sameLines('overlap/a', 4, [A, B, ['mole', 0, 0, 9, 9]]),
      test: sameLines('overlap/t', 2, [A]),
    });
    expect(version).toMatchObject({
      Status: 'TRAINING_FAILED',
      StatusMessage: 'Less than 50% label overlap between the training and testing manifest files.',
    });
  });

  it('replaces a line that is not a JSON object by its error', async () => {
    await putManifest(store(), s3().bucket, 'lines/t.manifest', sameLines('lines/t', 2, [A]));
    const good = (await store().getBytes(s3().bucket, 'lines/t.manifest')).toString('utf8');
    const { running, projectArn } = await start('lines', GOOD);
    await store().put(s3().bucket, 'lines/a.manifest', `"text"\n${good}[1]\n`);
    const input = versionInput(projectArn, 'v2', s3().bucket, 'lines/a.manifest', 'lines/t.manifest');
    await running.client.send(new CreateProjectVersionCommand(input));
    await running.emulator.service.idle();
    const written = await store().getBytes(s3().bucket, 'out/TrainingManifestWithValidation-lines-v2.json');
    const error = [{ code: 'ERROR_INVALID_JSON_LINE', message: 'The JSON Line has an invalid format.' }];
    const lines = objects(written.toString('utf8'));
    expect([lines[0], lines[3]]).toEqual([{ errors: error }, { errors: error }]);
  });

  it.each([
    ['a missing manifest', 'none.manifest', 'The manifest file extension or contents are invalid.'],
    ['an empty manifest', 'empty.manifest', 'The manifest file is empty.'],
  ])('fails for %s', async (_, train, message) => {
    await store().put(s3().bucket, 'empty.manifest', '');
    const { running, projectArn } = await start('fails', GOOD);
    const input = versionInput(projectArn, 'v2', s3().bucket, train, 'fails/test.manifest');
    await running.client.send(new CreateProjectVersionCommand(input));
    await running.emulator.service.idle();
    const { ProjectVersionDescriptions: [version] = [] } = await running.client.send(
      new DescribeProjectVersionsCommand({ ProjectArn: projectArn, VersionNames: ['v2'] }),
    );
    expect(version?.Status).toBe('TRAINING_FAILED');
    expect(version?.StatusMessage).toContain(message);
  });

  it('fails if S3 refuses its output', async () => {
    const { running } = await start('output', GOOD);
    await running.emulator.service.idle();
    const refusing = new ObjectStore(store().client);
    refusing.put = () => Promise.reject(new StorageError('refused', 'access is denied'));
    const object = (name: string) => ({ Bucket: s3().bucket, Name: `output/${name}.manifest` });
    const version = {
      ...{ arn: 'arn', name: 'v1', created: 0, trainingMs: 0, end: null, model: null, deleted: null },
      ...{ description: null, kmsKeyId: null, source: null, testing: 'manifest' as const },
      output: { S3Bucket: s3().bucket, S3KeyPrefix: '' },
      train: object('train'),
      test: object('test'),
    };
    const project = {
      name: 'output',
      arn: 'arn',
      created: 0,
      versions: [version],
      ...{ datasets: [], policies: [] },
      deleted: null,
    };
    const { home } = await temporaryHome();
    const context = { store: refusing, state: new State(home), now: Date.now, fit: fitAndTest };
    const end = await runTraining(context, project, version, undefined, new AbortController().signal);
    await rm(home, { recursive: true });
    expect(end).toMatchObject({
      status: 'TRAINING_FAILED',
      message: 'Unable to write to output S3 bucket.',
      validated: false,
    });
  });
});
