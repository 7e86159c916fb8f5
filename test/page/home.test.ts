import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeViolations } from '../support/browser.js';
import { describePages, usePages, useServedPage } from '../support/pages.js';

const MODEL = {
  ...{ modelVersion: '0123456789abcdef-r1', f1: 0.734, images: 230, trainer: 'rekognition' },
  ended: '2026-01-01T10:00:00Z',
};
const run = (dataset: string, more: object = {}) => ({
  ...{ dataset, status: 'done', started: '2026-02-01T10:00:00Z', runId: 'r', model: MODEL },
  ...more,
});
const REFUSED = { status: 'refused', reason: 'No class is found in MIN_CLASS_IMAGES=40 images.' };

/** The list of datasets with responses that the test provides. */
describePages('the datasets on the start page', () => {
  const pages = usePages();
  const served = useServedPage();

  async function open(datasets: readonly object[], width = 1280, dark = false): Promise<Page> {
    const { page } = await pages.open({ width, dark });
    await page.route('**/datasets', (route) => route.fulfill({ json: { datasets } }));
    await page.goto(served.url);
    await page.locator('.rows').waitFor();
    return page;
  }

  it.each([
    [390, true],
    [1280, false],
  ])(
    'keep the model in view if the newest upload was refused, and say why, %d px wide',
    async (width, dark) => {
      const page = await open(
        [run('skin', REFUSED), run('new', { ...REFUSED, images: 0, model: null })],
        width,
        dark,
      );
      const [skin, fresh] = await page.locator('.rows li').allInnerTexts();
      expect(skin).toContain('F1 0.734');
      expect(skin).toContain('230 images');
      expect(skin).toContain('Refused');
      expect(skin).toMatch(
        /No class is found in “Minimum images per class” = 40 images\. The model of 1 Jan 2026/,
      );
      expect(fresh).toContain('no model yet');
      expect(fresh).toContain('no image used');
      expect(fresh).not.toContain('unchanged');
      expect(await axeViolations(page)).toEqual([]);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(width);
    },
  );

  it('show their earlier models', async () => {
    const page = await open([run('skin'), run('new', { ...REFUSED, model: null })], 390);
    const cards = [0.734, 0.61].map((f1, i) => ({
      model: { modelVersion: `version-r${i}`, trainer: 'rekognition', ended: MODEL.ended },
      ...{ evaluation: { f1 }, images: { used: 230 - i } },
    }));
    await page.route('**/datasets/skin/models', (route) =>
      route.fulfill({ json: { models: cards, unreadable: [] } }),
    );
    await page.getByText('All models of skin').click();
    await page.getByText(/^F1 0\.610, 229 images, 1 Jan 2026.*, version version-r1$/).waitFor();
    expect(await page.locator('.history').count()).toBe(1);
    expect(await page.locator('.history li').count()).toBe(2);
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
  });

  it('are found by a part of their name', async () => {
    const page = await open(['skin-a', 'skin-b', 'cards', 'cells', 'robots'].map((name) => run(name)));
    await page.getByLabel('Search datasets by name').fill(' SKIN');
    expect(await page.locator('.rows .name').allInnerTexts()).toEqual(['skin-a', 'skin-b']);
    await page.getByLabel('Search datasets by name').fill('teeth');
    await page.getByText('No dataset has “teeth” in its name.').waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });
});
