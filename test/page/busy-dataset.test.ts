import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { roboflowArchive } from '../support/archives.js';
import { axeViolations } from '../support/browser.js';
import { askForFewImages, check } from '../support/page-steps.js';
import { describePages, usePages, useServedPage } from '../support/pages.js';

/** An endpoint that the test provides: it refuses uploads of the dataset while its run is in progress. */
describePages('an upload to a dataset that has a run in progress', () => {
  const pages = usePages();
  const served = useServedPage();
  let home: string;
  let zip: string;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'curator-page-'));
    zip = join(home, 'skin.zip');
    writeFileSync(zip, await roboflowArchive(24, 2));
  });
  afterAll(async () => {
    rmSync(home, { recursive: true, force: true });
  });

  /** Uploads the archive, which is refused. Returns the page and the requests that change something. */
  async function refused(): Promise<{ page: Page; changes: string[] }> {
    const { page } = await pages.open({ width: 390 });
    const changes: string[] = [];
    let isRunning = true;
    await page.route(/\/(data-presign|notify-upload|put|datasets)/, async (route) => {
      const { pathname } = new URL(route.request().url());
      if (route.request().method() === 'POST') changes.push(pathname);
      if (pathname === '/datasets/skin/cancel') isRunning = false;
      if (pathname === '/data-presign') {
        return await route.fulfill(
          isRunning
            ? { status: 409, json: { detail: 'skin is already being ingested.' } }
            : { json: { key: 'landing/skin/a/skin.zip', url: `${served.url}put`, headers: {} } },
        );
      }
      const progress = { stage: 'training', dataset: 'skin', stages: [], result: isRunning ? null : {} };
      return await route.fulfill({ json: pathname === '/datasets' ? { datasets: [] } : progress });
    });
    await check(page, served.url, zip);
    await askForFewImages(page);
    await page.getByLabel('Dataset').fill('skin');
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.getByText('The dataset skin has a run in progress.').waitFor();
    return { page, changes };
  }

  it('replaces the run and continues', async () => {
    const { page, changes } = await refused();
    expect(await axeViolations(page)).toEqual([]);
    expect(changes).toEqual([]);
    const started = page.waitForRequest('**/notify-upload');
    await page.getByRole('button', { name: 'Replace' }).click();
    expect((await started).postDataJSON()).toMatchObject({ dataset: 'skin' });
    expect(changes[0]).toBe('/datasets/skin/cancel');
  });

  it('is discarded without changing the run', async () => {
    const { page, changes } = await refused();
    await page.getByRole('button', { name: 'Discard this upload' }).click();
    await page.getByRole('heading', { name: 'Drop a ZIP of labelled images' }).waitFor();
    expect(changes).toEqual([]);
  });
});
