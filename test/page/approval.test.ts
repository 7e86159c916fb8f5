import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeViolations } from '../support/browser.js';
import { describePages, usePages, useServedPage } from '../support/pages.js';

const REKOGNITION = {
  ...{ kind: 'rekognition', account: '123456789012', region: 'eu-central-1' },
  ...{ hourlyRateUsd: 1, estimatedHours: 2.5, projectNote: null, basis: 'From 3 trainings.' },
};
const FINDINGS = Array.from({ length: 7 }, (_, i) => ({
  ...{ code: `CODE_${i}`, severity: 'warning', count: 1, examples: [] },
  message: `Finding ${i} names MIN_CLASS_IMAGES=40. The rest of it is long.`,
}));

/** A run that waits for approval, with responses that the test provides. */
describePages('the approval of a training', () => {
  const pages = usePages();
  const served = useServedPage();

  async function open(trainer: object, width: number, dark: boolean): Promise<Page> {
    const { page } = await pages.open({ width, dark });
    const progress = {
      ...{ stage: 'awaiting-approval', dataset: 'skin', runId: 'r', version: 'v', stages: [], result: null },
      ...{ upload: { bucket: 'b', key: 'landing/skin/a/skin.zip', etag: '"e"', bytes: 1000 } },
      ...{ images: { done: 9, total: 9, rejected: 0 }, training: null, approval: { trainer } },
    };
    const report = {
      ...{ images: null, labels: [], droppedClasses: [], findings: FINDINGS },
      settings: { minClassImages: 40 },
    };
    const answers: Readonly<Record<string, object>> = {
      '/datasets/skin': progress,
      '/datasets/skin/report': report,
      '/datasets/skin/models': { models: [], unreadable: [] },
    };
    await page.route('**/datasets/**', async (route) => {
      const json = answers[new URL(route.request().url()).pathname];
      await route.fulfill(json ? { json } : { status: 404, json: {} });
    });
    await page.goto(`${served.url}#/datasets/skin`);
    await page.getByText('7 warnings about this dataset:').waitFor();
    return page;
  }

  it('shows the price, the warnings and what is missing beside the buttons', async () => {
    const page = await open(REKOGNITION, 390, true);
    const panel = page.locator('.approval');
    await panel.getByRole('heading', { name: 'Train for about $2.50?' }).waitFor();
    expect(await panel.locator('.warnings li').allInnerTexts()).toEqual(
      [0, 1, 2, 3, 4].map((i) => `Finding ${i} names “Minimum images per class” = 40.`),
    );
    await panel.getByText('and 2 more findings, listed below').waitFor();
    await panel.getByText('Enter your name to approve or reject.').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await panel.getByLabel('Your name').fill('Ada');
    expect(await panel.textContent()).not.toContain('Enter your name');
  });

  it('names no price and no hours over an emulated training', async () => {
    const page = await open({ ...REKOGNITION, kind: 'emulator' }, 1280, false);
    const text = await page.locator('.approval').textContent();
    expect(text).toContain('Train on the local emulator?');
    expect(text).not.toMatch(/\$|hour|\d h\b|Expected time/);
  });
});
