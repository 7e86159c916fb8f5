import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { TypedSearchAttributes } from '@temporalio/common';
import { DatasetMetrics } from '../../src/activities/metrics/dataset-metrics.js';
import { ErrorMetrics } from '../../src/activities/metrics/error-metrics.js';
import { ImageMetrics } from '../../src/activities/metrics/image-metrics.js';
import { RunMetrics } from '../../src/activities/metrics/run-metrics.js';
import { TrainingMetrics } from '../../src/activities/metrics/training-metrics.js';
import { STAGE_ATTRIBUTE } from '../../src/contracts/search-attributes.js';
import { DatasetError } from '../../src/dataset/model/errors.js';
import type { ImageResult, PlannedImage, PreprocessedImage } from '../../src/dataset/model/types.js';
import { ProcessLost } from '../../src/lib/process-lost.js';
import type { ReusableImage } from '../../src/pipeline/reusable.js';
import { TrainingError } from '../../src/training/errors.js';
import { openRunMetrics } from '../../src/worker/open-run-metrics.js';
import { recordingMeter } from '../support/recording-meter.js';

const ARN = 'arn:aws:rekognition:us-east-1:000000000000:project/skin/version/v1/1';

describe('metrics of images', () => {
  const planned = (path: string, compressedSize: number): PlannedImage => ({
    entry: { path, offset: 0, compressedSize, size: compressedSize, crc32: 0, method: 0, modified: '' },
    image: { path, cocoFile: 'c', record: 'r', width: 1, height: 1, annotations: 0, boxes: [] },
  });
  const preprocessed = (path: string, sourceSha256: string): PreprocessedImage => ({
    ...{ status: 'preprocessed', path, key: `k/${path}`, sourceSha256, bytes: 1, orientation: 1 },
    ...{ stored: { width: 1, height: 1 }, output: { width: 1, height: 1 }, untouched: true },
  });
  const rejected: ImageResult = {
    ...{ status: 'rejected', path: 'b', cocoFile: 'c', reason: 'undecodable', message: 'm' },
  };
  const earlier = (sourceSha256: string): ReusableImage => ({
    ...{ path: 'a', result: preprocessed('a', sourceSha256), thumbnail: new Uint8Array(), hasRaw: true },
  });
  const batch = { index: 0, images: [planned('a', 100), planned('b', 20), planned('c', 3)] };
  const result = { index: 0, images: [preprocessed('a', 'same'), rejected, preprocessed('c', 'new')] };

  it('a batch counts each image once by its result, the reason of a rejection, bytes and seconds', () => {
    const { meter, recorded } = recordingMeter();
    const images = new ImageMetrics(meter);
    const reusable = { sameArchive: false, images: new Map([['a', earlier('same')]]) };
    images.batchEnded(batch, reusable, result, 2.5);
    expect(recorded('curator_images', { result: 'reused' })).toBe(1);
    expect(recorded('curator_images', { result: 'rejected' })).toBe(1);
    expect(recorded('curator_images', { result: 'preprocessed' })).toBe(1);
    expect(recorded('curator_images_rejected', { reason: 'undecodable' })).toBe(1);
    expect(recorded('curator_read_bytes')).toBe(123);
    expect(recorded('curator_batch')).toBe(2.5);
  });

  it('an image counts as preprocessed if the earlier file of its name had other bytes', () => {
    const { meter, recorded } = recordingMeter();
    const reusable = { sameArchive: false, images: new Map([['a', earlier('other')]]) };
    new ImageMetrics(meter).batchEnded(batch, reusable, result, 1);
    expect(recorded('curator_images', { result: 'preprocessed' })).toBe(2);
    expect(recorded('curator_images', { result: 'reused' })).toBe(0);
  });

  it('images that the same archive has given before are not read', () => {
    const { meter, recorded } = recordingMeter();
    const reusable = { sameArchive: true, images: new Map([['a', earlier('same')]]) };
    new ImageMetrics(meter).batchEnded(batch, reusable, result, 1);
    expect(recorded('curator_read_bytes')).toBe(23);
  });
});

