import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { picture } from '../support/archives.js';
import { axeViolations } from '../support/browser.js';
import { describePages, usePages, useServedPage } from '../support/pages.js';

const ARN = 'arn:aws:rekognition:eu-central-1:111122223333:project/skin/version/v-r1/1700000000000';
const [OLD, NEW] = ['0123456789abcdef', 'fedcba9876543210'];
const HISTORY = {
  runs: [
    {
      runId: 'r2',
      status: 'done',
      started: '2026-02-01T10:00:00Z',
      ended: null,
      upload: 'landing/skin/b/b.zip',
    },
    { runId: 'r1', status: 'refused', started: '2026-01-01T10:00:00Z', ended: null, upload: null },
  ],
  versions: [
    { version: NEW, written: '2026-02-01T10:01:00Z', isCrossValidated: false },
    { version: OLD, written: '2026-01-01T10:01:00Z', isCrossValidated: true },
  ],
};

const leaked = (path: string, exported: string) => ({
  ...{ path, key: `datasets/skin/preprocessed/${path}`, split: 'train', exported, width: 96, height: 80 },
  ...{ view: null, boxes: [{ label: 'acne', left: 5, top: 5, width: 30, height: 30, role: 'own' }] },
});
const EXAMPLE = 'valid/a.jpg = train/b.jpg';
const LEAK = {
  ...{ code: 'EXPORT_SPLIT_LEAKS', example: EXAMPLE },
  images: [leaked('valid/a.jpg', 'val'), leaked('train/b.jpg', 'train')],
};
const FINDING = {
  ...{ code: 'EXPORT_SPLIT_LEAKS', severity: 'warning', message: 'Copies.', count: 1, unit: 'images' },
  examples: [EXAMPLE],
};

