import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Progress } from '../../src/contracts/workflow-io.js';
import { roboflowArchive } from '../support/archives.js';
import { axeViolations, type WatchedPage } from '../support/browser.js';
import { stopProcess } from '../support/cli.js';
import { type LocalStack, startLocalStack } from '../support/local-stack.js';
import { askForFewImages, check, stage, upload } from '../support/page-steps.js';
import { describePages, usePages } from '../support/pages.js';
import { temporaryHome } from '../support/servers.js';

const PART_BYTES = 16 * 1024 * 1024;
const PATIENCE_MS = 240_000;

describePages('the page under failures', () => {
  const pages = usePages();
  let home: string;
  let stack: LocalStack;
  let url: string;
  let zip: string;
  let watched: WatchedPage;

  beforeAll(async () => {
    ({ home } = await temporaryHome());
    const env = { CURATOR_HOME: home, REQUIRE_APPROVAL: 'true' };
    stack = await startLocalStack(env);
    ({ url } = stack.info.endpoint);
    zip = join(home, 'skin.zip');
    writeFileSync(zip, await roboflowArchive(24));
  }, PATIENCE_MS);
  beforeEach(async () => {
    watched = await pages.open();
  });
  afterAll(async () => {
    await stopProcess(stack?.child);
    rmSync(home, { recursive: true, force: true });
  });

  const progressOf = async (dataset: string) =>
    (await (await fetch(`${url}/datasets/${dataset}`)).json()) as Progress;

  it(
    'shows why a ZIP is refused that is uploaded despite a failed check',
    async () => {
      const { page } = watched;
      await check(page, url, zip);
      await page.getByRole('heading', { name: 'Not fit for training' }).waitFor();
      await upload(page, 'unfit');
      await stage(page, 'Refused');
      await page.getByText('No class is found in “Minimum images per class” = 40 images').first().waitFor();
      await page.getByRole('heading', { name: /^Used 0 of/ }).waitFor();
      await page.getByRole('link', { name: 'Report', exact: true }).waitFor();
      expect(await page.getByText('not run').count()).toBeGreaterThan(0);
      expect(await page.getByRole('button', { name: 'Cancel the run' }).count()).toBe(0);
      expect(await axeViolations(page)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'continues after the endpoint was killed, and accepts a rejection',
    async () => {
      const { page } = watched;
      await check(page, url, zip);
      await askForFewImages(page);
      await upload(page, 'restarted');
      await stage(page, 'Awaiting approval');
      const { processes } = JSON.parse(readFileSync(join(home, 'stack.json'), 'utf8')) as {
        processes: { name: string; pid: number }[];
      };
      const endpoint = processes.find(({ name }) => name === 'endpoint');
      if (!endpoint) throw new Error('The stack records no endpoint.');
      process.kill(endpoint.pid, 'SIGKILL');
      const banner = page.locator('.banner');
      await banner.waitFor();
      await banner.waitFor({ state: 'detached', timeout: 60_000 });

      await page.getByLabel('Your name').fill('Ada');
      await page.getByRole('button', { name: 'Reject' }).click();
      await stage(page, 'Rejected');
      expect((await progressOf('restarted')).stage).toBe('rejected');
    },
    PATIENCE_MS,
  );

  it(
    'resumes an upload that closing the page interrupted',
    async () => {
      const { page } = watched;
      const large = join(home, 'large.zip');
      const padding = { 'README.bin': randomBytes(2.5 * PART_BYTES) };
      writeFileSync(large, await roboflowArchive(24, 2, { others: padding }));
      await check(page, url, large);
      await askForFewImages(page);
      // The last part never arrives, as when a laptop is closed.
      const sent: string[] = [];
      page.on('request', (request) => {
        const part = new URL(request.url()).searchParams.get('partNumber');
        if (request.method() === 'PUT' && part !== null) sent.push(part);
      });
      await page.route(/partNumber=3/, () => undefined);
      const arrived = [1, 2].map((part) =>
        page.waitForResponse((answer) => answer.url().includes(`partNumber=${part}`) && answer.ok()),
      );
      await page.getByLabel('Dataset').fill('resumed');
      await page.getByRole('button', { name: 'Upload' }).click();
      await Promise.all(arrived);
      await page.getByText(/Uploading/).waitFor();

      page.on('dialog', (dialog) => void dialog.accept());
      await page.reload();
      await page.getByText('was interrupted. Drop the same file again to resume.').waitFor();
      // Done last, because it releases the part that is held back.
      await page.unroute(/partNumber=3/);
      expect(new Set(sent)).toEqual(new Set(['1', '2', '3']));
      sent.length = 0;
      await check(page, url, large);
      await askForFewImages(page);
      await page.getByLabel('Dataset').fill('resumed');
      await page.getByRole('button', { name: 'Resume upload' }).click();
      await page.getByRole('heading', { name: 'resumed', exact: true }).waitFor({ timeout: 60_000 });
      expect(sent).toEqual(['3']);

      await stage(page, 'Awaiting approval');
      const { upload: put } = await progressOf('resumed');
      expect(sha256(await stack.store.getBytes(put.bucket, put.key))).toBe(sha256(readFileSync(large)));
      page.removeAllListeners('dialog');
      await page.goto(url);
      expect(await page.getByText('was interrupted').count()).toBe(0);
    },
    PATIENCE_MS,
  );
});

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
