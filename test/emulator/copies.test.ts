import {
  CopyProjectVersionCommand,
  DeleteProjectVersionCommand,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from '@jest/globals';
import { ModelRunner, parseModelArn } from '../../src/models/model-runner.js';
import { picture } from '../support/archives.js';
import { createProject, type TestEmulator } from '../support/emulator.js';
import { describeVersion, GOOD, useTrainings } from '../support/trainings.js';

const { s3, start, read, restart } = useTrainings();

const copy = (
  { client }: TestEmulator,
  SourceProjectArn: string,
  SourceProjectVersionArn: string,
  DestinationProjectArn: string,
) =>
  client.send(
    new CopyProjectVersionCommand({
      ...{ SourceProjectArn, SourceProjectVersionArn, DestinationProjectArn, VersionName: 'v1' },
      OutputConfig: { S3Bucket: s3().bucket, S3KeyPrefix: 'copied' },
    }),
  );

describe('copies of a model', () => {
  it('copies of a model have the evaluation of their source, are not billed, and detect after the source is deleted', async () => {
    const minute = 60_000;
    let now = Date.parse('2026-01-05T09:00:00Z');
    const training = await start('source', GOOD, { transitionMs: minute, now: () => now });
    let { running } = training;
    const { projectArn, versionArn } = training;
    await running.emulator.service.idle();
    const target = await createProject(running.client, 'target');
    const { ProjectVersionArn: arn = '' } = await copy(running, projectArn, versionArn, target);
    expect((await describeVersion(running, target)).Status).toBe('COPYING_IN_PROGRESS');
    await expect(
      running.client.send(new DeleteProjectVersionCommand({ ProjectVersionArn: arn })),
    ).rejects.toThrow(ResourceInUseException);
    await running.emulator.service.idle();
    now += minute;
    const source = await describeVersion(running, projectArn);
    const copied = await describeVersion(running, target);
    expect(copied).toMatchObject({
      Status: 'COPYING_COMPLETED',
      SourceProjectVersionArn: versionArn,
      EvaluationResult: {
        F1Score: source.EvaluationResult?.F1Score,
        Summary: { S3Object: { Name: 'copied/EvaluationResultSummary-target-v1.json' } },
      },
    });
    expect(copied).not.toHaveProperty('BillableTrainingTimeInSeconds');
    expect(await read(copied.EvaluationResult?.Summary)).toBe(await read(source.EvaluationResult?.Summary));
    expect(running.emulator.service.trainingsStarted).toBe(1);

    await running.client.send(new DeleteProjectVersionCommand({ ProjectVersionArn: versionArn }));
    running = await restart(running);
    const model = parseModelArn(arn);
    if (!model) throw new Error(arn);
    const clock = {
      now: () => now,
      sleep: async (ms: number) => {
        now += ms;
      },
    };
    const runner = new ModelRunner(running.client, clock);
    const { signal } = new AbortController();
    expect(await runner.start(model, signal)).toBe(true);
    await runner.untilRunning(model, signal);
    expect(await runner.detect(model, await picture(1, 100, 100))).toContainEqual(
      expect.objectContaining({ label: 'acne' }),
    );
  });

  it('copies of a model are refused for a source that is untrained or belongs to another project, and for a name in use', async () => {
    const { running, projectArn, versionArn } = await start('untrained', GOOD, { trainingMs: 60_000 });
    const target = await createProject(running.client, 'elsewhere');
    await expect(copy(running, projectArn, versionArn, target)).rejects.toThrow('is not trained');
    await expect(copy(running, target, versionArn, target)).rejects.toThrow(ResourceNotFoundException);
    await expect(copy(running, projectArn, versionArn, projectArn)).rejects.toThrow(ResourceInUseException);
  });
});
