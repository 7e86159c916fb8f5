import type { IngestResult } from '../../src/contracts/workflow-io.js';

/** The result of an ingest whose model was trained in the emulator. */
export const RESULT: IngestResult = {
  outcome: 'done',
  message: 'skin is trained and evaluated.',
  dataset: 'skin',
  workflowId: 'ingest/skin',
  runId: 'r1',
  version: '0123456789abcdef',
  archive: { key: 'landing/skin/a/skin.zip', etag: '"e"', bytes: 1 },
  images: {
    found: 1130,
    used: 450,
    rejected: 2,
    train: 405,
    val: 45,
    left: { neverAnnotated: 3, emptiedByBoxRules: 0, emptiedByClassDrop: 0, balancedAway: 675 },
  },
  annotations: { found: 1345, used: 530, dropped: { 'image-balanced-away': 810, 'too-small': 5 } },
  labels: [
    { label: 'nodule', train: { images: 81, boxes: 90 }, val: { images: 9, boxes: 9 } },
    { label: 'pustule', train: { images: 81, boxes: 99 }, val: { images: 9, boxes: 10 } },
  ],
  droppedClasses: [],
  groups: { groups: 7, images: 15 },
  findings: [
    {
      code: 'BALANCE_LEFT_OUT',
      severity: 'warning',
      message: 'Class balancing excluded 60 %.',
      count: 675,
      examples: [],
    },
    {
      code: 'FEW_TEST_IMAGES',
      severity: 'warning',
      message: 'Few.',
      count: 2,
      unit: 'classes',
      examples: [],
    },
  ],
  uris: {
    train: 's3://b/t',
    val: 's3://b/v',
    labelsTxt: 's3://b/l',
    labelsJson: 's3://b/j',
    report: 's3://b/report.json',
    modelCard: 's3://b/card.json',
  },
  training: {
    projectVersionArn: 'arn:aws:rekognition:us-east-1:000000000000:project/skin/version/x-r1/1',
    modelVersion: 'x-r1',
    status: 'TRAINING_COMPLETED',
    seconds: 10_080,
    billableSeconds: 10_080,
    trainer: 'emulator',
  },
  evaluation: {
    f1: 0.3434,
    precision: 0.347,
    recall: 0.36,
    averagePrecision: 0.3,
    testImages: 45,
    testBoxes: 120,
    interval: { low: 0.245, high: 0.429 },
    chance: 0.08,
    labels: [
      {
        ...{ label: 'nodule', f1: 0.5, precision: 0.5, recall: 0.5, threshold: 0.2 },
        ...{ testImages: 9, testBoxes: 9, interval: { low: 0.25, high: 0.75 } },
      },
      {
        ...{ label: 'pustule', f1: 0.1868, precision: 0.2, recall: 0.2, threshold: 0.2 },
        ...{ testImages: 9, testBoxes: 10, interval: null },
      },
    ],
  },
};
