import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { CrossValidationDocument } from '../../src/endpoint/model-schemas.js';
import { picture } from '../support/archives.js';
import { axeViolations } from '../support/browser.js';
import { describePages, usePages, useServedPage } from '../support/pages.js';

const VERSION = '0123456789abcdef';
const IDLE: CrossValidationDocument = {
  ...{ version: VERSION, running: null, failure: null, classes: null, labels: null },
};
const RUNNING: CrossValidationDocument = {
  ...IDLE,
  running: {
    started: new Date().toISOString(),
    counts: { fitted: 3, fits: 9 },
    waiting: null,
    isSilent: false,
    isStopping: false,
  },
};
const curve = (label: string, last: number, low: number, high: number) => ({
  ...{ label, objects: 40, gain: { low, high } },
  points: [
    { share: 0.25, photos: 10, f1: 0.1 },
    { share: 0.5, photos: 20, f1: 0.2 },
    { share: 1, photos: 40, f1: last },
  ],
});
const DONE: CrossValidationDocument = {
  ...IDLE,
  classes: [curve('cat', 0.2, -0.1, 0.1), curve('dog', 0.4, 0.1, 0.3)],
  labels: {
    ...{ dataset: 'pets', version: VERSION, images: 90, total: 1 },
    doubts: [
      {
        ...{ path: 'photos/3.jpg', key: 'key-3', width: 100, height: 100, reason: 'class-contradicted' },
        ...{ labelled: 'cat', detected: 'dog', confidence: 0.9 },
        box: { left: 10, top: 10, width: 20, height: 20 },
        others: [{ label: 'dog', left: 60, top: 60, width: 20, height: 20 }],
      },
    ],
  },
};

interface OpenOptions {
  readonly width?: number;
  readonly dark?: boolean;
  /** Images of the archive. */
  readonly found?: number;
  readonly tiles?: object;
  /** Why requests that change something are refused. */
  readonly refusal?: string;
  readonly result?: object | null;
}

