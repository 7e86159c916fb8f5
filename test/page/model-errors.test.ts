import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { picture } from '../support/archives.js';
import { axeViolations } from '../support/browser.js';
import { describePages, usePages, useServedPage } from '../support/pages.js';

const MODEL = '0123456789abcdef-r1';
const SIZE = { width: 100, height: 100 };
const CLASSES = ['cat', 'dog'];

type TestBox = ReturnType<typeof box>;
const box = (label: string, left: number, confidence = 1) => ({
  ...{ label, left, top: 10, width: 20, height: 20 },
  confidence,
});

/** Ten cats, of which six are found, two with little confidence, one is taken for a dog and one is missed; two dogs. */
const DETECTED: readonly (readonly TestBox[])[] = [
  ...Array.from({ length: 6 }, () => [box('cat', 10, 0.9)]),
  ...Array.from({ length: 2 }, () => [box('cat', 10, 0.4)]),
  [box('dog', 10, 0.8)],
  [],
  [box('dog', 10, 0.7), box('cat', 70, 0.6)],
  // 10 of 20 pixels aside: an IoU of 0.33.
  [box('dog', 20, 0.6)],
];
const IMAGES = DETECTED.map((detections, n) => ({
  ...{ path: `photos/${n}.jpg`, key: `key-${n}`, ...SIZE },
  truth: [box(n < 10 ? 'cat' : 'dog', 10)],
  detections,
}));

const label = (name: string, f1: number) => ({
  ...{ label: name, f1, precision: f1, recall: f1, threshold: 0.5, testImages: 10 },
  ...{ testBoxes: null, interval: { low: f1 - 0.1, high: f1 + 0.1 } },
});
/** F1 of cats is 2 x 6 / (7 + 10), that of dogs 2 x 1 / (3 + 2). */
const EVALUATION = {
  ...{ f1: 0.553, precision: 0.595, recall: 0.55, averagePrecision: 0.5, trainImages: 90, testImages: 12 },
  ...{ testBoxes: 12, interval: { low: 0.3, high: 0.7 }, chance: 0.1 },
  labels: [label('cat', 0.706), label('dog', 0.4)],
};

/** A step with its setting, and a label of the test images to check. */
const ADVICE = {
  examined: 'test-images',
  steps: [
    {
      ...{
        kind: 'use-left-out',
        title: 'Use the 9 images that class balancing left out',
        reason: 'They are new.',
      },
      ...{ evidence: 'There are 9.', certainty: 'Not measured.' },
      change: { perClassCap: 240 },
    },
    {
      ...{ kind: 'check-labels', title: 'Check 1 label in 1 image', reason: 'It is contradicted.' },
      ...{ evidence: 'By one detection.', certainty: 'Unsure.', change: null },
    },
  ],
  doubts: [
    {
      ...{ path: 'photos/3.jpg', key: 'key-3', ...SIZE, reason: 'class-contradicted' },
      ...{ labelled: 'cat', detected: 'dog', confidence: 0.9 },
      box: { left: 10, top: 10, width: 20, height: 20 },
    },
  ],
};

