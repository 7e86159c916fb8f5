import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { approvalLine } from '../../src/cli/follow.js';
import { datasetSummary, summary } from '../../src/cli/output/summary.js';
import type { Finding, IngestResult, Progress } from '../../src/contracts/workflow-io.js';
import type { DatasetQuality } from '../../src/dataset/model/quality.js';

const RESULT: IngestResult = {
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

describe('the summary of an ingest', () => {
  it('names the project if it is not the one with the name of the dataset', () => {
    const rows = (project: string) => {
      const projectVersionArn = `arn:aws:rekognition:us-east-1:000000000000:project/${project}/version/x-r1/1`;
      const training = RESULT.training && { ...RESULT.training, projectVersionArn };
      return summary({ ...RESULT, training }, { workflowUrl: null }).split('\n');
    };
    expect(rows('skin-P2').find((line) => line.startsWith('project'))).toMatch(/^project +skin-P2, because/);
    expect(rows('skin').some((line) => line.startsWith('project'))).toBe(false);
  });

  it('prints dataset, scores, links and the next command as aligned lines', () => {
    const url = 'http://127.0.0.1:8233/namespaces/default/workflows/ingest%2Fskin/r1/timeline';
    expect(summary(RESULT, { workflowUrl: url }).split('\n')).toEqual([
      'note        Class balancing excluded 60 %.',
      'dataset     skin, version 0123456789abcdef',
      'images      1130 found, 450 used, 2 rejected; left out: 675 excluded by class balancing (--per-class-cap), 3 never annotated',
      'boxes       1345 found, 530 used; left out: 810 in images excluded by class balancing (--per-class-cap), 5 smaller than --min-box-px',
      'split       405 train, 45 val; 15 copies in 7 groups kept together',
      'classes     nodule     81 train    9 val   F1 0.500 (0.250 to 0.750, 9 boxes)',
      '            pustule    81 train    9 val   F1 0.187 (10 boxes)',
      'warnings    FEW_TEST_IMAGES (2 classes): Few.',
      'F1 overall  0.343 (95 % interval 0.245 to 0.429, chance 0.080, precision 0.347, recall 0.360, 45 test images, 120 boxes) — LOCAL BASELINE, not measured by Rekognition',
      'model       arn:aws:rekognition:us-east-1:000000000000:project/skin/version/x-r1/1',
      'report      s3://b/report.json',
      'model card  s3://b/card.json',
      `workflow    ${url}`,
      'outcome     done: skin is trained and evaluated.',
      'next        curator report skin --open',
    ]);
  });

  it('says in one sentence on which F1 the interval is based if the reported one differs', () => {
    const rows = (recounted: NonNullable<IngestResult['evaluation']>['recounted']) => {
      const evaluation = RESULT.evaluation && { ...RESULT.evaluation, recounted: recounted ?? null };
      const lines = summary({ ...RESULT, evaluation }, { workflowUrl: null }).split('\n');
      return lines.filter((line) => line.includes('differs'));
    };
    expect(rows({ byFlags: 0.703, byMatching: 0.69 })).toEqual([
      "            The reported F1 of 0.343 differs from the F1 of the predictions in the evaluation manifest (0.703 by the service's is-true-positive flags, 0.690 by matching boxes at IoU 0.5); the 95 % interval is computed from the flags.",
    ]);
    expect(rows({ byFlags: null, byMatching: 0.69 })).toEqual([
      expect.stringMatching(/\(0\.690 by matching.*computed from the matched boxes\.$/),
    ]);
    expect(rows({ byFlags: 0.3439, byMatching: 0.69 })).toEqual([]);
    expect(rows({ byFlags: null, byMatching: 0.3434 })).toEqual([]);
    expect(rows(null)).toEqual([]);
  });

  it('shows how many images the training service used, and the images that it rejected', () => {
    const set = { lines: null, errors: [], codes: [] };
    const examples = Array.from({ length: 12 }, (_, n) => ({
      ...{ line: n + 1, codes: ['ERROR_INVALID_IMAGE'], file: `train/${n}.jpg` },
    }));
    const serviceValidation = {
      training: { ...set, reported: 30, examples },
      testing: { ...set, reported: 0, examples: [] },
      ...{ errors: [], problem: null },
    };
    const evaluation = RESULT.evaluation && { ...RESULT.evaluation, trainImages: 375, testImages: 45 };
    const lines = summary({ ...RESULT, evaluation, serviceValidation }, { workflowUrl: null }).split('\n');
    expect(lines).toContain('trained on  375 of 405 train images, tested on 45 of 45 val images');
    const first = lines.findIndex((line) => line.startsWith('reported'));
    expect(lines[first]).toBe('reported    train/0.jpg (training manifest, line 1): ERROR_INVALID_IMAGE');
    expect(lines[first + 9]).toContain('train/9.jpg');
    expect(lines[first + 10]).toBe('            20 more; the report lists the first 20 of each manifest');
    const { training } = serviceValidation;
    const counted = { ...training, lines: { total: 405, valid: 375, invalid: 29, ignored: 1 } };
    expect(
      summary(
        { ...RESULT, serviceValidation: { ...serviceValidation, training: counted } },
        { workflowUrl: null },
      ),
    ).toMatch(/^images +1130 found, 450 used, 2 rejected by Curator, 30 by the training service; left out/m);
    const { serviceValidation: _, ...older } = { ...RESULT, serviceValidation };
    expect(summary(older, { workflowUrl: null })).not.toMatch(/trained on|reported/);
  });

  it('says that a training was completed after its run had failed, and where to look', () => {
    const failed = { ...RESULT, outcome: 'failed', training: null, evaluation: null } as const;
    const text = summary(failed, { workflowUrl: null, completedLater: 'model x-r1, F1 0.500' });
    expect(text).toMatch(/^since then +the training was completed: model x-r1, F1 0\.500$/m);
    expect(text).toMatch(/^next +curator models skin, curator report skin --open$/m);
    expect(summary(failed, { workflowUrl: null })).toMatch(/^next +curator ingest the archive again$/m);
  });

  it('states the quality of the dataset, with reasons if scores are unreliable', () => {
    const rowOf = (dataset: Partial<DatasetQuality>) =>
      summary({ ...RESULT, ...dataset }, { workflowUrl: null })
        .split('\n')
        .find((line) => line.startsWith('quality'));
    const code = 'FEW_VAL_IMAGES';
    const qualityReasons = [{ code, text: 'There are 5 validation images.' }];
    expect(rowOf({ quality: 'good', qualityReasons: [] })).toBe('quality     good');
    expect(rowOf({ quality: 'unreliable', qualityReasons })).toBe(
      'quality     unreliable: There are 5 validation images (FEW_VAL_IMAGES).',
    );
    expect(rowOf({})).toBeUndefined();
  });

  it('counts the images that are kept together by reason, with the flag of the expression', () => {
    const groups = {
      ...{ groups: 1, images: 2 },
      sameSource: { groups: 20, images: 60 },
      groupBy: { groups: 12, images: 120 },
    };
    const lines = summary({ ...RESULT, groups }, { workflowUrl: null }).split('\n');
    expect(lines).toContain(
      'split       405 train, 45 val; 2 copies in 1 group, 60 images of 20 source names, 120 images in 12 groups by --group-by kept together',
    );
  });

  it('marks links that need `curator up` if the stack was started for this run only', () => {
    const lines = summary(RESULT, { workflowUrl: 'http://127.0.0.1:1/x', stopped: true }).split('\n');
    expect(lines.filter((line) => line.endsWith('(once `curator up` runs)'))).toEqual([
      expect.stringMatching(/^workflow /),
      expect.stringMatching(/^next /),
    ]);
  });

  it('prints no warnings line for a refused dataset, and names settings by their flags', () => {
    const message = 'No class is found in MIN_CLASS_IMAGES=40 images.';
    const findings = [{ code: 'NoClassLeft', severity: 'error' as const, message, count: 1, examples: [] }];
    const refused = {
      ...RESULT,
      ...{ outcome: 'refused' as const, message, findings },
      ...{ labels: [], groups: null, training: null, evaluation: null },
    };
    const rows = summary(refused, { workflowUrl: null }).split('\n');
    expect(rows.filter((line) => line.startsWith('warnings'))).toEqual([]);
    expect(rows.at(-1)).toMatch(/^next +curator report skin --open; fix the dataset/);
    expect(rows[1]).toMatch(/^images +1130 found/);
    expect(rows).toContainEqual(
      expect.stringMatching(/^outcome +refused: No class is found in --min-class-images=40/),
    );
  });

  it('suggests comparing models, not another training, if the model was rejected by quality', () => {
    const rows = summary({ ...RESULT, outcome: 'rejected-by-quality' }, { workflowUrl: null }).split('\n');
    expect(rows.at(-1)).toMatch(/^next +curator models skin/);
  });

  it("does not call Rekognition's own score a baseline", () => {
    const training = RESULT.training && { ...RESULT.training, trainer: 'rekognition' as const };
    expect(summary({ ...RESULT, training }, { workflowUrl: null })).not.toContain('BASELINE');
  });
});

/** The codes of the reasons for which the dataset rooms drop boxes. */
function droppedCodes(): string[] {
  const room = fileURLToPath(new URL('../../src/dataset/', import.meta.url));
  const files = readdirSync(room, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const places = files.flatMap((file) => [
    ...readFileSync(join(room, file), 'utf8').matchAll(
      /(?:dropped: |drops\.add\()('[a-z-]+'(?: \| '[a-z-]+')*)/g,
    ),
  ]);
  return [...new Set(places.flatMap(([, codes = '']) => codes.replaceAll("'", '').split(' | ')))];
}

describe('the summary of a check', () => {
  const { dataset, images, annotations, labels, droppedClasses, groups, findings } = RESULT;
  const counts = { dataset, version: null, images, annotations, labels, droppedClasses, groups };
  const unreliable = {
    ...{ fit: true, quality: 'unreliable' as const, message: 'skin is fit. Few (FEW_TEST_IMAGES).' },
    qualityReasons: [{ code: 'FEW_TEST_IMAGES', text: 'Few.' }],
  };

  it('prints each warning once, in words, and names the codes that make scores unreliable', () => {
    const few = { ...findings[1], message: 'Few. Lower MIN_CLASS_IMAGES.' } as Finding;
    const rows = datasetSummary({ ...counts, ...unreliable, findings: [few] }).split('\n');
    expect(rows.filter((line) => line.includes('Few'))).toEqual([
      'warnings  FEW_TEST_IMAGES (2 classes): Few. Lower --min-class-images.',
    ]);
    expect(rows.at(-1)).toBe(
      'fit       skin is fit for training, but scores of its models are unreliable: FEW_TEST_IMAGES',
    );
  });

  it('gives the reasons for dropped boxes in words, for every reason that the code knows', () => {
    const codes = droppedCodes();
    expect(codes.length).toBeGreaterThan(12);
    const dropped = Object.fromEntries(codes.map((code) => [code, 7]));
    const left = datasetSummary({
      ...{ ...counts, ...unreliable, findings },
      annotations: { found: 7 * codes.length, used: 0, dropped },
    });
    const boxes = left.split('\n').find((line) => line.startsWith('boxes')) ?? '';
    const reasons = boxes.replace(/^.*left out: /, '').split(', ');
    expect(reasons).toHaveLength(codes.length);
    expect(reasons.filter((reason) => codes.includes(reason.replace('7 ', '')))).toEqual([]);
  });
});

describe('the approval request on the terminal', () => {
  it('gives the reason if the training does not use the project with the name of the dataset', () => {
    const trainer = {
      ...{ kind: 'rekognition', account: null, region: 'us-east-1', hourlyRateUsd: 1, estimatedHours: 2 },
      ...{ project: 'skin-P2', projectNote: 'The training uses the project skin-P2, because …' },
    };
    const waiting = { dataset: 'skin', approval: { trainer } } as Progress;
    expect(approvalLine(waiting).split('\n')[1]).toBe(trainer.projectNote);
  });

  it('says first why scores are unreliable', () => {
    const waiting = { dataset: 'skin', approval: null } as Progress;
    const qualityReasons = [{ code: 'SPLIT_LEAKS', text: '5 of 9 validation images are copies.' }];
    expect(approvalLine({ ...waiting, quality: 'unreliable', qualityReasons }).split('\n')[0]).toBe(
      'Scores of models trained on this dataset are unreliable. 5 of 9 validation images are copies (SPLIT_LEAKS).',
    );
  });
});
