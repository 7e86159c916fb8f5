import { describe, expect, it } from '@jest/globals';
import { StorageError } from '../../src/storage/errors.js';
import { readTestSet } from '../../src/training/test-set.js';
import { evaluationLine, type Verdict } from '../support/evaluation-manifests.js';
import { fileStore } from '../support/file-store.js';
import { manifestOf, sameLines } from '../support/manifests.js';
import { A, B } from '../support/trainings.js';

const TRAIN = manifestOf('bucket', sameLines('train/', 4, [A, B]));
const LINES = sameLines('val/', 20, [A, B]);
const VAL = manifestOf('bucket', LINES);
const THRESHOLDS = new Map([
  ['acne', 0.5],
  ['scar', 0.5],
]);

/**
 * The service's evaluation manifest: the acne is detected in every image, the scar in every second one.
 * @param flagOf the service's verdict on the predictions of an image; undefined for predictions without one
 */
function snapshot(flagOf: (n: number, label: string) => Verdict | undefined = () => undefined): string {
  return LINES.map(({ image }, n) => {
    const predictions = (n % 2 ? [A, B] : [A]).map((box) => ({ box, is: flagOf(n, box[0]) }));
    return `${evaluationLine('bucket', image, [A, B], predictions)}\n`;
  }).join('');
}

const asset = (Name: string) => ({
  Assets: [{ GroundTruthManifest: { S3Object: { Bucket: 'bucket', Name } } }],
});
const VERSION = {
  TrainingDataResult: { Input: asset('v/train.manifest') },
  TestingDataResult: { Input: asset('v/val.manifest'), Output: asset('out/snapshot.json') },
};

const FILES = { 'v/train.manifest': TRAIN, 'v/val.manifest': VAL, 'out/snapshot.json': snapshot() };
const photosOf = (photo: (n: number) => string) =>
  LINES.map(({ image }, n) => `${JSON.stringify({ key: image, photo: photo(n) })}\n`).join('');
const read = (files: Readonly<Record<string, string | StorageError>>) =>
  readTestSet(fileStore(files), VERSION, THRESHOLDS);

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
    expect(await readTestSet(fileStore({}), {}, THRESHOLDS)).toMatchObject({ boxes: null });
  });

  it("bases intervals on the service's flags where they differ from the boxes", async () => {
    // Every acne lies on its object, but the service calls each second one a false positive: F1 = 2 * 10 / (20 + 20).
    const flagged = snapshot((n, label) => (label === 'acne' && n % 2 ? 'false-positive' : 'true-positive'));
    const { counted, labelIntervals } = await read({ ...FILES, 'out/snapshot.json': flagged });
    expect(counted?.byFlags?.get('acne')).toBe(0.5);
    expect(counted?.byMatching.get('acne')).toBe(1);
    const { low = 1, high = 0 } = labelIntervals.get('acne') ?? {};
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
    expect(high).toBeLessThan(1);
  });

  it('bases intervals on matched boxes if a single prediction has no flag', async () => {
    const partly = snapshot((n) => (n === 0 ? undefined : 'false-positive'));
    const { counted, labelIntervals } = await read({ ...FILES, 'out/snapshot.json': partly });
    expect(counted).toEqual({
      byFlags: null,
      byMatching: new Map([
        ['acne', 1],
        ['scar', 2 / 3],
      ]),
    });
    expect(labelIntervals.get('acne')).toEqual({ low: 1, high: 1 });
  });

  it('counts only the objects of test images that the service evaluated', async () => {
    const evaluated = `${snapshot().split('\n').slice(0, 12).join('\n')}\n`;
    const { boxes } = await read({ ...FILES, 'out/snapshot.json': evaluated });
    expect(Object.fromEntries(boxes ?? [])).toEqual({ acne: 12, scar: 12 });
  });

  it.each([
    ['empty', ''],
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
