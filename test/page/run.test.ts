import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { Progress } from '../../src/contracts.js';
import { byCodePoint } from '../../src/dataset/order.js';
import type { StackInfo } from '../../src/local/state.js';
import { roboflowArchive } from '../support/archives.js';
import {
  axeViolations,
  CHROMIUM,
  openPage,
  pageTests,
  startBrowser,
  type WatchedPage,
} from '../support/browser.js';
import { startReady } from '../support/cli.js';
import { askForFewImages, check, stage, upload } from '../support/page-steps.js';
import { temporaryHome } from '../support/servers.js';

const LABELS = ['<img src=x onerror=alert(1)>', '"><script>alert(2)</script>'];
const NAMES = { label: (i: number) => LABELS[i] ?? '', stem: (n: number) => `<b>photo${n}</b>'"&_jpg` };

interface Images {
  readonly total: number;
  readonly images: readonly { readonly path: string; readonly boxes: readonly unknown[] }[];
}

(CHROMIUM ? describe : describe.skip)(pageTests('the page on the local stack'), () => {
  let home: string;
  let up: ChildProcess;
  let url: string;
  let browser: Browser;
  let watched: WatchedPage;

  beforeAll(async () => {
    ({ home } = await temporaryHome());
    const { child, ready } = await startReady(['up', '--json'], {
      CURATOR_HOME: home,
      REQUIRE_APPROVAL: 'true',
    });
    up = child;
    ({ url } = (ready as StackInfo).endpoint);
    browser = await startBrowser();
    watched = await openPage(browser);
  });
  afterAll(async () => {
    await browser?.close();
    if (up?.exitCode === null) {
      up.kill('SIGTERM');
      await once(up, 'exit');
    }
    rmSync(home, { recursive: true, force: true });
  });

  const answer = async <T>(path: string) => (await (await fetch(`${url}/${path}`)).json()) as T;

  it('turns a dropped ZIP into a model that a person approved, whatever its classes and files are called', async () => {
    const { page, errors } = watched;
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    const zip = join(home, '<i>Skin & more.zip');
    writeFileSync(zip, await roboflowArchive(24, 2, { names: NAMES }));
    await check(page, url, zip);
    await askForFewImages(page);
    await upload(page, 'by-page');

    await stage(page, 'Awaiting approval');
    await page.getByText('Train for about $').waitFor();
    await page.getByText('24 images', { exact: true }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.getByRole('button', { name: 'Approve and train' }).isDisabled()).toBe(true);
    await page.getByLabel('Your name').fill('Ada');
    await page.getByLabel('Note').fill('boxes look right');
    await page.getByRole('button', { name: 'Approve and train' }).click();

    await stage(page, 'Done');
    const { evaluation } = (await answer<Progress>('datasets/by-page')).result ?? {};
    await page.getByText('Local baseline, not Rekognition’s figure').waitFor();
    const workflow = page.getByRole('link', { name: 'Temporal' });
    expect(await workflow.getAttribute('href')).toMatch(/\/workflows\/ingest%2Fby-page\/[0-9a-f-]{36}\//);
    expect(await page.locator('.figures .main').textContent()).toContain(evaluation?.f1.toFixed(3));
    expect(await page.locator('.scores .name').allTextContents()).toEqual(
      evaluation?.labels.map(({ label }) => label),
    );
    expect(await page.locator('.bars .name').allTextContents()).toEqual([...LABELS].sort(byCodePoint));
    expect(await axeViolations(page)).toEqual([]);
    expect({ dialogs, errors }).toEqual({ dialogs: [], errors: [] });
  });

  it('shows the preprocessed images with their boxes, by class and split, and each of them large', async () => {
    const { page } = watched;
    const gallery = page.locator('.gallery');
    const counted = (n: number) => gallery.getByText(n === 1 ? '1 image' : `${n} images`, { exact: true });
    const inVal = (await answer<Progress>('datasets/by-page')).result?.images?.val ?? 0;
    await page.getByLabel('Split').selectOption('val');
    await counted(inVal).waitFor();
    await page.getByLabel('Class').selectOption(LABELS[1] ?? '');
    const filter = `split=val&label=${encodeURIComponent(LABELS[1] ?? '')}`;
    const { total, images } = await answer<Images>(`datasets/by-page/images?${filter}`);
    const [first] = images;
    if (!first) throw new Error('No image of val has the class.');
    await counted(total).waitFor();
    const tile = gallery.locator('.tiles button').first();
    const image = tile.getByRole('img');
    await page.waitForFunction(`document.querySelector('.gallery img')?.naturalWidth > 0`);
    const name = first.path.slice(first.path.lastIndexOf('/') + 1);
    expect(await image.getAttribute('alt')).toContain(`${name}: 1 `);
    expect(await tile.locator('rect:not(.halo)').count()).toBe(first.boxes.length);

    await tile.press('Enter');
    const large = page.getByRole('dialog');
    await large.getByText(first.path).waitFor();
    await page.keyboard.press('+');
    await page.locator('.zoom-2').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await large.waitFor({ state: 'hidden' });
  });

  it('lists the run, on a phone too', async () => {
    const { page, errors } = watched;
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('link', { name: 'All runs' }).click();
    await page.getByRole('link', { name: /by-page/ }).click();
    await stage(page, 'Done');
    await page.getByRole('heading', { name: 'Used 24 of 24 images' }).waitFor();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
    expect(await axeViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});
