import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { DatasetQuality } from '../../src/dataset/model/quality.js';
import { picture } from '../support/archives.js';
import { axeViolations } from '../support/browser.js';
import { describePages, usePages, useServedPage } from '../support/pages.js';

const CLASSES = Array.from({ length: 20 }, (_, i) => `class ${String(i).padStart(2, '0')}`);
const EARLIER_MODEL = '0123456789abcdef-r1';
const [START, MIDDLE, END] = ['2026-01-01T10:00:00Z', '2026-01-01T10:00:10Z', '2026-01-01T10:00:20Z'];
const PREPROCESSING = { stage: 'preprocessing', from: START, to: MIDDLE };
const CONVERTING = { stage: 'converting', from: MIDDLE, to: END };
/** Landscape format. */
const PHOTO = { width: 160, height: 80 };

/** The page with responses that the test provides: real runs do not end like this within seconds. */
describePages('the page of a run that has ended', () => {
  const pages = usePages();
  const served = useServedPage();

  function documentOf(outcome: string, stages: readonly object[], quality: Partial<DatasetQuality> = {}) {
    const counts = { images: 9, boxes: 9 };
    const labels = CLASSES.map((label) => ({ label, train: counts, val: counts }));
    const upload = { bucket: 'b', key: 'landing/skin/a/skin.zip', etag: '"e"', bytes: 1000 };
    const result = {
      ...{ outcome, message: 'Why it ended.', images: null, labels, droppedClasses: [], findings: [] },
      ...{ evaluation: null, training: null, uris: { report: null } },
    };
    return {
      ...{ stage: outcome, dataset: 'skin', runId: 'r', upload, version: null, stages, result },
      ...{ images: { done: 40, total: 90, rejected: 0 }, training: null, approval: null },
      ...quality,
    };
  }

  async function open(document: object, width: number): Promise<Page> {
    const { page } = await pages.open({ width });
    const photo = await picture(1, PHOTO.width, PHOTO.height);
    const box = { left: 0.1, top: 0.1, width: 0.5, height: 0.5 };
    const image = { path: 'a.jpg', key: 'k', split: 'train', ...PHOTO };
    const boxes = CLASSES.map((label, i) => ({ label, left: i * 7, top: i * 3, width: 20, height: 12 }));
    const answers: Readonly<Record<string, object>> = {
      '/datasets/skin': document,
      '/datasets/skin/workflow': { url: null },
      '/datasets/skin/models': {
        models: [{ model: { modelVersion: EARLIER_MODEL, trainingSeconds: 60 } }],
        unreadable: [{ modelVersion: 'broken', problem: 'It is not JSON. Delete the file.' }],
      },
      '/datasets/skin/images': { total: 1, offset: 0, images: [{ ...image, boxes }] },
      '/datasets/skin/detect': {
        ...{ modelVersion: EARLIER_MODEL, ...PHOTO },
        labels: [{ label: CLASSES[0], confidence: 90, box }],
      },
    };
    await page.route('**/datasets/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      const json = answers[pathname];
      await route.fulfill(json ? { json } : { contentType: 'image/jpeg', body: photo });
    });
    await page.goto(`${served.url}#/datasets/skin`);
    await page.getByRole('heading', { name: 'Try the model' }).waitFor();
    return page;
  }

  it('shows the rate of preprocessing if all images were preprocessed', async () => {
    const page = await open(documentOf('refused', [PREPROCESSING, CONVERTING]), 1280);
    expect(await page.locator('.timeline').textContent()).toContain('Preprocessing10 s, 4 images/s');
  });

  it('names a model card that cannot be read and says what to do', async () => {
    const page = await open(documentOf('refused', [PREPROCESSING, CONVERTING]), 1280);
    await page.getByText('The model card broken cannot be read. It is not JSON. Delete the file.').waitFor();
  });

  it('says why the scores of the model are unreliable', async () => {
    const qualityReasons = [{ code: 'FEW_VAL_IMAGES', text: 'There are 5 validation images.' }];
    const page = await open(
      documentOf('done', [PREPROCESSING], { quality: 'unreliable', qualityReasons }),
      390,
    );
    await page.getByText('There are 5 validation images.').waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  it('shows only the duration of preprocessing if the run was cancelled during it', async () => {
    const page = await open(documentOf('cancelled', [PREPROCESSING]), 1280);
    const text = await page.locator('.timeline').textContent();
    expect(text).toContain('Preprocessing10 s');
    expect(text).not.toContain('images/s');
  });

  it.each([390, 1280])('shows a photo for detection in its own proportions, %d px wide', async (width) => {
    const page = await open(documentOf('refused', [PREPROCESSING, CONVERTING]), width);
    await page.getByText(`Model version ${EARLIER_MODEL}, trained by an earlier run.`).waitFor();
    const photo = {
      name: 'a.jpg',
      mimeType: 'image/jpeg',
      buffer: await picture(2, PHOTO.width, PHOTO.height),
    };
    await page.getByLabel('Photo that is not in the dataset').setInputFiles(photo);
    await page.getByText('1 box found').waitFor();
    const shown = await page.locator('.try-model .boxed').boundingBox();
    expect((shown?.width ?? 0) / (shown?.height ?? 1)).toBeCloseTo(PHOTO.width / PHOTO.height, 1);
    expect(await axeViolations(page)).toEqual([]);
    const [section, input] = await Promise.all(
      ['.try-model', '.try-model input[type=file]'].map((selector) => page.locator(selector).boundingBox()),
    );
    expect((input?.x ?? width) + (input?.width ?? 0)).toBeLessThanOrEqual(
      (section?.x ?? 0) + (section?.width ?? 0),
    );
  });

  it('shows the images that the training service rejected, with its codes and their files', async () => {
    const code = 'ERROR_INVALID_IMAGE';
    const set = {
      lines: { total: 9, valid: 9, invalid: 0, ignored: 0 },
      errors: [],
      codes: [],
      examples: [],
    };
    const training = {
      ...{ lines: { total: 81, valid: 69, invalid: 12, ignored: 0 }, reported: 12 },
      errors: ['ERROR_TOO_MANY_RECORDS_IN_ERROR'],
      codes: [{ code, lines: 12 }],
      examples: [{ line: 7, codes: [code], file: 'train/a long name.jpg' }],
    };
    const serviceValidation = {
      ...{ training, testing: { ...set, reported: 0 }, errors: [] },
      problem: 'The service returned no validation of the testing manifest.',
    };
    const document = documentOf('failed', [PREPROCESSING]);
    const page = await open({ ...document, result: { ...document.result, serviceValidation } }, 390);
    const section = page.getByRole('region', { name: 'Reported by the training service' });
    await section.getByText('The service returned no validation of the testing manifest.').waitFor();
    await section.getByText('1 example').click();
    const shown = await section.textContent();
    expect(shown).toContain(`The training service rejected 12 of 81 training images: ${code} in 12 images.`);
    expect(shown).toContain('ERROR_TOO_MANY_RECORDS_IN_ERROR');
    expect(shown).toContain(`train/a long name.jpg (training manifest, line 7): ${code}`);
    expect(await axeViolations(page)).toEqual([]);
  });

  it.each(['refused', 'failed'])('marks the stage at which a run was %s', async (outcome) => {
    const page = await open(documentOf(outcome, [PREPROCESSING, CONVERTING]), 390);
    const marked = page.locator('.timeline .bad');
    expect(await marked.allInnerTexts()).toEqual([
      expect.stringMatching(/Converting\s+10 s, (refused|failed)/),
    ]);
    expect(await page.locator('.outcome').textContent()).toBe('Why it ended.');
    expect(await axeViolations(page)).toEqual([]);
  });

  it('marks no stage of a run that is done', async () => {
    const page = await open(documentOf('done', [PREPROCESSING, CONVERTING]), 390);
    expect(await page.locator('.timeline .past').count()).toBe(2);
    expect(await page.locator('.timeline .bad').count()).toBe(0);
  });

  it('lists 24 of 60 classes, and all of them on request', async () => {
    const counts = { images: 9, boxes: 9 };
    const labels = Array.from({ length: 60 }, (_, i) => ({
      label: `class ${i}`,
      train: counts,
      val: counts,
    }));
    const document = documentOf('refused', [PREPROCESSING]);
    const page = await open({ ...document, result: { ...document.result, labels } }, 390);
    expect(await page.locator('.bars .name').count()).toBe(24);
    await page.getByRole('button', { name: 'Show all 60 classes' }).click();
    expect(await page.locator('.bars .name').count()).toBe(60);
    expect(await axeViolations(page)).toEqual([]);
  });

  it('gives each of 20 classes its own hue', async () => {
    const page = await open(documentOf('refused', [PREPROCESSING, CONVERTING]), 1280);
    const read = (selector: string) =>
      page.evaluate<string[]>(
        `[...document.querySelectorAll(${JSON.stringify(selector)})].map((one) => getComputedStyle(one).color)`,
      );
    const keys = await read('.bars .key');
    const hues = keys
      .map((colour) => Number(/^oklch\(\S+ \S+ ([\d.]+)\)$/.exec(colour)?.[1]))
      .sort((a, b) => a - b);
    expect(hues).toHaveLength(CLASSES.length);
    const apart = hues.map((hue, i) => (hues[i + 1] ?? (hues[0] ?? 0) + 360) - hue);
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(15);
    expect(await read('.gallery .boxed g')).toEqual(keys);
  });
});
