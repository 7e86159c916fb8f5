import { describe, expect, it } from '@jest/globals';
import { MalformedError, StorageError } from '../../src/storage/errors.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { readEvaluation } from '../../src/training/evaluation.js';
import { evaluationLine } from '../support/evaluation-manifests.js';
import { fileStore } from '../support/file-store.js';
import { manifestOf, sameLines } from '../support/manifests.js';

const METRICS = { F1Score: 0.343, Precision: 0.347, Recall: 0.36, AveragePrecision: 0.3, AverageRecall: 0.4 };
const label = (Label: string, F1Score: number) => ({
  Label,
  NumberOfTestingImages: 12,
  Metrics: { F1Score, Precision: 0.5, Recall: 0.25, Threshold: 0.258 },
});
const summary = (aggregated: unknown) => ({
  Version: 1,
  AggregatedEvaluationResults: aggregated,
  EvaluationDetails: {
    EvaluationEndTimestamp: '2019-11-21T07:30:23.910943',
    Labels: ['scar', 'acne'],
    NumberOfTestingImages: 88,
    NumberOfTrainingImages: 801,
    ProjectVersionArn: 'arn',
  },
  LabelEvaluationResults: [label('scar', 0.6), label('acne', 0.2)],
});

const located = (Name: string) => ({ S3Object: { Bucket: 'bucket', Name } });
const asset = (Name: string) => ({ Assets: [{ GroundTruthManifest: located(Name) }] });
const VERSION = {
  ProjectVersionArn: 'arn:v1',
  Status: 'TRAINING_COMPLETED',
  EvaluationResult: { F1Score: 0.343, Summary: located('out/summary.json') },
} as const;

/** A store with one object. */
function storeOf(content: string | StorageError): ObjectStore {
  return fileStore({ 'out/summary.json': content });
}
const read = (content: unknown) => readEvaluation(storeOf(JSON.stringify(content)), VERSION);

describe('readEvaluation', () => {
  it.each([
    ["flat metrics, as in the developer guide's sample", METRICS],
    ["nested metrics, as in the developer guide's schema", { Metrics: METRICS }],
  ])('reads %s', async (_, aggregated) => {
    const rest = {
      ...{ precision: 0.5, recall: 0.25, threshold: 0.258, testImages: 12 },
      ...{ testBoxes: null, interval: null },
    };
    expect(await read(summary(aggregated))).toEqual({
      f1: 0.343,
      precision: 0.347,
      recall: 0.36,
      averagePrecision: 0.3,
      trainImages: 801,
      testImages: 88,
      testBoxes: null,
      interval: null,
      recounted: null,
      chance: null,
      labels: [
        { label: 'acne', f1: 0.2, ...rest },
        { label: 'scar', f1: 0.6, ...rest },
      ],
    });
  });

  it("counts F1 again by the service's flags, on which the interval is based", async () => {
    // 17 predictions for 20 objects, all on their object; the service calls 13 correct: F1 = 2 * 13 / (17 + 20).
    const acne = ['acne', 10, 10, 20, 20] as const;
    const images = sameLines('val/', 20, [acne]);
    const verdict = (n: number) => (n < 13 ? 'true-positive' : 'false-positive');
    const predictions = images.map(({ image }, n) =>
      evaluationLine('bucket', image, [acne], n < 17 ? [{ box: acne, is: verdict(n) }] : []),
    );
    const files: Readonly<Record<string, string>> = {
      'out/summary.json': JSON.stringify({
        ...summary(METRICS),
        LabelEvaluationResults: [label('acne', 0.646)],
      }),
      'v/val.manifest': manifestOf('bucket', images),
      'out/snapshot.json': `${predictions.join('\n')}\n`,
    };
    const store = fileStore(files);
    const tests = { Input: asset('v/val.manifest'), Output: asset('out/snapshot.json') };
    const { recounted, interval } = await readEvaluation(store, { ...VERSION, TestingDataResult: tests });
    expect(recounted?.byFlags).toBeCloseTo(26 / 37, 12);
    expect(recounted?.byMatching).toBeCloseTo(34 / 37, 12);
    expect(interval?.low).toBeLessThan(26 / 37);
    expect(interval?.high).toBeGreaterThan(26 / 37);
    expect(interval?.high).toBeLessThan(34 / 37);
  });

  it('accepts a summary without average precision', async () => {
    const { AveragePrecision: _, ...rest } = METRICS;
    expect(await read(summary(rest))).toMatchObject({ averagePrecision: null });
  });

  it('clamps metrics that rounding moved just outside 0 to 1', async () => {
    const rounded = { ...METRICS, AveragePrecision: 1.0000000000000002, Recall: -1e-17 };
    expect(await read(summary(rounded))).toMatchObject({ averagePrecision: 1, recall: 0 });
  });

  it.each([
    ['a metric above 1', summary({ ...METRICS, F1Score: 34.3 }), 'AggregatedEvaluationResults'],
    ['a missing list of labels', { ...summary(METRICS), LabelEvaluationResults: undefined }, 'LabelEval'],
  ])('refuses %s and names the file and the field', async (_, content, place) => {
    const reading = read(content);
    await expect(reading).rejects.toMatchObject({ type: 'EvaluationUnreadable', retryable: false });
    await expect(reading).rejects.toThrow('s3://bucket/out/summary.json');
    await expect(reading).rejects.toThrow(place);
  });

  it('refuses a summary that is not JSON', async () => {
    const reading = readEvaluation(storeOf('<html>'), VERSION);
    await expect(reading).rejects.toMatchObject({ type: 'EvaluationUnreadable' });
    await expect(reading).rejects.toThrow('s3://bucket/out/summary.json is not JSON');
  });

  it('reports a missing file or a missing evaluation', async () => {
    const missing = new StorageError(
      'missing',
      'Could not read s3://bucket/out/summary.json: no such object.',
    );
    await expect(readEvaluation(storeOf(missing), VERSION)).rejects.toMatchObject({
      type: 'EvaluationUnreadable',
      message: missing.message,
    });
    const { EvaluationResult: _, ...none } = VERSION;
    await expect(readEvaluation(storeOf(''), none)).rejects.toThrow('arn:v1 has no evaluation');
  });

  it('does not advise to delete a document of the service that is too large', async () => {
    const large = new MalformedError('s3://bucket/out/summary.json is too large: 9 bytes, maximum 8.');
    await expect(readEvaluation(storeOf(large), VERSION)).rejects.toMatchObject({
      type: 'EvaluationUnreadable',
      message: large.problem,
    });
  });

  it('passes on an outage of S3 for a retry', async () => {
    const outage = new StorageError('unavailable', 'connection refused');
    await expect(readEvaluation(storeOf(outage), VERSION)).rejects.toBe(outage);
  });
});