/** The page of a run that waits for approval, with a cross-validation that the test provides. */
describePages('the labels of all images, on the page of a run', () => {
  const pages = usePages();
  const served = useServedPage();

  async function open(
    stateOf: () => CrossValidationDocument | Promise<CrossValidationDocument>,
    onChange: (method: string) => void = () => undefined,
    { found = 90, tiles, refusal, result = null, ...size }: OpenOptions = {},
  ): Promise<Page> {
    const { page } = await pages.open(size);
    const photo = await picture(1, 100, 100);
    const counts = { images: 45, boxes: 45 };
    const images = { found, used: 90, rejected: 0, train: 81, val: 9, left: {}, tiles };
    const labels = ['cat', 'dog'].map((label) => ({ label, train: counts, val: counts }));
    const facts = { images, labels, droppedClasses: [], findings: [], groups: { groups: 0, images: 0 } };
    const trainer = { kind: 'emulator', estimatedHours: 1 };
    const document = {
      ...{ stage: 'awaiting-approval', dataset: 'pets', runId: 'r', version: VERSION, stages: [] },
      upload: { bucket: 'b', key: 'landing/pets/a/pets.zip', etag: '"e"', bytes: 1000 },
      ...{
        images: { done: 90, total: 90, rejected: 0 },
        approval: { trainer },
        result,
        training: null,
      },
    };
    const answers: Readonly<Record<string, () => object | Promise<object>>> = {
      '/datasets/pets': () => document,
      '/datasets/pets/workflow': () => ({ url: null }),
      '/datasets/pets/models': () => ({ models: [], unreadable: [] }),
      '/datasets/pets/images': () => ({ total: 0, offset: 0, images: [] }),
      '/datasets/pets/report': () => ({ ...facts, settings: { minClassImages: 40 } }),
      '/datasets/pets/finding-cases': () => ({ version: VERSION, cases: [] }),
      '/datasets/pets/history': () => ({ runs: [], versions: [] }),
      '/datasets/pets/cross-validation': stateOf,
      '/datasets/pets/deletion': () => ({ objects: [], models: [], unreadable: [] }),
    };
    await page.route('**/datasets/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      const method = route.request().method();
      if (pathname === '/datasets/pets/events') return;
      if (method !== 'GET') {
        onChange(method);
        if (refusal !== undefined) return await route.fulfill({ status: 409, json: { detail: refusal } });
        await route.fulfill(
          method === 'POST' ? { status: 202, json: { version: VERSION } } : { status: 204 },
        );
        return;
      }
      const answer = answers[pathname];
      await route.fulfill(answer ? { json: await answer() } : { contentType: 'image/jpeg', body: photo });
    });
    await page.goto(`${served.url}#/datasets/pets`);
    await page.getByRole('heading', { name: 'Labels of all images' }).waitFor();
    return page;
  }

  it('are examined on request, which says what it costs, shows its progress, and can be stopped', async () => {
    let state = IDLE;
    const page = await open(
      () => state,
      (method) => {
        state = method === 'POST' ? RUNNING : IDLE;
      },
    );
    await page.getByText('Takes about 2 minutes. Free').waitFor();
    await page.getByRole('button', { name: 'Find doubtful labels in all images' }).click();
    await page.getByRole('progressbar', { name: 'Examining all images' }).waitFor();
    await page.getByText('3 of 9 parts').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Find doubtful labels in all images' }).waitFor();
  });

  it('are those of whole photos, which is said if there are tiles', async () => {
    const tiles = { train: 100, val: 11, withoutBoxes: 0, uncutPhotos: 0 };
    const page = await open(() => IDLE, undefined, { tiles });
    await page.getByText('Only the 90 whole photos are examined, not their 111 tiles.').waitFor();
  });

  it('are being examined from one click on: the button does not come back before the progress is loaded', async () => {
    let isStarted = false;
    let load: () => void = () => undefined;
    const loaded = new Promise<void>((resolve) => {
      load = resolve;
    });
    const page = await open(
      async () => {
        if (!isStarted) return IDLE;
        await loaded;
        return RUNNING;
      },
      () => {
        isStarted = true;
      },
    );
    const first = page.waitForRequest(
      (request) => isStarted && request.method() === 'GET' && request.url().includes('/cross-validation'),
    );
    await page.getByRole('button', { name: 'Find doubtful labels in all images' }).click();
    await first;
    expect(await page.getByRole('button', { name: /Starting/ }).isDisabled()).toBe(true);
    load();
    await page.getByRole('progressbar', { name: 'Examining all images' }).waitFor();
  });

  it('are being stopped on a page that is loaded after the stop was pressed', async () => {
    const stopping = { ...RUNNING, running: RUNNING.running && { ...RUNNING.running, isStopping: true } };
    const page = await open(() => stopping);
    expect(await page.getByRole('button', { name: 'Stopping …' }).isDisabled()).toBe(true);
  });

  it('wait for the worker if it is silent: then no time is estimated', async () => {
    let isSilent = true;
    const page = await open(() => ({
      ...RUNNING,
      running: RUNNING.running && { ...RUNNING.running, isSilent },
    }));
    await page.getByText('3 of 9 parts, waiting for the worker', { exact: true }).waitFor();
    isSilent = false;
    await page.getByText(/^3 of 9 parts(, (under|about) .* left)?$/).waitFor();
  });

  it('are shown if they were examined before the stop was requested', async () => {
    let state = RUNNING;
    const refusal = 'The images of pets are not being examined: that has ended.';
    const page = await open(
      () => state,
      () => {
        state = DONE;
      },
      { refusal },
    );
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('1 label of all 90 images').waitFor();
    expect(await page.getByText(refusal).count()).toBe(0);
  });

  it('no longer stand in the way of a deletion once they were examined', async () => {
    let state = RUNNING;
    const refusal = 'All images of pets are being examined for doubtful labels.';
    const counts = { images: 45, boxes: 45 };
    const labels = ['cat', 'dog'].map((label) => ({ label, train: counts, val: counts }));
    const result = {
      ...{ outcome: 'done', message: 'Done.', images: null, labels, droppedClasses: [], findings: [] },
      ...{ evaluation: null, training: null, uris: { report: null } },
    };
    const page = await open(() => state, undefined, { refusal, result });
    await page.getByText('Delete this dataset').click();
    await page.getByLabel('Type pets to delete it').fill('pets');
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('alert').getByText(refusal).waitFor();
    state = DONE;
    await page.getByRole('alert').getByText(refusal).waitFor({ state: 'detached' });
  });

  it('appear without a reload once they were examined, worst first, with curves of the local detector', async () => {
    let state = RUNNING;
    const page = await open(() => state);
    state = DONE;
    await page
      .getByText('Labelled cat. Is it dog? The local detector detects dog with 90 % confidence.')
      .waitFor();
    await page.getByText('1 label of all 90 images, training images included.').waitFor();
    const csv = page.getByRole('link', { name: 'Download the list (CSV)' });
    expect(await csv.getAttribute('href')).toContain(`cross-validation/labels.csv?version=${VERSION}`);
    const curves = page.getByRole('list', { name: 'Learning curves of the local detector' });
    const texts = await curves.locator('li').allInnerTexts();
    expect(texts.map((text) => text.replace(/\s+/g, ' '))).toEqual([
      expect.stringMatching(/^dog .*Still gains: \+0\.10 to \+0\.30/),
      expect.stringMatching(/^cat .*No clear gain: -0\.10 to \+0\.10/),
    ]);
    await page
      .getByRole('img', {
        name: 'dog, local detector: F1 0.10 with 10 photos, F1 0.20 with 20 photos, F1 0.40 with 40 photos',
      })
      .waitFor();
    await page.getByText('These are not scores of Rekognition').waitFor();
    await page.locator('.label-review .tiles button').click();
    const large = page.getByRole('dialog').locator('svg');
    await large.locator('rect').first().waitFor();
    expect(await large.locator('> g:not(.faint, .captions) > rect:not(.halo)').count()).toBe(1);
    expect(await large.locator('> g.faint > rect:not(.halo)').count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'Find doubtful labels in all images' }).count()).toBe(0);
  });

  it('are those of the used images, and the text says of how many if balancing left images out', async () => {
    let state = IDLE;
    const page = await open(() => state, undefined, { found: 418 });
    await page.getByText('wrong in the 90 used of 418 images, training images included').waitFor();
    state = DONE;
    await page.reload();
    await page.getByText('1 label of the 90 used of 418 images, training images included.').waitFor();
  });

  it('say why they could not be examined, in the words of the page', async () => {
    const failure = 'The bucket does not exist: create it with `curator bucket setup`.';
    const page = await open(() => ({ ...IDLE, failure }));
    await page
      .getByText(
        'The last attempt failed: The bucket does not exist: ask the person who runs Curator to create it.',
      )
      .waitFor();
    await page.getByRole('button', { name: 'Find doubtful labels in all images' }).waitFor();
  });

  it.each([
    ['before', IDLE],
    ['while', RUNNING],
    ['after', DONE],
  ])('have no violations of axe %s they are examined, on a phone and in the dark', async (_when, state) => {
    for (const dark of [false, true]) {
      const page = await open(() => state, undefined, { width: 390, dark });
      expect(await axeViolations(page)).toEqual([]);
    }
  });
});