describe('metrics of datasets', () => {
  it('a pass counts as done or as refused, and a failed attempt as neither', async () => {
    const { meter, recorded } = recordingMeter();
    const datasets = new DatasetMetrics(meter);
    await datasets.counting('inspection', async () => 1);
    const refuse = datasets.counting('curation', () => Promise.reject(new DatasetError('NoClassLeft', 'm')));
    await expect(refuse).rejects.toThrow('m');
    await datasets.counting(
      'validation',
      async () => 'unfit',
      () => true,
    );
    const fail = datasets.counting('inspection', () => Promise.reject(new Error('down')));
    await expect(fail).rejects.toThrow('down');
    expect(recorded('curator_dataset_passes', { pass: 'inspection', result: 'done' })).toBe(1);
    expect(recorded('curator_dataset_passes', { pass: 'inspection', result: 'refused' })).toBe(0);
    expect(recorded('curator_dataset_passes', { pass: 'curation', result: 'refused' })).toBe(1);
    expect(recorded('curator_dataset_passes', { pass: 'validation', result: 'refused' })).toBe(1);
  });
});

describe('metrics of trainings', () => {
  const heartbeat = { projectVersionArn: ARN, status: 'TRAINING_IN_PROGRESS' };

  it('show the oldest training, the one nearest to its timeout, and those whose poll failed', async () => {
    const { meter, recorded } = recordingMeter();
    const trainings = new TrainingMetrics(meter);
    await trainings.whilePolling(1000, async (onPoll) => {
      onPoll({ ...heartbeat, elapsedSecs: 900 });
      await trainings.whilePolling(10_000, async (onOtherPoll) => {
        onOtherPoll({ ...heartbeat, elapsedSecs: 2000, problem: { reason: 'expired', nextAttempt: '' } });
        expect(recorded('curator_trainings', { state: 'in-progress' })).toBe(1);
        expect(recorded('curator_trainings', { state: 'unreachable' })).toBe(1);
        expect(recorded('curator_training_age_seconds')).toBe(2000);
        expect(recorded('curator_training_timeout_ratio')).toBe(0.9);
      });
    });
    expect(recorded('curator_trainings', { state: 'in-progress' })).toBe(0);
    expect(recorded('curator_training_age_seconds')).toBe(0);
    expect(recorded('curator_training_timeout_ratio')).toBe(0);
    expect(recorded('curator_trainings_ended', { outcome: 'completed' })).toBe(2);
  });

  it.each([
    ['TrainingFailed', 'failed'],
    ['TrainingTimeout', 'timed-out'],
  ] as const)('a training that ends with %s counts as %s', async (type, outcome) => {
    const { meter, recorded } = recordingMeter();
    const trainings = new TrainingMetrics(meter);
    const polling = trainings.whilePolling(10, () => Promise.reject(new TrainingError(type, 'm')));
    await expect(polling).rejects.toThrow('m');
    expect(recorded('curator_trainings_ended', { outcome })).toBe(1);
  });

  it('a stopping worker ends no training', async () => {
    const { meter, recorded } = recordingMeter();
    const trainings = new TrainingMetrics(meter);
    await expect(trainings.whilePolling(10, () => Promise.reject(new Error('stop')))).rejects.toThrow();
    for (const outcome of ['completed', 'failed', 'timed-out'])
      expect(recorded('curator_trainings_ended', { outcome })).toBe(0);
    expect(recorded('curator_trainings', { state: 'in-progress' })).toBe(0);
  });
});

describe('metrics of runs', () => {
  it('an ended run counts by its outcome, with the seconds of its stages', () => {
    const { meter, recorded } = recordingMeter();
    new RunMetrics(meter).ended('refused', [
      { stage: 'inspecting', from: '2026-01-05T09:00:00.000Z', to: '2026-01-05T09:00:04.500Z' },
      { stage: 'preprocessing', from: '2026-01-05T09:00:04.500Z', to: null },
    ]);
    expect(recorded('curator_runs', { outcome: 'refused' })).toBe(1);
    expect(recorded('curator_runs', { outcome: 'done' })).toBe(0);
    expect(recorded('curator_stage', { stage: 'inspecting' })).toBe(4.5);
    expect(recorded('curator_stage', { stage: 'preprocessing' })).toBeUndefined();
  });
});

