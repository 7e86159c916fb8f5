import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { fileSource } from '../../src/archive/source.js';
import { type CheckResult, examineArchive } from '../../src/check/examine.js';
import { type DatasetSettings, DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { inPageWords } from '../../web/src/page-words.js';
import { picture, roboflowArchive, zipOf } from '../support/archives.js';
import { axeViolations } from '../support/browser.js';
import { dirtyArchive } from '../support/dirty-archive.js';
import { BUILT_PAGE } from '../support/page-server.js';
import { describePages, usePages, useServedPage } from '../support/pages.js';

const MAX_FIRST_LOAD_BYTES = 150_000;

describePages('the check in the browser', () => {
  const pages = usePages();
  const served = useServedPage('/behind/a/prefix/');
  let home: string;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'curator-page-'));
  });
  afterAll(async () => {
    rmSync(home, { recursive: true, force: true });
  });

  const openWith = async (zip: string): Promise<Page> => {
    const { page } = await pages.open();
    await page.goto(served.url);
    await page.getByLabel('ZIP of labelled images', { exact: true }).setInputFiles(zip);
    return page;
  };

  it('lists rejected images as `curator check` does', async () => {
    const zip = join(home, 'damaged.zip');
    writeFileSync(zip, await damagedArchive());
    const page = await openWith(zip);
    await page.getByRole('heading', { name: /training/ }).waitFor();
    const result = await check(zip, DEFAULT_DATASET_SETTINGS);
    expect(result.message).toMatch(
      /^4 of 6 images cannot be used \(1 not in the archive, 1 too small, 1 damaged and cannot be decoded, 1 in a format that/,
    );
    // The text of a decoder's error differs between decoders.
    const upToCause = inPageWords(result.message).slice(0, inPageWords(result.message).indexOf('The first'));
    expect(await page.locator('.headline').textContent()).toContain(upToCause.trim());
    await page.getByText('4 rejected images').click();
    expect(await page.locator('.fold li').allInnerTexts()).toEqual(
      ['missing', 'cut', 'small', 'text'].map((name) => expect.stringContaining(`${name}.jpg`)),
    );
  });

  it('applies the settings that a message advises with a button, and checks again in place', async () => {
    const zip = join(home, 'few.zip');
    writeFileSync(zip, await roboflowArchive(24, 2));
    const page = await openWith(zip);
    await page.getByRole('heading', { name: 'Not fit for training' }).waitFor();
    await page.getByRole('button', { name: /^Set “Minimum images per class” to \d+/ }).click();
    await page.getByRole('heading', { name: /^Fit for training/ }).waitFor();
    expect(await page.evaluate<string>('document.activeElement.id')).toBe('check-title');
    await page.getByText('Settings', { exact: true }).click();
    const minimum = Number(await page.getByLabel('Minimum images per class').inputValue());
    expect(minimum).toBeLessThan(DEFAULT_DATASET_SETTINGS.minClassImages);
    const { findings } = await check(zip, { ...DEFAULT_DATASET_SETTINGS, minClassImages: minimum });
    expect(await page.locator('.findings > li').count()).toBe(findings.length);
    await page.getByLabel('Minimum images per class').fill('40');
    await page.getByRole('heading', { name: 'Not fit for training' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  it('starts no upload while a setting has a value that is not accepted', async () => {
    const zip = join(home, 'split.zip');
    writeFileSync(zip, await roboflowArchive(24, 2));
    const page = await openWith(zip);
    await page.getByText('Settings', { exact: true }).click();
    const upload = page.getByRole('button', { name: /^Upload/ });
    const field = page.getByLabel('Validation split');
    await field.fill('5');
    await page.getByText('Correct the marked setting first.').waitFor();
    expect(await upload.isDisabled()).toBe(true);
    await field.fill('0.3');
    await page.getByText('Correct the marked setting first.').waitFor({ state: 'detached' });
    await page.waitForFunction('!document.querySelector("form.actions button[type=submit]").disabled');
  });

  it('shows a row of objects per class, which have the colour of what the class is called', async () => {
    const zip = join(home, 'colours.zip');
    writeFileSync(zip, await colouredArchive());
    const page = await openWith(zip);
    await page.getByRole('heading', { name: 'Does each row show what it is called?' }).waitFor();
    expect(await page.locator('.sheet .name').allTextContents()).toEqual(['blue', 'red']);
    expect(await page.locator('.sheet .crop').count()).toBe(12);
    expect(await page.evaluate(CENTRE_COLOURS)).toEqual(
      ['blue', 'red'].flatMap((name) => Array(6).fill(name)),
    );
    expect(await axeViolations(page)).toEqual([]);
  });

  it('shows the cases of findings as pictures before the upload, and copies as pairs with their sides', async () => {
    const zip = join(home, 'dirty.zip');
    writeFileSync(zip, await dirtyArchive());
    const page = await openWith(zip);
    const pair = page.locator('.cases .pair').filter({ hasText: 'of the export' });
    await pair.waitFor();
    expect(await pair.locator('figcaption').allInnerTexts()).toEqual([
      expect.stringMatching(/^val of the export: .*\s+other\.jpg$/),
      expect.stringMatching(/^train of the export: spot\s+photo0\.jpg$/),
    ]);
    expect(await pair.locator('svg image').count()).toBe(2);
    expect(await axeViolations(page)).toEqual([]);
  });

  it('reports a file that is not a ZIP and accepts another one', async () => {
    const zip = join(home, 'no.zip');
    writeFileSync(zip, 'not a ZIP at all');
    const page = await openWith(zip);
    await page.getByText('The file is a text file, not a ZIP file.').first().waitFor();
    await page.getByRole('button', { name: 'Another file' }).click();
    await page.getByRole('heading', { name: 'Drop a ZIP of labelled images' }).waitFor();
  });

  it('checks a file without an endpoint and says that the endpoint does not respond', async () => {
    const { page } = await pages.open({ width: 390, height: 844, dark: true });
    await page.goto(served.url);
    await page.getByText('Retrying; files can be checked meanwhile.').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
  });

  it('loads less than 150 KB, and the code of the check only after a drop', async () => {
    const { page } = await pages.open();
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    await page.goto(served.url, { waitUntil: 'networkidle' });
    expect(loaded.some((path) => path.includes('/check-'))).toBe(false);
    const files = readdirSync(BUILT_PAGE, { recursive: true, encoding: 'utf8' }).filter((file) =>
      loaded.some((path) => path.endsWith(`/${file}`) || file === 'index.html'),
    );
    expect(files.length).toBeGreaterThanOrEqual(4);
    const bytes = files.map((file) => gzipSync(readFileSync(join(BUILT_PAGE, file))).length);
    expect(bytes.reduce((sum, n) => sum + n, 0)).toBeLessThan(MAX_FIRST_LOAD_BYTES);
  });
});

/** The dominant channel in the centre of each crop. */
const CENTRE_COLOURS = `Promise.all([...document.querySelectorAll('.sheet img')].map(async (img) => {
  await img.decode();
  const canvas = new OffscreenCanvas(img.naturalWidth, img.naturalHeight);
  const context = canvas.getContext('2d');
  context.drawImage(img, 0, 0);
  const [red, , blue] = context.getImageData(img.naturalWidth / 2, img.naturalHeight / 2, 1, 1).data;
  return red > blue ? 'red' : 'blue';
}))`;

/** Each image has a red object on the left and a blue one on the right, at other heights in each. */
async function colouredArchive(): Promise<Buffer> {
  const [width, height] = [160, 120];
  const files: Record<string, Buffer> = {};
  const annotations: object[] = [];
  for (let i = 0; i < 8; i++) {
    const boxes = [
      { category_id: 1, bbox: [10, 5 + 8 * i, 30, 24] },
      { category_id: 2, bbox: [100, 70 - 8 * i, 40, 30] },
    ];
    const overlays = boxes.map(({ bbox: [left = 0, top = 0, w = 1, h = 1], category_id }) => ({
      ...{ left, top },
      input: {
        create: {
          ...{ width: w, height: h, channels: 3 as const },
          background: category_id === 1 ? 'red' : 'blue',
        },
      },
    }));
    files[`${i}.jpg`] = await sharp(await picture(i, width, height))
      .composite(overlays)
      .jpeg()
      .toBuffer();
    annotations.push(
      ...boxes.map((box, n) => ({ ...box, id: 2 * i + n, image_id: i, area: 900, iscrowd: 0 })),
    );
  }
  const images = Object.keys(files).map((file_name, id) => ({ ...{ id, file_name, width, height } }));
  const categories = [
    { id: 1, name: 'red' },
    { id: 2, name: 'blue' },
  ];
  return await zipOf({
    '_annotations.coco.json': JSON.stringify({ images, annotations, categories }),
    ...files,
  });
}

async function check(zip: string, settings: DatasetSettings): Promise<CheckResult> {
  const source = await fileSource(zip);
  const options = { dataset: 'any', settings, onProgress: () => undefined };
  const { result } = await examineArchive(source, options).finally(() => source.close());
  return result;
}

/** A valid image, an unlabelled one, and one of each kind that is rejected. */
async function damagedArchive(): Promise<Buffer> {
  const whole = await picture(1);
  const files = {
    'sound.jpg': whole,
    'bare.jpg': await picture(2),
    'cut.jpg': whole.subarray(0, whole.length * 0.7),
    'small.jpg': await picture(3, 40, 40),
    'text.jpg': 'this is text',
  };
  const images = [...Object.keys(files), 'missing.jpg'].map((file_name, id) => ({
    ...{ id, file_name, width: 96, height: 80 },
  }));
  // A record without annotation whose file is missing would be passed over.
  const annotations = [0, images.length - 1].map((image_id, id) => ({
    ...{ id, image_id, category_id: 1, bbox: [4, 5, 24, 30], area: 720, iscrowd: 0 },
  }));
  const categories = [{ id: 1, name: 'lesion', supercategory: 'none' }];
  const coco = JSON.stringify({ images, annotations, categories });
  return await zipOf({ '_annotations.coco.json': coco, ...files });
}