/** Responses that the test provides. */
describePages('the results of a dataset on the page', () => {
  const pages = usePages();
  const served = useServedPage();

  async function open(
    outcome: string,
    trainer: string,
    width = 1280,
    dark = false,
    findings: readonly object[] = [],
    earlier: readonly object[] = [],
  ): Promise<Page> {
    const { page } = await pages.open({ width, dark });
    const photo = await picture(1, 96, 80);
    const counts = { images: 9, boxes: 9 };
    const upload = { bucket: 'b', key: 'landing/skin/a/skin.zip', etag: '"e"', bytes: 1000 };
    const result = {
      ...{ outcome, message: 'Why.', images: null, labels: [{ label: 'acne', train: counts, val: counts }] },
      ...{ droppedClasses: [], findings, evaluation: null, training: null, uris: { report: 's3://r' } },
    };
    const model = { modelVersion: 'v-r1', projectVersionArn: ARN, trainer, trainingSeconds: 60 };
    const labels = [{ label: 'acne' }, { label: 'rash' }];
    const settings = { valSplit: 0.1, tiles: 2, mergeClasses: 'acne,rash=spot' };
    const evaluation = { f1: 0.61, labels: [] };
    const card = { version: OLD, model, labels, settings, evaluation, images: { train: 9 } };
    const withoutTiles = { ...card, settings: { ...settings, tiles: 1, mergeClasses: '' } };
    const answers: Readonly<Record<string, object>> = {
      '/datasets/skin': {
        ...{ stage: outcome, dataset: 'skin', runId: 'r', upload, version: NEW, stages: [], result },
        ...{ images: { done: 9, total: 9, rejected: 0 }, training: null, approval: null },
      },
      '/datasets/skin/history': HISTORY,
      '/datasets/skin/finding-cases': { version: NEW, cases: [LEAK] },
      '/datasets/skin/models': {
        models: [card, ...earlier.map((model) => ({ ...withoutTiles, model: { ...card.model, ...model } }))],
        unreadable: [],
      },
      '/datasets/skin/model-comparisons': { comparisons: earlier },
      '/datasets/skin/images': { total: 0, offset: 0, images: [] },
      '/datasets/skin/report': { ...result, settings: { minClassImages: 40 } },
    };
    await page.route('**/datasets/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/datasets/skin/image')
        return await route.fulfill({ contentType: 'image/jpeg', body: photo });
      const json = answers[pathname];
      await route.fulfill(json ? { json } : { status: 404, json: {} });
    });
    await page.goto(`${served.url}#/datasets/skin`);
    await page.getByRole('heading', { name: 'Downloads' }).waitFor();
    return page;
  }

  it('download as a report and as exports in COCO and YOLO', async () => {
    const page = await open('done', 'emulator');
    const links = await page.locator('a.button').all();
    const found = await Promise.all(
      links.map(async (link) => [await link.getAttribute('href'), await link.getAttribute('download')]),
    );
    expect(found).toEqual([
      [`${served.url}datasets/skin/report`, 'skin.report.html'],
      [`${served.url}datasets/skin/export?format=coco`, 'skin.coco.zip'],
      [`${served.url}datasets/skin/export?format=yolo`, 'skin.yolo.zip'],
    ]);
    expect(await page.getByRole('heading', { name: 'Use the model' }).count()).toBe(0);
  });

  it.each([
    [390, false],
    [1280, true],
  ])('show leaks of the split as a pair of pictures with their sides, %d px wide', async (width, dark) => {
    const page = await open('done', 'emulator', width, dark, [FINDING]);
    const figures = page.locator('.findings figure');
    await figures.last().waitFor();
    expect(await figures.locator('figcaption').allInnerTexts()).toEqual([
      expect.stringMatching(/^val of the export: acne\s+a\.jpg$/),
      expect.stringMatching(/^train of the export: acne\s+b\.jpg$/),
    ]);
    expect(await figures.locator('rect:not(.halo)').count()).toBe(2);
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(width);
    await figures.last().getByRole('button').click();
    await page.getByRole('dialog', { name: 'train/b.jpg' }).getByText('train of the export: acne').waitFor();
  });

  it('have no exports if the dataset was refused', async () => {
    const page = await open('refused', 'emulator');
    expect(await page.locator('a.button').allInnerTexts()).toEqual(['Report']);
  });

  it.each([
    [390, true],
    [1280, false],
  ])('show the ARN of a Rekognition model with code, %d px wide', async (width, dark) => {
    const page = await open('done', 'rekognition', width, dark);
    await page.getByText('AWS CLI').click();
    await page.getByText('JavaScript').click();
    const [cli, script] = await page.locator('.model-use pre').allInnerTexts();
    expect(cli).toContain(`arn=${ARN}\naws rekognition start-project-version --region eu-central-1 `);
    expect(script).toContain(`ProjectVersionArn: '${ARN}',`);
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(width);
  });

  it('compare models on the photos and classes that both were tested on, or say why not, and show in which settings they differ', async () => {
    const page = await open(
      'done',
      'emulator',
      390,
      true,
      [],
      [
        { modelVersion: 'v-r0', photos: 12, labels: ['rash'], f1: 0.5, latestF1: 0.6, problem: null },
        {
          modelVersion: 'w-r1',
          photos: 0,
          labels: [],
          f1: null,
          latestF1: null,
          problem: 'w-r1 has no evaluation',
        },
      ],
    );
    const row = page.getByRole('row', { name: /^F1 on common photos/ });
    await row.getByText('0.500, latest 0.600 (12 photos, rash only)').waitFor();
    expect(await row.locator('td').allTextContents()).toEqual([
      '',
      '0.500, latest 0.600 (12 photos, rash only)',
      '–',
    ]);
    await page.getByText('w-r1 cannot be compared: w-r1 has no evaluation.').waitFor();
    const cells = (name: RegExp) => page.getByRole('row', { name }).locator('td').allTextContents();
    expect(await cells(/^Tiles along each side of a photo/)).toEqual(['2', '1', '1']);
    expect(await cells(/^Merge classes/)).toEqual(['acne,rash=spot', '–', '–']);
    expect(await page.getByRole('row', { name: /^Validation split/ }).count()).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
  });

  it('list the earlier runs, and the versions with their reports and models', async () => {
    const page = await open('done', 'emulator', 390);
    await page.getByText('Earlier runs and versions').click();
    await page.getByRole('heading', { name: '2 versions' }).waitFor();
    const lines = await page.locator('.past-runs li').allInnerTexts();
    expect(lines.map((line) => line.replace(/,.*?\d\d:\d\d/, '').replace(/\s+/g, ' '))).toEqual([
      '1 Feb 2026 Done b.zip',
      '1 Jan 2026 Refused',
      `1 Feb 2026 ${NEW} Report`,
      `1 Jan 2026 ${OLD} Report, Doubtful labels (CSV) model v-r1: F1 0.610 (local baseline)`,
    ]);
    const links = await page.locator('.past-runs a').all();
    expect(await Promise.all(links.map((link) => link.getAttribute('href')))).toEqual([
      `${served.url}datasets/skin/report?version=${NEW}`,
      `${served.url}datasets/skin/report?version=${OLD}`,
      `${served.url}datasets/skin/cross-validation/labels.csv?version=${OLD}`,
    ]);
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
  });
});
