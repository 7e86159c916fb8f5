import { connect, createServer } from 'node:net';
import {
  DeleteProjectCommand,
  DeleteProjectVersionCommand,
  waitUntilProjectVersionTrainingCompleted,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from '@jest/globals';
import { freePort } from '../../src/local/ports.js';
import { SIDE, sameLines, type TestBox } from '../support/manifests.js';
import { A, asset, B, describeVersion, GOOD, objects, useTrainings } from '../support/trainings.js';

const B_ELSEWHERE: TestBox = ['scar', 10, 60, 20, 20];

const { s3, store, start, trained, read, restart } = useTrainings();

describe('trainings', () => {
  it("satisfies the SDK's waiter and writes the service's output files", async () => {
    const { running, projectArn, versionArn } = await start('whole', GOOD);
    const waited = await waitUntilProjectVersionTrainingCompleted(
      { client: running.client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
      { ProjectArn: projectArn },
    );
    expect(waited.state).toBe('SUCCESS');

    const version = await describeVersion(running, projectArn);
    const named = (kind: string) => ({
      S3Object: { Bucket: s3().bucket, Name: `out/${kind}-whole-v1.json` },
    });
    expect(version).toMatchObject({
      Status: 'TRAINING_COMPLETED',
      StatusMessage: 'The model is ready to run.',
      BillableTrainingTimeInSeconds: expect.any(Number),
      EvaluationResult: { F1Score: expect.any(Number), Summary: named('EvaluationResultSummary') },
      ManifestSummary: named('ManifestSummary'),
    });
    expect(asset(version.TrainingDataResult?.Output)).toEqual(named('TrainingGroundTruth'));
    expect(asset(version.TestingDataResult?.Output)).toEqual(named('TestingGroundTruth'));
    expect(asset(version.TrainingDataResult?.Validation)).toEqual(named('TrainingManifestWithValidation'));
    expect(asset(version.TestingDataResult?.Validation)).toEqual(named('TestingManifestWithValidation'));

    expect(JSON.parse(await read(version.EvaluationResult?.Summary))).toEqual({
      Version: 1,
      AggregatedEvaluationResults: expect.objectContaining({ F1Score: version.EvaluationResult?.F1Score }),
      EvaluationDetails: {
        EvaluationEndTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+$/),
        Labels: ['acne', 'scar'],
        NumberOfTestingImages: 2,
        NumberOfTrainingImages: 4,
        ProjectVersionArn: versionArn,
      },
      LabelEvaluationResults: expect.any(Array),
    });
    const statistics = (lines: number) => ({
      use_case: 'OBJECT_LOCALIZATION',
      total_json_lines: lines,
      valid_json_lines: lines,
      invalid_json_lines: 0,
      ignored_json_lines: 0,
      error_json_line_indices: [],
      errors: [],
    });
    expect(JSON.parse(await read(version.ManifestSummary))).toEqual({
      statistics: { training: statistics(4), testing: statistics(2) },
      errors: [],
    });
    const manifest = (await store().getBytes(s3().bucket, 'whole/train.manifest')).toString('utf8');
    expect(await read(asset(version.TrainingDataResult?.Validation))).toBe(manifest);
    expect(await read(asset(version.TrainingDataResult?.Output))).toBe(manifest);
  });

  it('rejects the line of an image that ends in the middle, and trains on the others', async () => {
    const { running, projectArn } = await start('cut', {
      ...GOOD,
      train: sameLines('cut/a', 6, [A, B]),
      cut: ['cut/a2.jpg'],
    });
    await running.emulator.service.idle();
    const version = await describeVersion(running, projectArn);
    expect(version.Status).toBe('TRAINING_COMPLETED');
    const lines = objects(await read(asset(version.TrainingDataResult?.Validation)));
    expect(lines.map(({ errors }) => errors)).toEqual(
      Array.from({ length: 6 }, (_, n) =>
        n === 2 ? [expect.objectContaining({ code: 'ERROR_INVALID_IMAGE' })] : undefined,
      ),
    );
    const { EvaluationDetails } = JSON.parse(await read(version.EvaluationResult?.Summary));
    expect(EvaluationDetails).toMatchObject({ NumberOfTrainingImages: 5 });
  });

  it('evaluates predictions of a model that saw only the training set', async () => {
    // Every acne has the position of the training set, every scar another one: all of the former are found, none of the latter.
    const version = await trained('honest', {
      train: sameLines('honest/a', 4, [A, B]),
      test: [
        ...sameLines('honest/t', 2, [A, B_ELSEWHERE]),
        // It has no acne, so that prediction is wrong and precision is 2 of 3.
        { image: 'honest/u.jpg', boxes: [B_ELSEWHERE] },
      ],
    });
    const { AggregatedEvaluationResults: all, LabelEvaluationResults: labels } = JSON.parse(
      await read(version.EvaluationResult?.Summary),
    );
    expect(labels).toEqual([
      {
        Label: 'acne',
        NumberOfTestingImages: 2,
        Metrics: {
          F1Score: expect.closeTo(0.8),
          Precision: expect.closeTo(2 / 3),
          Recall: 1,
          Threshold: expect.any(Number),
        },
      },
      {
        Label: 'scar',
        NumberOfTestingImages: 3,
        Metrics: { F1Score: 0, Precision: 0, Recall: 0, Threshold: 1 },
      },
    ]);
    expect(all).toEqual({
      F1Score: expect.closeTo(0.4),
      Precision: expect.closeTo(1 / 3),
      Recall: 0.5,
      AveragePrecision: expect.any(Number),
      AverageRecall: expect.any(Number),
    });
    const [first, , last] = objects(await read(asset(version.TestingDataResult?.Output)));
    const predicted = (line: Record<string, unknown> | undefined) => {
      const metadata = line?.['rekognition-custom-labels-evaluation-metadata'] as { objects: object[] };
      return metadata.objects;
    };
    const details = (isCorrect: boolean) => ({
      confidence: expect.any(Number),
      'rekognition-custom-labels-evaluation-details': {
        version: 1,
        'ground-truth-labelling-jobs': ['rekognition-custom-labels-training-job'],
        'is-true-positive': isCorrect,
        'is-true-negative': false,
        'is-false-positive': !isCorrect,
        'is-false-negative': false,
        'is-present-in-ground-truth': isCorrect,
      },
    });
    expect(predicted(first)).toContainEqual(details(true));
    expect(predicted(last)).toContainEqual(details(false));
    expect(predicted(last)).not.toContainEqual(details(true));
    const near = (pixels: number) => expect.closeTo(pixels, -1);
    expect(first).toMatchObject({
      'rekognition-custom-labels-object-id': expect.stringMatching(/^[0-9a-f]{32}$/),
      'rekognition-custom-labels-training-0': {
        annotations: [
          { class_id: 0, left: 10, top: 10, width: 20, height: 20 },
          { class_id: 1, left: 10, top: 60, width: 20, height: 20 },
        ],
        image_size: [{ ...SIDE, depth: 3 }],
      },
      'rekognition-custom-labels-training-0-metadata': {
        objects: [{ confidence: 1 }, { confidence: 1 }],
        'class-map': { 0: 'acne', 1: 'scar' },
        type: 'groundtruth/object-detection',
        'human-annotated': 'yes',
        'job-name': 'rekognition-custom-labels-training-job',
      },
      'source-ref': `s3://${s3().bucket}/honest/t0.jpg`,
      'rekognition-custom-labels-evaluation': {
        annotations: expect.arrayContaining([
          { class_id: 0, left: near(10), top: near(10), width: near(20), height: near(20) },
          { class_id: 1, left: near(60), top: near(60), width: near(20), height: near(20) },
        ]),
      },
      'rekognition-custom-labels-evaluation-metadata': { 'class-map': { 0: 'acne', 1: 'scar' } },
    });
  });

  it("lasts the configured time by the emulator's clock", async () => {
    let now = Date.parse('2026-01-05T09:00:00Z');
    const hours = 3_600_000;
    const { running, projectArn, versionArn } = await start('long', GOOD, {
      trainingMs: 2.8 * hours,
      now: () => now,
    });
    await running.emulator.service.idle();
    now += 2.8 * hours - 1;
    const early = await describeVersion(running, projectArn);
    expect(early.Status).toBe('TRAINING_IN_PROGRESS');
    expect(early).not.toHaveProperty('TrainingEndTimestamp');
    now += 1;
    expect(await describeVersion(running, projectArn)).toMatchObject({
      Status: 'TRAINING_COMPLETED',
      CreationTimestamp: new Date('2026-01-05T09:00:00Z'),
      TrainingEndTimestamp: new Date('2026-01-05T11:48:00Z'),
      BillableTrainingTimeInSeconds: 2.8 * 3600,
    });

    await running.client.send(new DeleteProjectVersionCommand({ ProjectVersionArn: versionArn }));
    await running.client.send(new DeleteProjectCommand({ ProjectArn: projectArn }));
  });

  it('waits while S3 is unreachable, then trains', async () => {
    const port = await freePort();
    let onMessage: (message: string) => void = () => undefined;
    const firstMessage = new Promise<string>((done) => {
      onMessage = done;
    });
    const { running, projectArn } = await start(
      'unreachable',
      GOOD,
      { log: (message) => onMessage(message) },
      { AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}` },
    );
    expect(await firstMessage).toContain('ECONNREFUSED');
    expect((await describeVersion(running, projectArn)).Status).toBe('TRAINING_IN_PROGRESS');

    // A proxy on the unused port makes S3 reachable.
    const { port: target } = new URL(s3().endpoint);
    const proxy = createServer((socket) => {
      const upstream = connect(Number(target), '127.0.0.1');
      socket.pipe(upstream).pipe(socket);
      socket.once('close', () => upstream.destroy());
    });
    await new Promise<void>((done) => proxy.listen(port, '127.0.0.1', done));
    await running.emulator.service.idle();
    expect((await describeVersion(running, projectArn)).Status).toBe('TRAINING_COMPLETED');
    proxy.close();
  });

  it('continues after a restart without starting a second training', async () => {
    let now = Date.parse('2026-01-05T09:00:00Z');
    const { running, projectArn } = await start('again', GOOD, { trainingMs: 60_000, now: () => now });
    const restarted = await restart(running);
    expect((await describeVersion(restarted, projectArn)).Status).toBe('TRAINING_IN_PROGRESS');
    await restarted.emulator.service.idle();
    now += 60_000;
    const version = await describeVersion(restarted, projectArn);
    expect(version).toMatchObject({
      Status: 'TRAINING_COMPLETED',
      CreationTimestamp: new Date('2026-01-05T09:00:00Z'),
    });
    expect(restarted.emulator.service.trainingsStarted).toBe(1);
  });
});
