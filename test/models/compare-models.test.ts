import { describe, expect, it } from '@jest/globals';
import { evaluatedImageSchema } from '../../src/custom-labels/read-evaluation-manifest.js';
import type { VersionImage } from '../../src/dataset/model/version-images.js';
import { f1AtThresholds } from '../../src/evaluation/f1-at-thresholds.js';
import type { FlaggedDetection } from '../../src/evaluation/flags.js';
import { compareModels } from '../../src/models/compare-models.js';
import { compareWithLatest } from '../../src/models/compare-with-latest.js';
import type { TestedModel } from '../../src/models/tested-model.js';
import type { ModelCard } from '../../src/training/model-card-schema.js';
import { evaluationLine } from '../support/evaluation-manifests.js';
import { parseLines } from '../support/json-lines.js';

const box = (label: string, left: number, confidence = 1): FlaggedDetection => ({
  ...{ label, left, top: 0, width: 10, height: 10 },
  confidence,
  flag: null,
});
const THRESHOLDS = { acne: 0.5, scar: 0.3 };

/** A model that was tested on these photos. Each photo has one acne at 0 and the model's detections. */
function tested(photos: Readonly<Record<string, readonly ReturnType<typeof box>[]>>): TestedModel {
  const images = Object.keys(photos).map(
    (photo): VersionImage => ({
      ...{ path: photo, key: `set/${photo}.jpg`, split: 'val', width: 100, height: 100, boxes: [] },
      photo: photo.replace(/-.*/, ''),
      sourceSha256: photo,
    }),
  );
  const labels = Object.entries(THRESHOLDS).map(([label, threshold]) => ({ label, threshold }));
  return {
    evaluation: { labels } as unknown as NonNullable<ModelCard['evaluation']>,
    images: new Map(images.map((image) => [image.key, image])),
    evaluated: Object.entries(photos).map(([photo, detections]) => ({
      sourceRef: `s3://bucket/set/${photo}.jpg`,
      truth: [box('acne', 0)],
      detections,
    })),
  };
}
const right = [box('acne', 1, 0.9)];
const wrong = [box('acne', 50, 0.9)];

describe('compareModels', () => {
  it('compares two models only on the photos that both were tested on', () => {
    const one = tested({ a: right, b: right, c: wrong });
    const other = tested({ b: right, c: right, d: wrong });
    expect(compareModels(one, other)).toEqual({ photos: 2, labels: ['acne'], f1: 0.5, otherF1: 1 });
  });

  it('treats two copies of a photo as a common photo', () => {
    const comparison = compareModels(tested({ 'a-1': right, 'a-2': wrong }), tested({ 'a-3': right }));
    expect(comparison).toMatchObject({ photos: 1, f1: 0.5, otherF1: 1 });
  });

  it('compares a model that was tested on tiles too on the whole photos only', () => {
    const tiled = tested({ a: right, 'a-tile': wrong });
    const images = new Map(
      [...tiled.images].map(([key, image]) => [
        key,
        key.includes('tile') ? { ...image, tile: { left: 0, top: 0, width: 50, height: 50 } } : image,
      ]),
    );
    expect(compareModels({ ...tiled, images }, tested({ a: right }))).toMatchObject({ f1: 1, otherF1: 1 });
  });

  it("compares by the service's flags only if both manifests have them", () => {
    const flagged = (flag: 'true-positive' | 'false-positive') => [{ ...box('acne', 1, 0.9), flag }];
    const refused = tested({ a: flagged('false-positive') });
    expect(compareModels(refused, tested({ a: flagged('true-positive') }))).toMatchObject({
      f1: 0,
      otherF1: 1,
    });
    expect(compareModels(refused, tested({ a: right }))).toMatchObject({ f1: 1, otherF1: 1 });
  });

  it('returns no F1 without a common photo', () => {
    expect(compareModels(tested({ a: right }), tested({ b: right }))).toEqual({
      photos: 0,
      labels: [],
      f1: null,
      otherF1: null,
    });
  });
});

describe('compareWithLatest', () => {
  const cardOf = (modelVersion: string) => ({ model: { modelVersion } }) as unknown as ModelCard;
  const models: Readonly<Record<string, TestedModel | string>> = {
    new: tested({ a: right, b: right }),
    old: tested({ b: wrong, c: right }),
    strange: tested({ z: right }),
    lost: 'lost has no evaluation',
  };
  const compared = async (...names: string[]) => {
    const all = await compareWithLatest(
      names.map(cardOf),
      async ({ model }) => models[model.modelVersion] ?? '',
    );
    return all.map(({ comparison, incomparable }) => comparison?.f1 ?? incomparable);
  };

  it('compares each model with the first one, or says why it cannot', async () => {
    expect(await compared('new', 'old', 'strange', 'lost')).toEqual([
      '',
      0,
      'the validation splits have no photo with a common label',
      'lost has no evaluation',
    ]);
  });

  it('says why the latest model cannot be compared', async () => {
    expect(await compared('lost', 'new')).toEqual(['', 'lost has no evaluation']);
    expect(await compared('lost')).toEqual(['']);
  });
});

describe('f1AtThresholds', () => {
  it('counts detections from the threshold on, for labels that have objects', () => {
    const images = [
      { truth: [box('acne', 0), box('acne', 40)], detections: [box('acne', 0, 0.5), box('acne', 40, 0.49)] },
    ];
    // One of two objects is detected, without a false positive: 2 x 1 / (2 + 1).
    expect(f1AtThresholds(images, new Map(Object.entries(THRESHOLDS)))).toBeCloseTo(2 / 3);
    expect(f1AtThresholds(images, new Map([['scar', 0]]))).toBeNull();
  });
});

describe('an evaluation manifest', () => {
  it('is read with its objects and predictions', () => {
    const side = (name: string, boxes: readonly ReturnType<typeof box>[]) => ({
      [name]: {
        annotations: boxes.map(({ left, top, width, height }) => ({ class_id: 3, left, top, width, height })),
      },
      [`${name}-metadata`]: {
        objects: boxes.map(({ confidence }) => ({ confidence })),
        'class-map': { '3': 'acne' },
      },
    });
    const line = {
      'source-ref': 's3://b/a.jpg',
      ...side('rekognition-custom-labels-training-0', [box('acne', 0)]),
      ...side('rekognition-custom-labels-evaluation', [box('acne', 5, 0.7)]),
    };
    expect(parseLines(`${JSON.stringify(line)}\n`, evaluatedImageSchema)).toEqual([
      { sourceRef: 's3://b/a.jpg', truth: [box('acne', 0)], detections: [box('acne', 5, 0.7)] },
    ]);
    expect(() => parseLines('{"source-ref":"s3://b/a.jpg"}\n', evaluatedImageSchema)).toThrow();
  });

  it.each([
    ['boxes', 'width', -9e307],
    ['boxes', 'left', 9e307],
    ['confidences', 'confidence', -1],
    ['confidences', 'confidence', 300],
  ])('is refused with %s that no image can have: %s is %d', (_what, field, value) => {
    const line = evaluationLine('b', 'a.jpg', [], [{ box: ['acne', 1, 2, 30, 40], is: 'true-positive' }]);
    expect(line).toMatch(new RegExp(`"${field}":[\\d.]+`));
    const odd = line.replace(new RegExp(`"${field}":[\\d.]+`), `"${field}":${value}`);
    expect(() => parseLines(odd, evaluatedImageSchema)).toThrow();
    expect(parseLines(line, evaluatedImageSchema)).toHaveLength(1);
  });
});
