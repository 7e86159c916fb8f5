import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { StorageError } from '../../src/storage/errors.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { readTestSet } from '../../src/training/test-set.js';
import { manifestOf, sameLines, type TestBox } from '../support/manifests.js';
import { A, B } from '../support/trainings.js';

const TRAIN = manifestOf('bucket', sameLines('train/', 4, [A, B]));
const LINES = sameLines('val/', 20, [A, B]);
const VAL = manifestOf('bucket', LINES);
const THRESHOLDS = new Map([
  ['acne', 0.5],
  ['scar', 0.5],
]);

/** The service's evaluation manifest: the acne is detected in every image, the scar in every second one. */
function snapshot(): string {
  return LINES.map(({ image }, n) => {
    const located = (boxes: readonly TestBox[]) => ({
      annotations: boxes.map(([, left, top, width, height], id) => ({
        ...{ class_id: id, left, top, width, height },
      })),
    });
    const metadata = (boxes: readonly TestBox[]) => ({
      objects: boxes.map(() => ({ confidence: 0.9 })),
      'class-map': { 0: 'acne', 1: 'scar' },
    });
    const found = n % 2 ? [A, B] : [A];
    return `${JSON.stringify({
      'source-ref': `s3://bucket/${image}`,
      'rekognition-custom-labels-training-0': located([A, B]),
      'rekognition-custom-labels-training-0-metadata': metadata([A, B]),
      'rekognition-custom-labels-evaluation': located(found),
      'rekognition-custom-labels-evaluation-metadata': metadata(found),
    })}\n`;
  }).join('');
}

const asset = (Name: string) => ({
  Assets: [{ GroundTruthManifest: { S3Object: { Bucket: 'bucket', Name } } }],
});
const VERSION = {
  TrainingDataResult: { Input: asset('v/train.manifest') },
  TestingDataResult: { Input: asset('v/val.manifest'), Output: asset('out/snapshot.json') },
};

function storeOf(files: Readonly<Record<string, string | StorageError>>): ObjectStore {
  const store = new ObjectStore(new S3Client({ region: 'us-east-1' }));
  store.getBytes = async (_, key) => {
    const file = files[key] ?? new StorageError('missing', `${key} is missing`);
    if (typeof file !== 'string') throw file;
    return Buffer.from(file);
  };
  return store;
}
const FILES = { 'v/train.manifest': TRAIN, 'v/val.manifest': VAL, 'out/snapshot.json': snapshot() };
const photosOf = (photo: (n: number) => string) =>
  LINES.map(({ image }, n) => `${JSON.stringify({ key: image, photo: photo(n) })}\n`).join('');
const read = (files: Readonly<Record<string, string | StorageError>>) =>
  readTestSet(storeOf(files), VERSION, THRESHOLDS);

describe('readTestSet', () => {
  it('computes objects, chance and intervals from the manifests and predictions', async () => {
    const { boxes, chance, interval, labelIntervals } = await read(FILES);
    expect([...(boxes ?? [])]).toEqual([
      ['acne', 20],
      ['scar', 20],
    ]);
    // Every box equals the median box of the training set.
    expect(chance).toBe(1);
    expect(labelIntervals.get('acne')).toEqual({ low: 1, high: 1 });
    const scar = labelIntervals.get('scar') ?? { low: 1, high: 0 };
    expect(scar.low).toBeLessThan(2 / 3);
    expect(scar.high).toBeGreaterThan(2 / 3);
    expect(interval?.low).toBeCloseTo((1 + scar.low) / 2, 12);
    expect(interval?.high).toBeCloseTo((1 + scar.high) / 2, 12);
  });

  it('resamples photos instead of images if images.jsonl lists the copies', async () => {
    const alone = await read({ ...FILES, 'v/images.jsonl': photosOf((n) => `photo${n}`) });
    expect(alone).toEqual(await read(FILES));
    const pairs = await read({ ...FILES, 'v/images.jsonl': photosOf((n) => `photo${n >> 2}`) });
    // Each photo has as many detected as missed scars, so every resampling gives the same F1.
    expect(pairs.labelIntervals.get('scar')).toEqual({ low: 2 / 3, high: 2 / 3 });
  });

  it('returns null for results whose files are missing', async () => {
    const { 'out/snapshot.json': _, ...manifests } = FILES;
    expect(await read(manifests)).toMatchObject({ interval: null, chance: 1 });
    const { 'v/train.manifest': __, ...tests } = FILES;
    expect(await read(tests)).toMatchObject({ chance: null, interval: { high: expect.any(Number) } });
    expect(await read({})).toMatchObject({ boxes: null, chance: null, interval: null });
    expect(await readTestSet(storeOf({}), {}, THRESHOLDS)).toMatchObject({ boxes: null });
  });

  it.each([
    ['not JSON', '<html>'],
    ['of another form', '{"source-ref": "s3://bucket/val/0.jpg"}'],
  ])('returns no interval if the predictions are %s', async (_, text) => {
    expect(await read({ ...FILES, 'out/snapshot.json': text })).toMatchObject({ interval: null });
  });

  it('passes on an outage of S3 for a retry', async () => {
    const outage = new StorageError('unavailable', 'connection refused');
    await expect(read({ ...FILES, 'out/snapshot.json': outage })).rejects.toBe(outage);
  });
});
