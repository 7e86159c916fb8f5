import type { ChildProcess } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Progress } from '../../src/contracts/workflow-io.js';
import { byCodePoint } from '../../src/lib/order.js';
import { picture, roboflowArchive } from '../support/archives.js';
import { axeViolations, type WatchedPage } from '../support/browser.js';
import { stopProcess } from '../support/cli.js';
import { startLocalStack } from '../support/local-stack.js';
import { askForFewImages, check, stage, upload } from '../support/page-steps.js';
import { describePages, usePages } from '../support/pages.js';
import { temporaryHome } from '../support/servers.js';

const LABELS = ['<img src=x onerror=alert(1)>', '"><script>alert(2)</script>'] as const;
/** Two images per visit, which belong together by their name. */
const NAMES = {
  label: (i: number) => LABELS[i] ?? '',
  stem: (n: number) => `<b>photo</b>visit${Math.floor(n / 2)}'"&_jpg`,
};
/** Four times the duration of a run on an idle machine. */
const PATIENCE_MS = 120_000;

interface Images {
  readonly total: number;
  readonly images: readonly { readonly path: string; readonly boxes: readonly unknown[] }[];
}

describePages('the page on the local stack', () => {
  const pages = usePages();
  let home: string;
  let up: ChildProcess;
  let url: string;
  let watched: WatchedPage;
  let page: Page;
  let run: Promise<void> | undefined;
  /** The groups that the check showed before the upload. */
  let checkedGroups: string | null;

  beforeAll(async () => {
    ({ home } = await temporaryHome());
    const env = { CURATOR_HOME: home, REQUIRE_APPROVAL: 'true' };
    const stack = await startLocalStack(env);
    up = stack.child;
    ({ url } = stack.info.endpoint);
  }, PATIENCE_MS);
  beforeEach(async () => {
    watched = await pages.open();
    ({ page } = watched);
    page.on('dialog', (dialog) => {
      watched.errors.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  });
  afterAll(async () => {
    await stopProcess(up);
    rmSync(home, { recursive: true, force: true });
  });

  const answer = async <T>(path: string) => (await (await fetch(`${url}/${path}`)).json()) as T;

  /** A run whose classes and files have hostile names, from the drop to the model, all on the page. */
  const dropAndApprove = async () => {
    const zip = join(home, '<i>Skin & more.zip');
    writeFileSync(zip, await roboflowArchive(24, 2, { names: NAMES }));
    await check(page, url, zip);
    await askForFewImages(page);
    checkedGroups = await page.locator('.together').textContent();
    await upload(page, 'by-page');
    await stage(page, 'Awaiting approval');
    await page.getByRole('heading', { name: 'Train on the local emulator?' }).waitFor();
    await page.getByRole('heading', { name: 'Used 24 of 24 images' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.getByRole('button', { name: 'Approve and train' }).isDisabled()).toBe(true);
    await page.getByLabel('Your name').fill('Ada');
    await page.getByLabel('Note').fill('boxes look right');
    await page.getByRole('button', { name: 'Approve and train' }).click();
    await stage(page, 'Done');
  };
  const openRun = async () => {
    run ??= dropAndApprove();
    await run;
    await page.goto(`${url}/#/datasets/by-page`);
    await stage(page, 'Done');
  };

  it(
    'turns a dropped ZIP into a model after approval, with hostile class and file names',
    async () => {
      await openRun();
      const { evaluation, groups } = (await answer<Progress>('datasets/by-page')).result ?? {};
      const { images, groups: names } = groups?.sameSource ?? { images: 0, groups: 0 };
      expect(names).toBeGreaterThan(5);
      expect(await page.locator('.together').textContent()).toContain(
        `${images} images of ${names} source names`,
      );
      expect(await page.locator('.together').textContent()).toBe(checkedGroups);
      await page.getByText('Local baseline, not a Rekognition score').waitFor();
      expect(await page.locator('.figures .main').textContent()).toContain(evaluation?.f1.toFixed(3));
      expect(await page.locator('.scores:not(.groups) .name').allTextContents()).toEqual(
        [...(evaluation?.labels ?? [])].sort((a, b) => a.f1 - b.f1).map(({ label }) => label),
      );
      expect(await page.locator('.bars .name').allTextContents()).toEqual([...LABELS].sort(byCodePoint));
      const { models } = await answer<{ models: { approval: object }[] }>('datasets/by-page/models');
      expect(models).toMatchObject([{ approval: { by: 'Ada', note: 'boxes look right' } }]);
      const workflow = await page.getByRole('link', { name: 'Temporal' }).getAttribute('href');
      expect(workflow).toMatch(/\/workflows\/ingest%2Fby-page\/[0-9a-f-]{36}\//);
      expect(await axeViolations(page)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'shows the preprocessed images with their boxes, filtered by class and split, and enlarged',
    async () => {
      await openRun();
      const gallery = page.locator('.gallery');
      const counted = (n: number) => gallery.getByText(n === 1 ? '1 image' : `${n} images`, { exact: true });
      await counted(24).waitFor();
      const query = `split=train&label=${encodeURIComponent(LABELS[1])}`;
      const { total, images } = await answer<Images>(`datasets/by-page/images?${query}`);
      const [first] = images;
      if (!first) throw new Error('No image of train has the class.');
      await gallery.getByLabel('Split').selectOption('train');
      await gallery.getByLabel('Class').selectOption(LABELS[1]);
      await counted(total).waitFor();
      const tile = gallery.locator('.tiles button').first();
      await page.waitForFunction(`document.querySelector('.gallery img')?.naturalWidth > 0`);
      const name = first.path.slice(first.path.lastIndexOf('/') + 1);
      expect(await tile.getByRole('img').getAttribute('alt')).toContain(`${name}: 1 `);
      expect(await tile.locator('rect:not(.halo)').count()).toBe(first.boxes.length);

      await tile.press('Enter');
      const large = page.getByRole('dialog');
      await large.getByText(first.path).waitFor();
      await page.keyboard.press('+');
      await page.locator('.zoom-2').waitFor();
      expect(await axeViolations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await large.waitFor({ state: 'hidden' });
    },
    PATIENCE_MS,
  );

  it(
    'shows the objects that the model detects on a photo',
    async () => {
      await openRun();
      const photo = { name: 'unseen.jpg', mimeType: 'image/jpeg', buffer: await picture(99) };
      await page.getByLabel('Photo that is not in the dataset').setInputFiles(photo);
      const status = page.locator('.try-model').getByText(/^\d+ box(es)? found by [0-9a-f]{16}-r1$/);
      await status.waitFor({ timeout: 60_000 });
      const found = Number(/^\d+/.exec((await status.textContent()) ?? '')?.[0]);
      expect(await page.locator('.try-model rect:not(.halo)').count()).toBe(found);
      expect(await page.locator('.try-model li').count()).toBe(found);
      await page.getByLabel('Minimum confidence (%)').fill('100');
      await page.keyboard.press('Enter');
      await page
        .locator('.try-model')
        .getByText(/^0 boxes found by/)
        .waitFor({ timeout: 60_000 });
      expect(await axeViolations(page)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'lists the run at the width of a phone',
    async () => {
      await openRun();
      await page.setViewportSize({ width: 390, height: 844 });
      await page.getByRole('link', { name: 'All datasets' }).click();
      await page.getByRole('link', { name: /by-page/ }).click();
      await page.getByRole('heading', { name: 'Used 24 of 24 images' }).waitFor();
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
      expect(await axeViolations(page)).toEqual([]);
    },
    PATIENCE_MS,
  );
});
