import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { adviceFromStorage } from '../../src/cli/advice.js';
import { modelCardKey, preprocessedPrefix, versionKey } from '../../src/dataset/model/layout.js';
import type { Advice, Comparisons } from '../../src/endpoint/model-schemas.js';
import type { ModelCard } from '../../src/training/model-card-schema.js';
import { RESULT } from '../cli/ingest-result.js';
import { startTestEndpoint, type TestEndpoint } from '../support/endpoint.js';
import { evaluationLine } from '../support/evaluation-manifests.js';
import { SIDE } from '../support/manifests.js';
import { startTestSeaweedFs, type TestS3 } from '../support/servers.js';

const VERSION = '0123456789abcdef';
const TESTED = `${VERSION}-r1`;
const UNTESTED = `${VERSION}-r2`;
const LOST = `${VERSION}-r3`;
const FOREIGN = `${VERSION}-r4`;
const TILE = { left: 0, top: 0, width: 40, height: 30 };
const keyOf = (name: string) => `${preprocessedPrefix('skin')}${name}.abc.jpg`;

describe('the test images of a model over HTTP', () => {
  let s3: TestS3;
  let endpoint: TestEndpoint;

  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
    endpoint = await startTestEndpoint({ s3: s3.env, bucket: s3.bucket });
    const put = async (key: string, body: string) => await endpoint.store.put(s3.bucket, key, body);
    const image = (name: string, split: 'train' | 'val') => ({
      ...{ path: `photos/${name}.jpg`, key: keyOf(name), split, photo: name, ...SIDE },
      ...{ sourceSha256: 'a'.repeat(64), boxes: [] },
    });
    const lines = [image('a', 'val'), { ...image('b', 'val'), tile: TILE }, image('c', 'train')];
    await put(
      versionKey('skin', VERSION, 'images.jsonl'),
      lines.map((line) => JSON.stringify(line)).join('\n'),
    );
    const predictions = [
      evaluationLine(
        s3.bucket,
        keyOf('b'),
        [['acne', 1, 2, 30, 40]],
        [{ box: ['scar', 5, 6, 20, 20], is: 'false-positive' }],
      ),
      evaluationLine(s3.bucket, keyOf('a'), [], []),
    ];
    await put('output/manifest.json', predictions.join('\n'));
    const uri = (key: string) => `s3://${s3.bucket}/${key}`;
    await put(modelCardKey('skin', TESTED), JSON.stringify(cardOf(TESTED, uri('output/manifest.json'))));
    await put(modelCardKey('skin', UNTESTED), JSON.stringify(cardOf(UNTESTED, null)));
    await put(
      modelCardKey('skin', FOREIGN),
      JSON.stringify(cardOf(FOREIGN, 's3://bucket-of-others/output/manifest.json')),
    );
    await put(modelCardKey('skin', LOST), JSON.stringify(cardOf(LOST, uri('output/none.json'))));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(async () => {
    await endpoint.stop();
    await s3.stop();
  });

  it('have labels to check of all images once the dataset version was cross-validated', async () => {
    const doubt = {
      ...{ path: 'photos/c.jpg', key: keyOf('c'), ...SIDE, reason: 'box-missing', labelled: null },
      ...{ detected: 'acne', confidence: 0.9, box: { left: 1, top: 2, width: 3, height: 4 } },
    };
    const key = versionKey('skin', VERSION, 'doubtful_labels.json');
    const document = { dataset: 'skin', version: VERSION, images: 3, total: 1, doubts: [doubt] };
    await endpoint.store.putJson(s3.bucket, key, JSON.stringify(document));
    const { body } = await endpoint.call(`/datasets/skin/models/${TESTED}/advice`);
    expect(body).toMatchObject({
      examined: 'all-images',
      doubts: [doubt],
      steps: [{ kind: 'check-labels', certainty: expect.stringContaining('All 3 images were examined') }],
    });
    const csv = await endpoint.call(`/datasets/skin/models/${TESTED}/label-review.csv`);
    expect(csv.body).toContain('Is it acne? The local detector detects acne with 90 % confidence.');
    await endpoint.store.remove(s3.bucket, key);
  });

  const get = async (model: string) => await endpoint.call(`/datasets/skin/models/${model}/test-images`);

  const onTerminal = async (modelVersion: string) => {
    const training = RESULT.training && { ...RESULT.training, modelVersion };
    return await adviceFromStorage(endpoint.client, { ...RESULT, training });
  };

  it('have the labelled boxes and the detections of the evaluation manifest, in its order', async () => {
    const { status, body } = await get(TESTED);
    expect(status).toBe(200);
    expect(body).toEqual({
      images: [
        {
          ...{ path: 'photos/b.jpg', key: keyOf('b'), tile: TILE, ...SIDE },
          truth: [{ label: 'acne', left: 1, top: 2, width: 30, height: 40 }],
          detections: [{ label: 'scar', left: 5, top: 6, width: 20, height: 20, confidence: 0.9 }],
        },
        { path: 'photos/a.jpg', key: keyOf('a'), ...SIDE, truth: [], detections: [] },
      ],
    });
  });

  it('show why models cannot be compared with the latest one', async () => {
    const { body } = await endpoint.call('/datasets/skin/model-comparisons');
    const none = { photos: 0, labels: [], f1: null, latestF1: null };
    expect((body as Comparisons).comparisons).toContainEqual({
      ...{ modelVersion: UNTESTED, ...none },
      problem: `${UNTESTED} has no evaluation manifest`,
    });
  });

  it('give advice together with the counts of the dataset version', async () => {
    const counts = {
      images: {
        ...{ found: 9, used: 3, rejected: 0, train: 1, val: 2, unusedPhotos: 6 },
        left: { neverAnnotated: 0, emptiedByBoxRules: 0, emptiedByClassDrop: 0, balancedAway: 6 },
      },
      groups: { groups: 0, images: 0 },
      labelsFound: [{ label: 'acne', images: 9, boxes: 9 }],
      settings: { enableBalance: true },
    };
    const report = versionKey('skin', VERSION, 'validation_report.json');
    const advice = `/datasets/skin/models/${TESTED}/advice`;
    expect(await endpoint.call(advice)).toMatchObject({ status: 200, body: { steps: [], doubts: [] } });
    await endpoint.store.put(s3.bucket, report, JSON.stringify(counts));
    expect(await endpoint.call(advice)).toMatchObject({
      status: 200,
      body: { steps: [{ kind: 'use-left-out', change: { perClassCap: 9 } }], doubts: [] },
    });
    const [step] = ((await endpoint.call(advice)).body as Advice).steps;
    const command = 'curator rerun skin --per-class-cap=9';
    expect(await onTerminal(TESTED)).toEqual({ steps: [{ ...step, command }], problem: null });
    await endpoint.store.put(s3.bucket, report, '{}');
    expect(await endpoint.call(advice)).toMatchObject({ status: 200, body: { steps: [] } });
  });

  it.each([
    ['has no predictions', UNTESTED, `${UNTESTED} has no evaluation manifest.`],
    ['has lost its evaluation manifest', LOST, /output\/none\.json/],
    ['has lost its card', `${VERSION}-r9`, /r9\.json/],
  ])('give no advice on the terminal, which says why, if the model %s', async (_, model, problem) => {
    expect(await onTerminal(model)).toEqual({ steps: [], problem: expect.stringMatching(problem) });
  });

  it.each([
    ['has no predictions', UNTESTED, `There are no test images: ${UNTESTED} has no evaluation manifest.`],
    ['has lost its evaluation manifest', LOST, /^There are no test images: .*output\/none\.json/],
    ['does not exist', `${VERSION}-r9`, /r9/],
  ])('are not found, with the reason, if the model %s', async (_, model, reason) => {
    const { status, body } = await get(model);
    expect(status).toBe(404);
    expect((body as { detail: string }).detail).toMatch(reason);
  });

  it.each([
    ['a model card of another form', '{"model":1}', /r5\.json does not match.*dataset/],
    ['nested lists', '['.repeat(100_000), /r5\.json is not JSON/],
    ['9 MB', `"${'a'.repeat(9_000_000)}"`, /r5\.json is too large: 9000002 bytes/],
  ])('and the other models stay available if one model card has %s', async (_what, text, problem) => {
    const broken = `${VERSION}-r5`;
    const key = modelCardKey('skin', broken);
    await endpoint.store.put(s3.bucket, key, text);
    expect(await get(broken)).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(problem) },
    });
    expect((await get(TESTED)).status).toBe(200);
    const { status, body } = await endpoint.call('/datasets/skin/models');
    expect(status).toBe(200);
    const { models, unreadable } = body as {
      models: ModelCard[];
      unreadable: { modelVersion: string; problem: string }[];
    };
    expect(new Set(models.map(({ model }) => model.modelVersion))).toEqual(
      new Set([TESTED, UNTESTED, LOST, FOREIGN]),
    );
    expect(unreadable).toEqual([{ modelVersion: broken, problem: expect.stringMatching(problem) }]);
    await endpoint.store.remove(s3.bucket, key);
  });

  it('are never read from another bucket that a model card names', async () => {
    const asked: string[] = [];
    for (const method of ['head', 'open'] as const) {
      const original = endpoint.store[method].bind(endpoint.store) as (...args: unknown[]) => Promise<never>;
      jest.spyOn(endpoint.store, method).mockImplementation((bucket: string, ...rest: unknown[]) => {
        asked.push(bucket);
        return original(bucket, ...rest);
      });
    }
    const { status, body } = await get(FOREIGN);
    expect(status).toBe(404);
    expect((body as { detail: string }).detail).toContain(`${FOREIGN} is not in ${s3.bucket}`);
    expect(asked.filter((bucket) => bucket !== s3.bucket)).toEqual([]);
  });

  it('are refused if the evaluation manifest is larger than 32 MB, which names the manifest', async () => {
    const bytes = 32 * 1024 * 1024;
    const manifest = { etag: '"e"', metadata: {}, modified: new Date(0) };
    const head = jest.spyOn(endpoint.store, 'head');
    head.mockResolvedValue({ ...manifest, bytes: bytes + 1 });
    const { status, body } = await get(TESTED);
    expect(status).toBe(413);
    expect((body as { detail: string }).detail).toContain(
      `read s3://${s3.bucket}/output/manifest.json instead`,
    );
    head.mockResolvedValue({ ...manifest, bytes });
    expect((await get(TESTED)).status).toBe(200);
  });
});

