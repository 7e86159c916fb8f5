import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { CheckResult } from '../../src/check/examine.js';
import { writeSample } from '../../src/sample/write-sample.js';
import { roboflowArchive } from '../support/archives.js';
import { axeViolations } from '../support/browser.js';
import { cameraArchive } from '../support/camera-archive.js';
import { useCommands } from '../support/commands.js';
import { dirtyArchive } from '../support/dirty-archive.js';
import { ODD_ARCHIVES } from '../support/odd-archives.js';
import { check } from '../support/page-steps.js';
import { describePages, usePages, useServedPage } from '../support/pages.js';
import { type Shown, shownBy, shownOf } from '../support/shown-check.js';

/** Twice the duration on a busy machine. */
const PATIENCE_MS = 60_000;
/** Two visits with two images each per patient: crops of one photo have its name. */
const VISITS = {
  label: (i: number) => `class-${i}`,
  stem: (n: number) => `patient${Math.floor(n / 4)}-visit${Math.floor(n / 2) % 2}_jpg`,
};

/** The page's fields and their values, and the flags of `curator check` for the same settings. */
interface Settings {
  readonly fields: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
}

describePages('the page beside `curator check --json`', () => {
  const pages = usePages();
  const cli = useCommands();
  const served = useServedPage();
  let home: string;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'curator-page-'));
  });
  afterAll(async () => {
    rmSync(home, { recursive: true, force: true });
  });

  async function terminal(zip: string, flags: readonly string[]): Promise<CheckResult> {
    const { stdout } = await cli(['check', zip, '--json', ...flags]);
    return JSON.parse(stdout) as CheckResult;
  }

  /** Checks an archive on the page and in the terminal, with the default settings and then with others. */
  async function both(bytes: Buffer, { fields, flags }: Settings) {
    const zip = join(home, 'Drawn skin.zip');
    writeFileSync(zip, bytes);
    const { page } = await pages.open();
    await check(page, served.url, zip);
    const [plain, changed] = [await terminal(zip, []), await terminal(zip, flags)];
    expect(await shownBy(page)).toEqual(shownOf(plain));
    await page.getByText('Settings', { exact: true }).click();
    for (const [label, value] of Object.entries(fields)) await set(page, label, value);
    const expected = shownOf(changed, Number(fields['Minimum images per class'] ?? 40));
    expect(await shownOnce(page, expected)).toEqual(expected);
    return { page, plain, changed };
  }

  it(
    'shows a good dataset as the terminal does, with the images of patients that belong together',
    async () => {
      const settings = {
        fields: {
          'Maximum images per class': '1000',
          'Validation split': '0.2',
          'Keep together': '/(patient\\d+)-',
        },
        flags: ['--per-class-cap', '1000', '--val-split', '0.2', '--group-by', '/(patient\\d+)-'],
      };
      const archive = await roboflowArchive(160, 2, { scattered: true, names: VISITS });
      const { page, plain, changed } = await both(archive, settings);
      expect(plain.groups?.sameSource?.groups).toBeGreaterThan(50);
      expect(changed).toMatchObject({ quality: 'good', groups: { groupBy: { groups: 40, images: 160 } } });
      expect(await axeViolations(page)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'shows an unfit dataset, and one whose scores are unreliable, as the terminal does',
    async () => {
      const { plain, changed } = await both(await dirtyArchive(), {
        fields: { 'Minimum images per class': '2', 'Validation split': '0.3' },
        flags: ['--min-class-images', '2', '--val-split', '0.3'],
      });
      expect([plain.quality, changed.quality]).toEqual(['unfit', 'unreliable']);
      expect(changed.findings.length).toBeGreaterThan(5);
    },
    PATIENCE_MS,
  );

  it.each(Object.keys(ODD_ARCHIVES))(
    'shows an odd archive as the terminal does: %s',
    async (odd) => {
      const archive = (await ODD_ARCHIVES[odd]?.()) ?? Buffer.of();
      const { page, changed } = await both(archive, {
        fields: { 'Minimum images per class': '2', 'Validation split': '0.4' },
        flags: ['--min-class-images', '2', '--val-split', '0.4'],
      });
      expect(changed.labels.map(({ label }) => label)).toEqual(['crack', 'hole']);
      const tiffs = odd.startsWith('files') ? 1 : 0;
      expect(await page.getByText('Browsers cannot decode 16 TIFF images').count()).toBe(tiffs);
      expect(await page.getByText('Browsers cannot decode').count()).toBe(tiffs);
    },
    PATIENCE_MS,
  );

  it(
    'drops the same boxes and classes of a drawn dataset as the terminal',
    async () => {
      const sample = join(home, 'sample.zip');
      await writeSample({ out: sample, images: 30, seed: 1 });
      const { page, changed } = await both(readFileSync(sample), {
        fields: { 'Minimum images per class': '4', 'Minimum box side in pixels': '24' },
        flags: ['--min-class-images', '4', '--min-box-px', '24'],
      });
      expect(changed.annotations?.dropped['too-small']).toBeGreaterThan(0);
      expect(await page.getByRole('img', { name: /: \d+ / }).count()).toBe(12);
      expect(await page.getByLabel('Dataset').inputValue()).toBe('drawn-skin');
    },
    PATIENCE_MS,
  );

  it.each([8, 12])(
    'stretches images of %d bits in 16-bit PNG files as the terminal does, and shows them stretched',
    async (bits) => {
      const images = 12;
      const { page, plain, changed } = await both(await cameraArchive(images, bits), {
        fields: { 'Minimum images per class': '2', 'Stretch the contrast of dark images': 'auto' },
        flags: ['--min-class-images', '2', '--stretch-contrast', 'auto'],
      });
      const dark = { code: 'LOW_CONTRAST_IMAGES', count: images };
      expect(plain.findings).toContainEqual(expect.objectContaining(dark));
      expect(changed.findings).not.toContainEqual(expect.objectContaining({ code: dark.code }));
      expect(await darkest(page)).toBeGreaterThan(200);
      await set(page, 'Stretch the contrast of dark images', 'off');
      await page.getByText('set “Stretch the contrast of dark images” = auto').waitFor();
      expect(await darkest(page)).toBeLessThan(16);
    },
    PATIENCE_MS,
  );
});

async function set(page: Page, label: string, value: string): Promise<void> {
  const field = page.getByLabel(label);
  if ((await field.getByRole('option').count()) > 0) await field.selectOption(value);
  else await field.fill(value);
}

/** What the page shows once it is as expected; what it shows at the end of the patience where it never is. */
async function shownOnce(page: Page, expected: Shown): Promise<Shown> {
  const end = Date.now() + PATIENCE_MS / 2;
  for (;;) {
    const shown = await shownBy(page);
    if (isDeepStrictEqual(shown, expected) || Date.now() > end) return shown;
    await page.evaluate('new Promise(requestAnimationFrame)');
  }
}

/** The brightest value of each picture on the page, of 255; the smallest of these. */
async function darkest(page: Page): Promise<number> {
  await page.waitForFunction(
    `document.querySelectorAll('.tiles img').length > 0 && [...document.querySelectorAll('.tiles img')].every((one) => one.complete)`,
  );
  return await page.evaluate<number>(`Math.min(...[...document.querySelectorAll('.tiles img')].map((one) => {
    const context = Object.assign(document.createElement('canvas'), { width: 96, height: 80 }).getContext('2d');
    context.drawImage(one, 0, 0, 96, 80);
    return context.getImageData(0, 0, 96, 80).data.filter((_, i) => i % 4 !== 3).reduce((a, b) => Math.max(a, b), 0);
  }))`);
}
