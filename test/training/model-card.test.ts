import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { ModelCardContext, ServiceValidation, TrainingResult } from '../../src/contracts/workflow-io.js';
import { DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { modelCard } from '../../src/training/model-card.js';
import { modelCardJsonSchema, modelCardSchema } from '../../src/training/model-card-schema.js';

const CARD: ModelCardContext = {
  archiveId: 'a'.repeat(64),
  datasetVersion: 'd'.repeat(64),
  rulesVersion: 1,
  settings: DEFAULT_DATASET_SETTINGS,
  images: {
    found: 900,
    used: 889,
    rejected: 1,
    train: 801,
    val: 88,
    left: { neverAnnotated: 4, emptiedByBoxRules: 3, emptiedByClassDrop: 2, balancedAway: 1 },
  },
  annotations: { found: 2000, used: 1990, dropped: { 'too-small': 10 } },
  labels: [{ label: 'acne', train: { images: 801, boxes: 1800 }, val: { images: 88, boxes: 190 } }],
  manifests: { train: 't'.repeat(64), val: 'v'.repeat(64) },
  quality: 'unreliable',
  qualityReasons: [
    { code: 'SPLIT_LEAKS', text: '20 of 88 validation images are copies of training images.' },
  ],
  approval: { decision: 'approved', by: 'ana', note: 'go', at: '2026-01-05T09:00:00.000Z' },
};
const TRAINING: TrainingResult = {
  projectVersionArn: 'arn:aws:rekognition:us-east-1:123456789012:project/skin-P2/version/abc-r1/1',
  modelVersion: 'abc-r1',
  status: 'TRAINING_COMPLETED',
  seconds: 10_080,
  billableSeconds: 9_900,
  trainer: 'rekognition',
  created: '2026-01-05T09:00:00.000Z',
  ended: '2026-01-05T11:48:00.000Z',
  evaluationManifest: 's3://b/models/abc-r1/TestingGroundTruth-skin-abc-r1.json',
};
const EVALUATION = {
  f1: 0.343,
  precision: 0.347,
  recall: 0.36,
  averagePrecision: null,
  trainImages: 801,
  testImages: 88,
  testBoxes: 190,
  interval: { low: 0.28, high: 0.41 },
  recounted: { byFlags: 0.343, byMatching: 0.351 },
  chance: 0.11,
  labels: [
    {
      label: 'acne',
      f1: 0.343,
      precision: 0.347,
      recall: 0.36,
      threshold: 0.258,
      testImages: 88,
      testBoxes: 190,
      interval: { low: 0.28, high: 0.41 },
    },
  ],
};

const NOTHING = {
  lines: { total: 88, valid: 88, invalid: 0, ignored: 0 },
  errors: [],
  reported: 0,
  codes: [],
  examples: [],
};
const VALIDATION: ServiceValidation = {
  training: {
    lines: { total: 801, valid: 789, invalid: 12, ignored: 0 },
    errors: [],
    reported: 12,
    codes: [{ code: 'ERROR_INVALID_IMAGE', lines: 12 }],
    examples: [{ line: 7, codes: ['ERROR_INVALID_IMAGE'], file: 'photos/a b.jpg' }],
  },
  testing: NOTHING,
  errors: [],
  problem: null,
};

const INPUT = {
  dataset: 'skin',
  version: 'd'.repeat(16),
  trainManifest: 's3://b/train.manifest',
  valManifest: 's3://b/val.manifest',
  card: CARD,
  training: TRAINING,
  evaluation: EVALUATION,
  evaluationProblem: null,
  serviceValidation: VALIDATION,
};
const cardOf = (training: TrainingResult, card = CARD) => modelCard({ ...INPUT, training, card });

describe('model cards', () => {
  it('contains lineage, approval, cost and evaluation of the model', () => {
    expect(cardOf(TRAINING)).toEqual({
      dataset: 'skin',
      version: 'd'.repeat(16),
      model: {
        projectVersionArn: 'arn:aws:rekognition:us-east-1:123456789012:project/skin-P2/version/abc-r1/1',
        modelVersion: 'abc-r1',
        project: 'skin-P2',
        status: 'TRAINING_COMPLETED',
        trainer: 'rekognition',
        created: '2026-01-05T09:00:00.000Z',
        ended: '2026-01-05T11:48:00.000Z',
        trainingSeconds: 10_080,
        billableSeconds: 9_900,
        evaluationManifest: 's3://b/models/abc-r1/TestingGroundTruth-skin-abc-r1.json',
      },
      lineage: {
        archiveId: CARD.archiveId,
        datasetVersion: CARD.datasetVersion,
        rulesVersion: 1,
        manifests: CARD.manifests,
        trainManifest: 's3://b/train.manifest',
        valManifest: 's3://b/val.manifest',
      },
      settings: CARD.settings,
      images: CARD.images,
      annotations: CARD.annotations,
      labels: CARD.labels,
      quality: 'unreliable',
      qualityReasons: CARD.qualityReasons,
      approval: CARD.approval,
      evaluation: { ...EVALUATION, note: null },
      evaluationProblem: null,
      serviceValidation: VALIDATION,
    });
  });

  it("marks the emulator's metrics as a local baseline", () => {
    const { evaluation } = cardOf({ ...TRAINING, trainer: 'emulator' });
    expect(evaluation?.note).toBe('local baseline, not measured by Rekognition');
  });

  it('gives the reason if the evaluation could not be read', () => {
    const card = modelCard({ ...INPUT, evaluation: null, evaluationProblem: 'summary.json is not JSON.' });
    expect(card).toMatchObject({ evaluation: null, evaluationProblem: 'summary.json is not JSON.' });
    expect(modelCardSchema.parse(card)).toEqual(card);
  });

  it('a model card has the same bytes whatever the order of its input fields', () => {
    const { archiveId, ...others } = CARD;
    expect(JSON.stringify(cardOf(TRAINING, { ...others, archiveId }))).toBe(JSON.stringify(cardOf(TRAINING)));
  });

  it('matches its schema, and the published schema is current', () => {
    const card = JSON.parse(JSON.stringify(cardOf(TRAINING)));
    expect(modelCardSchema.parse(card)).toEqual(card);
    const published = readFileSync(new URL('../../docs/model-card.schema.json', import.meta.url), 'utf8');
    // If this fails, run: npm run schemas
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(modelCardJsonSchema())));
  });

  it('reads a card of an earlier version with missing fields as null', () => {
    const { created: _c, ended: _e, evaluationManifest: _m, ...training } = TRAINING;
    const card = JSON.parse(JSON.stringify(cardOf(training)));
    for (const name of ['created', 'ended', 'evaluationManifest']) delete card.model[name];
    for (const name of ['evaluationProblem', 'serviceValidation', 'quality', 'qualityReasons'])
      delete card[name];
    for (const name of ['interval', 'chance', 'testBoxes', 'trainImages', 'recounted'])
      delete card.evaluation[name];
    expect(modelCardSchema.parse(card)).toMatchObject({
      model: { created: null, evaluationManifest: null },
      ...{ serviceValidation: null, quality: null, qualityReasons: null },
      evaluation: {
        ...{ f1: 0.343, interval: null, chance: null, testBoxes: null },
        ...{ trainImages: null, recounted: null },
      },
    });
  });
});
