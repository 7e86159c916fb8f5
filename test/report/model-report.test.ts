import { describe, expect, it } from '@jest/globals';
import { type ReviewedImage, reviewLabels } from '../../src/advice/label-review.js';
import type { LabelDoubt } from '../../src/contracts/label-doubts.js';
import type { Box } from '../../src/dataset/model/types.js';
import { judgeImage } from '../../src/evaluation/error-kinds.js';
import type { Detection } from '../../src/evaluation/metrics.js';
import { renderModelReport } from '../../src/pipeline/render-model-report.js';
import type { ModelReportData } from '../../src/report/model/data.js';
import { type ModelCard, modelCardSchema } from '../../src/training/model-card-schema.js';
import { picture } from '../support/archives.js';

const HOSTILE = 'a<script>alert(1)</script>';
const THRESHOLDS = new Map([
  ['acne', 0.3],
  [HOSTILE, 0.3],
]);

const box = (left: number, label = 'acne'): Box => ({ label, left, top: 0, width: 10, height: 10 });
const seen = (left: number, confidence: number, label = 'acne'): Detection => ({
  ...box(left, label),
  confidence,
});
const image = (path: string, truth: Box[], detections: Detection[]): ReviewedImage => ({
  ...{ path, key: `preprocessed/${path}`, width: 96, height: 80 },
  ...judgeImage({ truth, detections }, THRESHOLDS),
});
const label = (name: string, f1: number, testBoxes: number) => ({
  ...{ label: name, f1, precision: f1, recall: f1, threshold: 0.3, testImages: 3, testBoxes },
  interval: { low: f1 / 2, high: f1 },
});

const EVALUATION: NonNullable<ModelCard['evaluation']> = {
  ...{
    f1: 0.4,
    precision: 0.5,
    recall: 0.6,
    averagePrecision: null,
    trainImages: 20,
    testImages: 3,
    testBoxes: 30,
  },
  ...{ interval: { low: 0.3, high: 0.5 }, recounted: null, chance: 0.1, note: null },
  labels: [label('acne', 0.6, 25), label(HOSTILE, 0.2, 5)],
};
const split = { images: 1, boxes: 1 };
const sha = 'a'.repeat(64);
const card = (evaluation: ModelCard['evaluation'], evaluationProblem: string | null = null): ModelCard =>
  modelCardSchema.parse({
    ...{ dataset: 'skin', version: sha.slice(0, 16), evaluation, evaluationProblem },
    model: {
      ...{
        projectVersionArn: 'arn',
        modelVersion: 'm-r1',
        status: 'TRAINING_COMPLETED',
        trainer: 'rekognition',
      },
      ...{ trainingSeconds: 1, billableSeconds: null },
    },
    lineage: {
      ...{ archiveId: sha, datasetVersion: sha, rulesVersion: 1, manifests: { train: sha, val: sha } },
      ...{ trainManifest: 's3://b/t', valManifest: 's3://b/v' },
    },
    settings: {},
    images: { found: 1, used: 1, rejected: 0, train: 1, val: 1, left: {} },
    annotations: { found: 1, used: 1, dropped: {} },
    labels: [{ label: 'acne', train: split, val: split }],
    approval: null,
  });

const IMAGES = [
  image('right.jpg', [box(0)], [seen(0, 0.9)]),
  image('missed.jpg', [box(0), box(40)], []),
  image(`confused-${HOSTILE}.jpg`, [box(0)], [seen(0, 0.8, HOSTILE), seen(60, 0.5), seen(70, 0.4)]),
];

const reviewOf = (doubts: readonly LabelDoubt[]): ModelReportData['review'] => ({
  ...{ examined: 'test-images', total: doubts.length, doubts },
});

async function textOf(
  images = IMAGES,
  read: (key: string) => Promise<Buffer | undefined> = () => picture(1),
) {
  return await renderModelReport(
    { card: card(EVALUATION), images, steps: [], review: reviewOf(reviewLabels(images)), problem: null },
    read,
  );
}

