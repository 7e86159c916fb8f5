import { describe, expect, it } from '@jest/globals';
import type { Advice } from '../../src/cli/advice.js';
import { summary } from '../../src/cli/output/summary.js';
import type { IngestResult } from '../../src/contracts/workflow-io.js';
import type { DatasetQuality } from '../../src/dataset/model/quality.js';
import { RESULT } from './ingest-result.js';

const NOWHERE = { pageUrl: null, workflowUrl: null };

describe('the summary of an ingest', () => {
  it('names the project if it is not the one with the name of the dataset', () => {
    const rows = (project: string) => {
      const projectVersionArn = `arn:aws:rekognition:us-east-1:000000000000:project/${project}/version/x-r1/1`;
      const training = RESULT.training && { ...RESULT.training, projectVersionArn };
      return summary({ ...RESULT, training }, NOWHERE).split('\n');
    };
    expect(rows('skin-P2').find((line) => line.startsWith('project'))).toMatch(/^project +skin-P2, because/);
    expect(rows('skin').some((line) => line.startsWith('project'))).toBe(false);
  });

  it('prints dataset, scores, links and the next command as aligned lines', () => {
    const url = 'http://127.0.0.1:8233/namespaces/default/workflows/ingest%2Fskin/r1/timeline';
    const page = 'http://127.0.0.1:8080/#/datasets/skin';
    expect(summary(RESULT, { pageUrl: page, workflowUrl: url }).split('\n')).toEqual([
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
      `page        ${page}`,
      `workflow    ${url}`,
      'outcome     done: skin is trained and evaluated.',
      'next        curator report skin --open',
    ]);
  });

  it('counts photos and names their tiles', () => {
    const images = RESULT.images && {
      ...RESULT.images,
      tiles: { train: 100, val: 15, withoutBoxes: 0, uncutPhotos: 0 },
    };
    const evaluation = RESULT.evaluation && { ...RESULT.evaluation, trainImages: 500, testImages: 60 };
    const lines = summary({ ...RESULT, images, evaluation }, NOWHERE).split('\n');
    expect(lines.find((line) => line.startsWith('F1 overall'))).toContain(
      'recall 0.360, 45 test photos, as 60 images with tiles, 120 boxes',
    );
    expect(lines).toContain(
      'trained on  405 train photos, as 500 of 505 images with tiles; tested on 45 val photos, as 60 images with tiles',
    );
  });

  it('prints what to do next: reason, what was measured, how sure it is, and the command', () => {
    const about = { reason: 'They are new.', evidence: 'There are 9.', certainty: 'Not measured.' };
    const steps = [
      {
        ...{ kind: 'use-left-out' as const, title: 'Use the 9 images', ...about },
        ...{ change: { perClassCap: 240 }, command: 'curator rerun skin --per-class-cap=240' },
      },
      {
        ...{ kind: 'check-labels' as const, title: 'Check 2 labels', ...about, reason: 'See PER_CLASS_CAP.' },
        ...{ change: null, command: 'curator report skin --model --open' },
      },
    ];
    const lines = (advice: Advice, stopped = false) =>
      summary(RESULT, { ...NOWHERE, advice, stopped })
        .split('\n')
        .slice(13);
    expect(lines({ steps, problem: null })).toEqual([
      'next        1. Use the 9 images',
      '               They are new. There are 9.',
      '               How sure: Not measured.',
      '               curator rerun skin --per-class-cap=240',
      '            2. Check 2 labels',
      '               See --per-class-cap. There are 9.',
      '               How sure: Not measured.',
      '               curator report skin --model --open',
      '            curator report skin --open',
    ]);
    expect(lines({ steps, problem: null }, true)[3]).toMatch(
      /--per-class-cap=240 \(once `curator up` runs\)$/,
    );
    expect(lines({ steps: [], problem: 'The manifest is missing.' })).toEqual([
      'next        What to do about the model is unknown. The manifest is missing.',
      '            curator report skin --open',
    ]);
  });

  it('says in one sentence on which F1 the interval is based if the reported one differs', () => {
    const rows = (recounted: NonNullable<IngestResult['evaluation']>['recounted']) => {
      const evaluation = RESULT.evaluation && { ...RESULT.evaluation, recounted: recounted ?? null };
      const lines = summary({ ...RESULT, evaluation }, NOWHERE).split('\n');
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
    const lines = summary({ ...RESULT, evaluation, serviceValidation }, NOWHERE).split('\n');
    expect(lines).toContain('trained on  375 of 405 train images, tested on 45 of 45 val images');
    const first = lines.findIndex((line) => line.startsWith('reported'));
    expect(lines[first]).toBe('reported    train/0.jpg (training manifest, line 1): ERROR_INVALID_IMAGE');
    expect(lines[first + 9]).toContain('train/9.jpg');
    expect(lines[first + 10]).toBe('            20 more; the report lists the first 20 of each manifest');
    const { training } = serviceValidation;
    const counted = { ...training, lines: { total: 405, valid: 375, invalid: 29, ignored: 1 } };
    expect(
      summary({ ...RESULT, serviceValidation: { ...serviceValidation, training: counted } }, NOWHERE),
    ).toMatch(/^images +1130 found, 450 used, 2 rejected by Curator, 30 by the training service; left out/m);
    const { serviceValidation: _, ...older } = { ...RESULT, serviceValidation };
    expect(summary(older, NOWHERE)).not.toMatch(/trained on|reported/);
  });

  it('says that a training was completed after its run had failed, and where to look', () => {
    const failed = { ...RESULT, outcome: 'failed', training: null, evaluation: null } as const;
    const text = summary(failed, { ...NOWHERE, completedLater: 'model x-r1, F1 0.500' });
    expect(text).toMatch(/^since then +the training was completed: model x-r1, F1 0\.500$/m);
    expect(text).toMatch(/^next +curator models skin, curator report skin --open$/m);
    expect(summary(failed, NOWHERE)).toMatch(/^next +curator rerun skin, or ingest the archive again$/m);
  });

  it('states the quality of the dataset, with reasons if scores are unreliable', () => {
    const rowOf = (dataset: Partial<DatasetQuality>) =>
      summary({ ...RESULT, ...dataset }, NOWHERE)
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
    const lines = summary({ ...RESULT, groups }, NOWHERE).split('\n');
    expect(lines).toContain(
      'split       405 train, 45 val; 2 copies in 1 group, 60 images of 20 source names, 120 images in 12 groups by --group-by kept together',
    );
  });

  it('marks links that need `curator up` if the stack was started for this run only', () => {
    const lines = summary(RESULT, {
      pageUrl: null,
      workflowUrl: 'http://127.0.0.1:1/x',
      stopped: true,
    }).split('\n');
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
    const rows = summary(refused, NOWHERE).split('\n');
    expect(rows.filter((line) => line.startsWith('warnings'))).toEqual([]);
    expect(rows.at(-1)).toMatch(/^next +curator report skin --open; fix the dataset/);
    expect(rows[1]).toMatch(/^images +1130 found/);
    expect(rows).toContainEqual(
      expect.stringMatching(/^outcome +refused: No class is found in --min-class-images=40/),
    );
  });

  it('suggests comparing models, not another training, if the model was rejected by quality', () => {
    const rows = summary({ ...RESULT, outcome: 'rejected-by-quality' }, NOWHERE).split('\n');
    expect(rows.at(-1)).toMatch(/^next +curator models skin/);
  });

  it("does not call Rekognition's own score a baseline", () => {
    const training = RESULT.training && { ...RESULT.training, trainer: 'rekognition' as const };
    expect(summary({ ...RESULT, training }, NOWHERE)).not.toContain('BASELINE');
  });
});
