import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { axeViolations } from '../support/browser.js';
import { describePages, usePages, useServedPage } from '../support/pages.js';

const LAST = { ...DEFAULT_DATASET_SETTINGS, valSplit: 0.25 };
const COUNTS = { images: 9, boxes: 9 };
const MESSAGE = 'No class is found in MIN_CLASS_IMAGES=40 images. Set MIN_CLASS_IMAGES=12.';

/** Responses that the test provides. */
describePages('another run of the same archive on the page', () => {
  const pages = usePages();
  const served = useServedPage();

  async function open(
    outcome: string,
    { width = 1280, dark = false, conflict = false, last = LAST } = {},
  ): Promise<{ page: Page; sent: unknown[] }> {
    const { page } = await pages.open({ width, dark });
    const sent: unknown[] = [];
    const documentOf = (stage: string, runId: string, result: object | null) => ({
      ...{ stage, dataset: 'skin', runId, version: null, stages: [], result },
      upload: { bucket: 'b', key: 'landing/skin/a/skin.zip', etag: '"e"', bytes: 1000 },
      ...{ images: { done: 0, total: 0, rejected: 0 }, training: null, approval: null },
    });
    const result = {
      ...{ outcome, message: MESSAGE, images: null, findings: [] },
      labels: ['lesion', 'scar'].map((label) => ({ label, train: COUNTS, val: COUNTS })),
      droppedClasses: [{ label: 'wart', images: 3 }],
      ...{ evaluation: null, training: null, uris: { report: null } },
    };
    await page.route(/\/datasets/, async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/datasets/skin/runs') {
        if (conflict) return await route.fulfill({ status: 409, json: { detail: 'skin has a run.' } });
        sent.push(route.request().postDataJSON());
        return await route.fulfill({ status: 202, json: {} });
      }
      const isStarted = sent.length > 0;
      const answers: Readonly<Record<string, object>> = {
        '/datasets/skin': isStarted ? documentOf('inspecting', 's', null) : documentOf(outcome, 'r', result),
        '/datasets/skin/settings': { settings: last },
      };
      const json = answers[pathname];
      return await route.fulfill(json ? { json } : { status: 404, json: {} });
    });
    await page.goto(`${served.url}#/datasets/skin`);
    await page.getByText('Run again with other settings').click();
    await page.getByLabel('Validation split').waitFor();
    return { page, sent };
  }
  const button = (page: Page) => page.getByRole('button', { name: 'Run again', exact: true });

  it('starts with the settings of the last run, and follows the new run', async () => {
    const { page, sent } = await open('done');
    expect(await page.getByLabel('Validation split').inputValue()).toBe('0.25');
    await page.getByText('Change a setting first.').waitFor();
    expect(await button(page).isDisabled()).toBe(true);
    await page.getByLabel('Maximum images per class').fill('240');
    await button(page).click();
    await page.locator('.chip').getByText('Inspecting').waitFor();
    expect(sent).toEqual([{ settings: { ...LAST, perClassCap: 240 } }]);
    expect(await page.evaluate<string>('document.activeElement.tagName')).toBe('H1');
  });

  it.each(['0', '5', '1.5', ''])(
    'marks tiles of "%s", and names the numbers that are accepted',
    async (tiles) => {
      const { page, sent } = await open('done');
      const field = page.getByLabel('Tiles along each side');
      await field.fill(tiles);
      const problem = page.getByRole('alert').getByText('Enter a whole number from 1 to 4.');
      await problem.waitFor();
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      expect(await field.inputValue()).toBe(tiles);
      await page.getByText('Correct the marked setting first.').waitFor();
      expect(await axeViolations(page)).toEqual([]);
      await field.fill('2');
      await problem.waitFor({ state: 'detached' });
      await button(page).click();
      await page.locator('.chip').getByText('Inspecting').waitFor();
      expect(sent).toEqual([{ settings: { ...LAST, tiles: 2 } }]);
    },
  );

  it('marks an expression that cannot be read, and says why', async () => {
    const { page, sent } = await open('failed');
    const field = page.getByLabel('Keep together');
    await field.fill('patient(');
    await page
      .getByRole('alert')
      .getByText(/^The expression .+\.$/)
      .waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await button(page).click();
    expect(await page.evaluate<string>('document.activeElement.value')).toBe('patient(');
    expect(sent).toEqual([]);
  });

  it('merges classes that are ticked, merged and dropped ones included, and takes a merge back', async () => {
    const last = { ...LAST, mergeClasses: 'nodule,papule=lesion' };
    const { page, sent } = await open('done', { last });
    const merges = page.getByRole('group', { name: 'Merge classes' });
    const choices = merges.locator('.choices label');
    expect(await choices.allTextContents()).toEqual(['lesion', 'scar', 'wart']);
    const merge = merges.getByRole('button', { name: /^Merge/ });
    expect(await merge.isDisabled()).toBe(true);
    await merges.getByText('Tick the classes that become one.').waitFor();
    await choices.getByText('lesion').click();
    await choices.getByText('wart').click();
    await merges.getByLabel('Name of the merged class').fill('scar');
    await page.getByRole('alert').getByText('scar is another class. Tick it too, or').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await merges.getByLabel('Name of the merged class').fill('skin, all');
    await merge.click();
    await merges.getByText('nodule, papule, wart → skin, all').waitFor();
    expect(await choices.allTextContents()).toEqual(['skin, all', 'scar']);
    await merges.getByRole('button', { name: 'Remove the merge to skin, all' }).click();
    expect(await choices.allTextContents()).toEqual(['nodule', 'papule', 'scar', 'wart']);
    await choices.getByText('nodule').click();
    await choices.getByText('wart').click();
    await merges.getByLabel('Name of the merged class').fill('spot');
    await merges.getByLabel('Name of the merged class').press('Enter');
    await merges.getByText('nodule, wart → spot').waitFor();
    await button(page).click();
    await page.locator('.chip').getByText('Inspecting').waitFor();
    expect(sent).toEqual([{ settings: { ...LAST, mergeClasses: 'nodule,wart=spot' } }]);
  });

  it('applies the setting that the message of a refused run advises', async () => {
    const { page, sent } = await open('refused');
    expect(await button(page).isEnabled()).toBe(true);
    await page.getByRole('button', { name: 'Set “Minimum images per class” to 12' }).click();
    await button(page).click();
    await page.locator('.chip').getByText('Inspecting').waitFor();
    expect(sent).toEqual([{ settings: { ...LAST, minClassImages: 12 } }]);
  });

  it('sends nothing while a value is invalid, and says why a run was refused', async () => {
    const { page, sent } = await open('failed', { width: 390, dark: true, conflict: true });
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
    await page.getByLabel('Validation split').fill('7');
    await button(page).click();
    expect(await page.locator('.run-again :invalid:not(form)').count()).toBe(1);
    await page.getByLabel('Validation split').fill('0.3');
    await button(page).click();
    await page.getByRole('alert').getByText('skin has a run.').waitFor();
    expect(sent).toEqual([]);
  });
});
