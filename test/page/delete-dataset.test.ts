import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { axeViolations } from '../support/browser.js';
import { describePages, usePages, useServedPage } from '../support/pages.js';

const ARN = 'arn:aws:rekognition:eu-central-1:111122223333:project/skin/version/v-r1/1700000000000';
const PLAN = {
  dataset: 'skin',
  objects: [
    { kind: 'uploads', count: 2, bytes: 1_200_000_000 },
    { kind: 'originals', count: 1130, bytes: 900_000_000 },
    { kind: 'records', count: 1, bytes: 900 },
  ],
  models: [
    { modelVersion: 'v-r1', projectVersionArn: ARN, trainer: 'rekognition' },
    { modelVersion: 'v-r2', projectVersionArn: 'arn:2', trainer: 'emulator' },
  ],
  unreadable: [],
};

/** Responses that the test provides. */
describePages('the deletion of a dataset on the page', () => {
  const pages = usePages();
  const served = useServedPage();

  /** Opens the section. `refusal` is the response to the deletion, if it is refused. */
  async function open(
    width: number,
    dark: boolean,
    refusal?: string,
  ): Promise<{ page: Page; sent: string[] }> {
    const { page } = await pages.open({ width, dark });
    const sent: string[] = [];
    const upload = { bucket: 'b', key: 'landing/skin/a/skin.zip', etag: '"e"', bytes: 1000 };
    const result = {
      ...{ outcome: 'failed', message: 'Why it ended.', images: null, labels: [], droppedClasses: [] },
      ...{ findings: [], evaluation: null, training: null, uris: { report: null } },
    };
    const progress = {
      ...{ stage: 'failed', dataset: 'skin', runId: 'r', upload, version: null, stages: [], result },
      ...{ images: { done: 0, total: 0, rejected: 0 }, training: null, approval: null },
    };
    await page.route(/\/datasets/, async (route) => {
      const { pathname } = new URL(route.request().url());
      if (route.request().method() === 'DELETE') {
        sent.push(pathname);
        return await route.fulfill(refusal ? { status: 409, json: { detail: refusal } } : { json: PLAN });
      }
      const answers: Readonly<Record<string, object>> = {
        '/datasets': { datasets: [] },
        '/datasets/skin': progress,
        '/datasets/skin/deletion': PLAN,
      };
      const json = answers[pathname];
      return await route.fulfill(json ? { json } : { status: 404, json: {} });
    });
    await page.goto(`${served.url}#/datasets/skin`);
    await page.getByText('Delete this dataset').click();
    await page.getByText('Original images').waitFor();
    return { page, sent };
  }

  it.each([
    [390, true],
    [1280, false],
  ])('shows what is deleted and what stays, %d px wide', async (width, dark) => {
    const { page } = await open(width, dark);
    const rows = await page.locator('.deletion tbody tr').allInnerTexts();
    expect(rows.map((row) => row.split(/\s*\t\s*/))).toEqual([
      ['Uploads', '2', '1.20 GB'],
      ['Original images', '1,130', '900.0 MB'],
      ['Records of runs', '1', '1 KB'],
    ]);
    const stays = page.locator('.deletion li');
    expect(await stays.allInnerTexts()).toEqual([
      expect.stringContaining(`aws rekognition delete-project-version --project-version-arn ${ARN}`),
      '1 model of the local emulator',
      'The histories of its runs in Temporal, until their retention ends',
    ]);
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(width);
  });

  it('deletes only after the name was typed, and shows the other datasets', async () => {
    const { page, sent } = await open(1280, false);
    const button = page.getByRole('button', { name: 'Delete', exact: true });
    await page.getByLabel('Type skin to delete it').fill('ski');
    expect(await button.isDisabled()).toBe(true);
    await page.keyboard.press('Enter');
    expect(sent).toEqual([]);
    await page.getByLabel('Type skin to delete it').fill('skin');
    await button.click();
    await page.getByText('No datasets yet.').waitFor();
    expect(sent).toEqual(['/datasets/skin']);
  });

  it('says why a deletion was refused', async () => {
    const { page } = await open(390, false, 'skin has a run in progress.');
    await page.getByLabel('Type skin to delete it').fill('skin');
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('alert').getByText('skin has a run in progress.').waitFor();
    expect(await page.getByRole('button', { name: 'Delete', exact: true }).isEnabled()).toBe(true);
  });
});