/** The page with responses that the test provides, so that each figure is known. */
describePages('what a model gets wrong, on the page of its run', () => {
  const pages = usePages();
  const served = useServedPage();

  async function open(
    testImages: { status?: number; json: object },
    size: { width?: number; dark?: boolean } = {},
    names: Readonly<Record<string, string>> = {},
    images: object | null = null,
  ): Promise<Page> {
    const { page } = await pages.open(size);
    const photo = await picture(1, SIZE.width, SIZE.height);
    const counts = { images: 9, boxes: 9 };
    const training = { modelVersion: MODEL, trainer: 'emulator' };
    const result = {
      ...{ outcome: 'done', message: 'Done.', images, droppedClasses: [], findings: [] },
      labels: CLASSES.map((name) => ({ label: name, train: counts, val: counts })),
      ...{ evaluation: EVALUATION, training, uris: { report: null } },
    };
    const document = {
      ...{ stage: 'done', dataset: 'pets', runId: 'r', version: null, stages: [], result, training },
      upload: { bucket: 'b', key: 'landing/pets/a/pets.zip', etag: '"e"', bytes: 1000 },
      ...{ images: { done: 90, total: 90, rejected: 0 }, approval: null },
    };
    const answers: Readonly<Record<string, { status?: number; json: object }>> = {
      '/datasets/pets': { json: document },
      '/datasets/pets/workflow': { json: { url: null } },
      '/datasets/pets/models': { json: { models: [], unreadable: [] } },
      '/datasets/pets/images': { json: { total: 9, tiles: 4, offset: 0, images: [] } },
      [`/datasets/pets/models/${MODEL}/test-images`]: testImages,
      [`/datasets/pets/models/${MODEL}/advice`]: { json: ADVICE },
    };
    await page.route('**/datasets/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      const answer = answers[pathname];
      await route.fulfill(
        answer
          ? { ...answer, json: renamed(answer.json, names) }
          : { contentType: 'image/jpeg', body: photo },
      );
    });
    await page.goto(`${served.url}#/datasets/pets`);
    await page.getByRole('heading', { name: 'Classes, worst first' }).waitFor();
    return page;
  }

  const openTested = async (size: Parameters<typeof open>[1] = {}) => {
    const page = await open({ json: { images: IMAGES } }, size);
    await page.getByRole('heading', { name: 'Test images, worst first' }).waitFor();
    return page;
  };
  const rowsOf = async (page: Page) => {
    const rows = await page.getByRole('table', { name: 'Evaluation per class' }).locator('tbody tr').all();
    return await Promise.all(
      rows.map(async (row) => (await row.locator('th, td').allInnerTexts()).map(flat)),
    );
  };
  const cell = (page: Page, name: string) =>
    page.getByRole('table', { name: 'Labelled class by detected class' }).getByRole('button', { name });

  it('says how good the model is, which class is the weakest, and shows the classes, worst first', async () => {
    const page = await openTested();
    expect(await page.locator('.verdict').textContent()).toBe(
      'Above chance (0.55 against 0.10). Usable if a person checks the results: 8 errors for 7 objects found (5 missed, 3 false alarms). Weakest class: dog, 2 false alarms, but only 2 objects to test it on.',
    );
    await page.getByText('F1, mean over classes').waitFor();
    await page
      .getByRole('img', { name: 'F1 0.553, 95 % interval 0.300 to 0.700, chance 0.100', exact: true })
      .waitFor();
    await page.getByText('Local baseline, not a Rekognition score').waitFor();
    expect(await rowsOf(page)).toEqual([
      ['dog fewer than 10 objects', '0.400 0.300 to 0.500', '2', '1', '1', '2', '0.50'],
      ['cat', '0.706 0.606 to 0.806', '10', '6', '4', '1', '0.50'],
    ]);
  });

  it('says what to do next in the words of the page, and shows the labels to check with their question', async () => {
    const page = await openTested();
    const next = page.getByRole('region', { name: 'What next?' });
    expect(
      flat(
        await next
          .locator('.steps li')
          .allInnerTexts()
          .then((texts) => texts.join(' ')),
      ),
    ).toBe(
      'Use the 9 images that class balancing left out They are new. There are 9. To do it, run the archive again with “Maximum images per class” = 240. Set it for another run How sure: Not measured. Check 1 label in 1 image It is contradicted. By one detection. Show the labels How sure: Unsure.',
    );
    await next.getByRole('button', { name: 'Show the labels' }).click();
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Labels to check first');
    expect(
      flat(
        await next
          .locator('.tiles li')
          .allInnerTexts()
          .then((texts) => texts.join()),
      ),
    ).toBe('Labelled cat. Is it dog? The model detects dog with 90 % confidence. 3.jpg');
    await next.locator('.tiles button').click();
    await page.getByRole('dialog').getByText('Is it dog?').waitFor();
    await page.keyboard.press('Escape');
    const list = next.getByRole('link', { name: 'Download the list (CSV)' });
    expect(await list.getAttribute('href')).toContain(`/datasets/pets/models/${MODEL}/label-review.csv`);
    expect(await list.getAttribute('download')).not.toBeNull();
  });

  it('links the report of the model, and offers its download', async () => {
    const page = await openTested();
    const evaluation = page.getByRole('region', { name: 'Evaluation', exact: true });
    const report = `/datasets/pets/models/${MODEL}/report`;
    expect(await evaluation.getByRole('link', { name: 'open' }).getAttribute('href')).toContain(report);
    const download = evaluation.getByRole('link', { name: 'download', exact: true });
    expect(await download.getAttribute('href')).toContain(report);
    expect(await download.getAttribute('download')).toBe('pets.model.html');
  });

  it('counts detections and objects by the kind of their error', async () => {
    const page = await openTested();
    const kinds = (await page.locator('.kinds li').allInnerTexts()).map(flat);
    expect(kinds).toEqual([
      '7 right on an object of its class, at an IoU of at least 0.5',
      '1 badly placed beside an object of its class, at an IoU of 0.1 to 0.5',
      '1 wrong class on an object of another class',
      '0 wrong class and badly placed beside an object of another class',
      '0 duplicate on an object that another detection has found',
      '1 on nothing on no labelled object, or at an IoU below 0.1',
      '7 found by a detection of its class',
      '1 badly placed a detection of its class is beside it',
      '1 wrong class a detection of another class is on it',
      '0 wrong class and badly placed a detection of another class is beside it',
      '3 not detected no detection at an IoU of at least 0.1',
    ]);
  });

  it('counts what is found by the position of the boxes', async () => {
    const page = await openTested();
    const rows = page.getByRole('table', { name: 'By position of the box' }).locator('tbody tr');
    expect((await rows.allInnerTexts()).map(flat)).toEqual([
      'middle centre in the middle half of width and height 0 0 0',
      'around the middle centre outside the middle half 12 7 (58 %) 3',
      'at the border touches a border of the image, may be cut off 0 0 0',
    ]);
  });

  it('recounts all figures for the chosen confidence, and returns to those of the classes', async () => {
    const page = await openTested();
    const status = page.locator('.confidence').getByRole('status');
    expect(await status.textContent()).toBe('7 found, 5 missed, 3 false alarms');
    await page.getByLabel('Minimum confidence', { exact: true }).fill('0.3');
    await page.getByText('all classes at 0.30').waitFor();
    expect(await status.textContent()).toBe('F1 0.621, 9 found, 3 missed, 3 false alarms');
    expect(await rowsOf(page)).toEqual([
      ['dog fewer than 10 objects', '0.400', '2', '1', '1', '2', '0.30'],
      ['cat', '0.842', '10', '8', '2', '1', '0.30'],
    ]);
    await cell(page, '8: cat found').waitFor();
    await page.getByRole('button', { name: 'Not detected 1', exact: true }).waitFor();
    await page.getByText('matching boxes at an IoU of at least 0.5').waitFor();
    await page.getByRole('button', { name: "Use the classes' own" }).click();
    expect(await status.textContent()).toBe('7 found, 5 missed, 3 false alarms');
    await cell(page, '6: cat found').waitFor();
  });

  it('opens the images behind a number of the confusion matrix', async () => {
    const page = await openTested();
    await cell(page, '1: cat taken for dog').press('Enter');
    const tiles = page.locator('.test-images .tiles li');
    await page.getByText('Chosen in the confusion matrix.').waitFor();
    expect(await tiles.allInnerTexts().then((texts) => texts.map(flat))).toEqual([
      'cat dog 0.80 1 × dog 8.jpg',
    ]);
    await tiles.getByRole('button').click();
    const large = page.getByRole('dialog');
    await large.getByText('dog 0.80').waitFor();
    expect(await large.locator('.detected > rect:not(.halo)').count()).toBe(1);
    expect(await axeViolations(page)).toEqual([]);
  });

  it('moves through the test images of an error with the arrow keys, the errors emphasised', async () => {
    const page = await openTested();
    await page.getByRole('button', { name: /^Not detected 3/ }).waitFor();
    const names = ['6.jpg', '7.jpg', '9.jpg'];
    const tiles = page.locator('.test-images .tiles li');
    expect(await tiles.locator('.filename').allTextContents()).toEqual(names);
    await tiles.first().getByRole('button').press('Enter');
    const large = page.getByRole('dialog');
    for (const name of names) {
      await large.getByText(`photos/${name}`).waitFor();
      await page.keyboard.press('ArrowRight');
    }
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^On nothing 1/ }).click();
    await page.getByText('1 image of 12').waitFor();
    // The dog and its detection are right; the detection of a cat is on nothing.
    expect(await tiles.locator('svg > g:not(.faint, .captions)').count()).toBe(1);
    expect(await tiles.locator('svg > g.faint').count()).toBe(2);
    await page.getByLabel('Show the other boxes too').uncheck();
    expect(await tiles.locator('svg > g.faint').count()).toBe(0);
  });

  it.each([
    ['On nothing 1', [IMAGES[10], IMAGES[8]]],
    ['Wrong class 1', [IMAGES[0], IMAGES[8]]],
    ['Not detected 0', [IMAGES[0]]],
  ])('opens the test images on the first kind of error that there is: %s', async (name, images) => {
    const page = await open({ json: { images } });
    const topics = page.getByRole('group', { name: 'Errors to show' });
    await topics.getByRole('button', { name, exact: true, pressed: true }).waitFor();
    expect(await topics.getByRole('button', { pressed: true }).count()).toBe(1);
  });

  it.each([
    ['a phone in the dark', { width: 390, dark: true }],
    ['a desktop', { width: 1280 }],
  ])('is accessible on %s', async (_, size) => {
    const page = await openTested(size);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(size.width);
    expect(await axeViolations(page)).toEqual([]);
  });

  it.each([390, 1280])(
    'shows hostile names of classes and files as text within a width of %i',
    async (width) => {
      const names = {
        cat: '<img src=x onerror="window.hacked=1">\u202egpj.tac\u0000\u001b[2J',
        dog: 'd'.repeat(10_000),
        'photos/3.jpg': `"><script>window.hacked=2</script>\u202e${'p'.repeat(10_000)}.jpg`,
        'photos/8.jpg': 'javascript:window.hacked=3//\u2067.jpg',
        Done: '<b>Done</b>',
      };
      const page = await open({ json: { images: IMAGES } }, { width }, names);
      await page.getByRole('heading', { name: 'Test images, worst first' }).waitFor();
      await page.getByRole('table', { name: 'Evaluation per class' }).getByText('<img src=x').waitFor();
      for (const tile of await page
        .locator('.test-images .tiles button, .label-review .tiles button')
        .all()) {
        await tile.click();
        await page.getByRole('dialog').waitFor();
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(width);
        await page.keyboard.press('Escape');
      }
      expect(await page.evaluate('window.hacked')).toBeUndefined();
      expect(await page.locator('body').textContent()).not.toMatch(/\p{Bidi_Control}/u);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(width);
    },
  );

  it('shows 24 images at first', async () => {
    const images = Array.from({ length: 30 }, (_, n) => ({
      ...IMAGES[9],
      path: `${n}.jpg`,
      key: `key-${n}`,
    }));
    const page = await open({ json: { images } });
    const tiles = page.locator('.test-images .tiles li');
    await tiles.first().waitFor();
    expect(await tiles.count()).toBe(24);
    await page.getByRole('button', { name: 'Show more (6)' }).click();
    expect(await tiles.count()).toBe(30);
  });

  it('counts photos, and names the tiles that are images of the manifests too', async () => {
    const split = { ...{ found: 40, used: 40, rejected: 0, train: 32, val: 8 }, left: {} };
    const tiles = { train: 58, val: 4, withoutBoxes: 0, uncutPhotos: 0 };
    const tile = { left: 0, top: 80, width: 100, height: 100 };
    const [missed] = IMAGES.slice(9);
    const tested = [...IMAGES.slice(0, 8), { ...missed, tile }];
    const page = await open({ json: { images: tested } }, {}, {}, { ...split, tiles });
    await page.getByText('32 photos, as 90 images with tiles').waitFor();
    await page.getByText('8 photos, as 12 images with tiles').waitFor();
    await page.getByText('Objects are counted in each image that shows them').waitFor();
    await page.getByText('2 photos and 1 tile, of 8 photos and 1 tile').waitFor();
    await page.getByText('5 photos and 4 tiles').waitFor();
    const last = page.locator('.test-images .tiles li').last();
    expect(await last.locator('span.minor').allTextContents()).toEqual(['9.jpg', 'tile in row 2, column 1']);
    await last.getByRole('button').click();
    await page.getByRole('dialog').getByText('photos/9.jpg, tile in row 2, column 1').waitFor();
  });

  it('says why there are no test images, and shows what the service reports', async () => {
    const detail = 'There are no test images: m-r1 has no evaluation manifest.';
    const page = await open({ status: 404, json: { detail } });
    await page.getByText(`What the model got wrong cannot be shown. ${detail}`).waitFor();
    expect(await rowsOf(page)).toEqual([
      ['dog', '0.400 0.300 to 0.500', '–', '0.400', '0.400', '0.50'],
      ['cat', '0.706 0.606 to 0.806', '–', '0.706', '0.706', '0.50'],
    ]);
  });
});

/** The text without its line breaks. */
const flat = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

/** A response in which texts that `names` has are replaced. */
const renamed = (json: object, names: Readonly<Record<string, string>>): object =>
  JSON.parse(JSON.stringify(json), (_, value: unknown) =>
    typeof value === 'string' && Object.hasOwn(names, value) ? names[value] : value,
  );