describe('the report of a model', () => {
  it('says in a sentence whether the model is any good, and which class is weakest', async () => {
    const page = await textOf();
    expect(page).toContain(
      'Above chance (0.40 against 0.10), but too poor to use: 6 errors for 1 object found',
    );
    expect(page).toContain(
      'Weakest class: a&lt;script&gt;alert(1)&lt;/script&gt;, 1 false alarm, but only 0 objects to test it on.',
    );
  });

  it('counts found and missed objects and false alarms of each class, the lowest F1 first', async () => {
    const page = await textOf();
    const rows = [...page.matchAll(/<tr(?: class="few")?><th scope="row">(.*?)<\/th>(.*?)<\/tr>/g)].map(
      ([, name = '', cells = '']) => [
        name,
        ...[...cells.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, n]) => n),
      ],
    );
    expect(rows[0]).toEqual([
      'a&lt;script&gt;alert(1)&lt;/script&gt;<span class="tag">few objects</span>',
      ...['0.20', '0.10 to 0.20', '5', '0', '0', '1', '0.30'],
    ]);
    expect(rows[1]).toEqual(['acne', '0.60', '0.30 to 0.60', '25', '1', '3', '2', '0.30']);
  });

  it('says when it was written, and where labels are that were examined later', async () => {
    expect(await textOf()).toContain(
      'This report was written after the training. Labels that were examined later are listed on the page',
    );
    const later = card(EVALUATION);
    const page = await renderModelReport(
      {
        ...{ images: IMAGES, steps: [], review: reviewOf([]), problem: null },
        card: { ...later, model: { ...later.model, ended: '2026-01-02T03:04:05.000Z' } },
      },
      () => picture(1),
    );
    expect(page).toContain('written after the training, 2026-01-02 03:04 UTC.');
  });

  it('names the tiles among the worst images, and counts them apart from photos', async () => {
    const tile = { left: 80, top: 0, width: 100, height: 90 };
    const page = await textOf([...IMAGES, { ...image('missed.jpg', [box(0)], []), tile }]);
    expect(page).toContain('Not detected: 3 in 1 photo and 1 tile');
    expect(page).toContain('>missed.jpg, tile in row 1, column 2</span>');
  });

  it('shows the worst images of each kind of error with the names of the wrong boxes', async () => {
    const page = await textOf();
    expect(page).toContain('Not detected: 2 in 1 image');
    expect(page).toContain('On nothing: 2 in 1 image');
    expect(page).toContain('acne ×2, up to 50 %');
    expect(page).toContain('Wrong class: 1 in 1 image');
    expect(page).not.toContain('Badly placed:');
    expect(page).not.toContain('right.jpg');
    expect(page.match(/data:image\/jpeg/g)).toHaveLength(3);
  });

  it('says what to do next, with its reason, its evidence and how sure it is', async () => {
    const step = {
      ...{ kind: 'use-left-out' as const, title: 'Use 9 images', reason: 'They are new.' },
      ...{ evidence: 'There are 9.', certainty: 'Not measured.', change: { perClassCap: 9 } },
    };
    const data = {
      card: card(EVALUATION),
      images: IMAGES,
      steps: [step],
      review: reviewOf([]),
      problem: null,
    };
    const page = await renderModelReport(data, () => picture(1));
    expect(page).toContain(
      '<h3>Use 9 images</h3><p>They are new. There are 9.</p><p>To do it, ingest the archive again with <code>PER_CLASS_CAP=9</code>.</p><p class="soft">How sure: Not measured.</p>',
    );
  });

  it('shows the labels to check with the question to ask, enlarged, at most twelve', async () => {
    const right = Array.from({ length: 20 }, () => image('right.jpg', [box(0)], [seen(0, 0.8)]));
    const doubtful = Array.from({ length: 13 }, (_, n) => image(`new-${n}.jpg`, [], [seen(40, 0.9)]));
    const page = await textOf([...right, ...doubtful]);
    const [, section = ''] = page.split('Labels to check first');
    const [checked = ''] = section.split('Test images, worst first');
    expect(checked).toContain(
      '13 labels of the test images, the most doubtful first. The first 12 are shown.',
    );
    expect(
      checked.match(
        /Nothing is labelled here. Is it acne\? The model detects acne with 90 % confidence\.<span/g,
      ),
    ).toHaveLength(12);
    expect(checked.match(/data:image\/jpeg/g)).toHaveLength(12);
  });

  it('contains no markup of names, and neither scripts nor links to other places', async () => {
    const page = await textOf();
    expect(page).not.toContain('<script');
    expect(page).not.toMatch(/(?:src|href)="(?!#|data:)/);
    expect(page).toContain('default-src &#39;none&#39;');
  });

  it('says which pictures are missing instead of failing', async () => {
    const page = await textOf(IMAGES, async () => undefined);
    expect(page.match(/no picture/g)).toHaveLength(3);
  });

  it('says why there are no counts if the predictions cannot be read', async () => {
    const data = {
      card: card(EVALUATION),
      images: [],
      steps: [],
      review: reviewOf([]),
      problem: 'm-r1 has no evaluation manifest.',
    };
    const page = await renderModelReport(data, async () => undefined);
    expect(page).toContain('No test image can be shown: m-r1 has no evaluation manifest.');
    expect(page).toContain('0.40');
    expect(page).not.toContain('What kind of error?');
  });

  it('says why there is no evaluation', async () => {
    const data = {
      card: card(null, 'The summary is not JSON.'),
      images: [],
      steps: [],
      review: reviewOf([]),
      problem: 'none.',
    };
    expect(await renderModelReport(data, async () => undefined)).toContain('The summary is not JSON.');
  });

  it('shows at most twelve images of each kind, the worst first', async () => {
    const many = Array.from({ length: 15 }, (_, n) =>
      image(
        `${n}.jpg`,
        Array.from({ length: n + 1 }, (_, i) => box(12 * i)),
        [],
      ),
    );
    const page = await textOf(many, async () => undefined);
    const shown = [...page.matchAll(/title="(\d+)\.jpg"/g)].map(([, n]) => Number(n));
    expect(shown).toEqual([14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
  });
});