describe('metrics and a clock that is set back', () => {
  it('a stage that ends before its start counts no time', () => {
    const { meter, recorded } = recordingMeter();
    new RunMetrics(meter).ended('done', [
      { stage: 'training', from: '2026-01-05T09:00:04.500Z', to: '2026-01-05T09:00:00.000Z' },
    ]);
    expect(recorded('curator_stage', { stage: 'training' })).toBe(0);
  });

  it('a training and a run that begin in the future have the age 0', async () => {
    const { meter, recorded } = recordingMeter();
    const heartbeat = { projectVersionArn: ARN, status: 'TRAINING_IN_PROGRESS', elapsedSecs: -30 };
    await new TrainingMetrics(meter).whilePolling(10, async (onPoll) => onPoll(heartbeat));
    expect(recorded('curator_training_age_seconds')).toBe(0);
    const started = new Date(Date.now() + 60_000);
    const measure = openRunMetrics(meter, async function* () {
      yield { startTime: started, typedSearchAttributes: new TypedSearchAttributes([]) };
    });
    await measure();
    expect(recorded('curator_open_run_age_seconds', { stage: 'unknown' })).toBe(0);
  });
});

describe('metrics of errors', () => {
  const { meter, recorded } = recordingMeter();
  const errors = new ErrorMetrics(meter);

  it.each([
    ['a refusal', ApplicationFailure.nonRetryable('m', 'NoClassLeft'), 'NoClassLeft', 'refusal'],
    ['a failure of S3', ApplicationFailure.retryable('m', 'StorageRefused'), 'StorageRefused', 'failure'],
    ['a killed process', new ProcessLost('reads', 'SIGKILL'), 'ProcessLost', 'failure'],
    ['any other error', new TypeError('m'), 'Unexpected', 'failure'],
  ])('%s counts by its class', (_what, failure, error, kind) => {
    expect(recorded('curator_errors', { error, kind })).toBe(0);
    errors.count(failure);
    expect(recorded('curator_errors', { error, kind })).toBe(1);
  });

  it('cancelled activities and stopping workers count as no error', () => {
    const fresh = recordingMeter();
    const counted = new ErrorMetrics(fresh.meter);
    counted.count(new CancelledFailure('m'));
    counted.count(ApplicationFailure.retryable('m', 'WorkerStopping'));
    expect(fresh.sumOf('curator_errors')).toBe(0);
  });
});

describe('metrics of open runs', () => {
  const run = (stage: string | undefined, ageSecs: number) => ({
    startTime: new Date(Date.now() - ageSecs * 1000),
    typedSearchAttributes: new TypedSearchAttributes(
      stage === undefined ? [] : [{ key: STAGE_ATTRIBUTE, value: stage }],
    ),
  });

  it('count runs by stage, with the age of the oldest, until the runs have ended', async () => {
    const { meter, recorded } = recordingMeter();
    let open = [run('training', 7000), run('training', 10), run(undefined, 20)];
    const measure = openRunMetrics(meter, async function* () {
      yield* open;
    });
    await measure();
    expect(recorded('curator_open_runs', { stage: 'training' })).toBe(2);
    expect(recorded('curator_open_run_age_seconds', { stage: 'training' })).toBeGreaterThanOrEqual(7000);
    expect(recorded('curator_open_runs', { stage: 'unknown' })).toBe(1);
    expect(recorded('curator_open_runs', { stage: 'inspecting' })).toBe(0);
    open = [];
    await measure();
    expect(recorded('curator_open_runs', { stage: 'training' })).toBe(0);
    expect(recorded('curator_open_run_age_seconds', { stage: 'training' })).toBe(0);
  });

  it('say when Temporal was last read, and keep that time if it cannot be', async () => {
    const { meter, recorded } = recordingMeter();
    let isDown = false;
    const measure = openRunMetrics(meter, async function* () {
      if (isDown) throw new Error('down');
      yield* [];
    });
    await measure();
    const read = recorded('curator_open_runs_updated_timestamp_seconds');
    expect(read).toBeGreaterThan(1_700_000_000);
    isDown = true;
    await expect(measure()).rejects.toThrow('down');
    expect(recorded('curator_open_runs_updated_timestamp_seconds')).toBe(read);
  });
});