/** A model card without the parts that have no influence here. */
function cardOf(modelVersion: string, evaluationManifest: string | null): ModelCard {
  const sha256 = 'b'.repeat(64);
  const label = { label: 'acne', f1: 0.5, precision: 0.5, recall: 0.5, threshold: 0.5 };
  const unknown = { testBoxes: null, interval: null };
  return {
    ...{ dataset: 'skin', version: VERSION },
    model: {
      ...{ projectVersionArn: 'arn', modelVersion, project: 'skin', status: 'TRAINING_COMPLETED' },
      ...{ trainer: 'emulator', created: null, ended: null, trainingSeconds: 1, billableSeconds: null },
      evaluationManifest,
    },
    lineage: {
      ...{ archiveId: sha256, datasetVersion: sha256, rulesVersion: 1 },
      manifests: { train: sha256, val: sha256 },
      ...{ trainManifest: 's3://b/train', valManifest: 's3://b/val' },
    },
    settings: {},
    images: { found: 3, used: 3, rejected: 0, train: 1, val: 2, left: {} },
    annotations: { found: 1, used: 1, dropped: {} },
    ...{ labels: [], quality: null, qualityReasons: null, approval: null },
    evaluation: {
      ...{ f1: 0.5, precision: 0.5, recall: 0.5, averagePrecision: null, trainImages: 1, testImages: 2 },
      ...{ ...unknown, recounted: null, chance: null, note: null },
      labels: [{ ...label, testImages: 1, ...unknown }],
    },
    ...{ evaluationProblem: null, serviceValidation: null },
  };
}
