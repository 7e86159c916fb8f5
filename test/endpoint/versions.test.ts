import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bufferSource } from '../../src/archive/source.js';
import { archiveFacts } from '../../src/check/archive-facts.js';
import { examineArchive } from '../../src/check/examine.js';
import {
  preprocessedPrefix,
  rawKey,
  reportFactsKey,
  statusKey,
  versionKey,
} from '../../src/dataset/model/layout.js';
import { DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import type { FindingCases } from '../../src/endpoint/schemas.js';
import { picture } from '../support/archives.js';
import { dirtyArchive } from '../support/dirty-archive.js';
import { startTestEndpoint, type TestEndpoint } from '../support/endpoint.js';
import { startTestSeaweedFs, type TestS3, temporaryHome } from '../support/servers.js';

const VERSION = '0123456789abcdef';
const OLDER = 'fedcba9876543210';
const HOSTILE = '<script>alert(1)</script>';
/** Lines of images whose boxes have this many classes together. */
const classes = (count: number) =>
  Array.from({ length: count }, (_, n) => `{"split":"val","boxes":[{"label":"${n}"}]}\n`).join('');

describe('dataset versions over HTTP', () => {
  let s3: TestS3;
  let endpoint: TestEndpoint;
  let home: string;
  const image = (n: number) => ({
    path: `train/${n}.jpg`,
    key: `${preprocessedPrefix('skin')}train/${n}.abc.jpg`,
    split: n % 5 === 0 ? 'val' : 'train',
    photo: `photo-${n}`,
    sourceSha256: 'a'.repeat(64),
    width: 96,
    height: 80,
    boxes: [{ label: n % 2 === 0 ? 'even' : HOSTILE, left: 1, top: 2, width: 3, height: 4 }],
  });

  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
    ({ home } = await temporaryHome());
    await mkdir(join(home, 'assets'));
    await writeFile(join(home, 'index.html'), '<!doctype html><title>Curator</title>');
    await writeFile(join(home, 'assets', 'index-abc123.js'), 'export {};');
    endpoint = await startTestEndpoint({ s3: s3.env, bucket: s3.bucket }, { pageFolder: home });
    const put = async (key: string, body: string | Buffer, contentType?: string) =>
      await endpoint.store.put(s3.bucket, key, body, contentType === undefined ? {} : { contentType });
    const lines = (count: number) =>
      Array.from({ length: count }, (_, n) => JSON.stringify(image(n))).join('\n');
    await put(versionKey('skin', VERSION, 'images.jsonl'), `${lines(12)}\n`);
    await put(versionKey('skin', OLDER, 'images.jsonl'), `${lines(3)}\n`);
    await put(versionKey('skin', VERSION, 'report.html'), `<p>${HOSTILE}</p>`);
    await put(
      versionKey('skin', VERSION, 'validation_report.json'),
      JSON.stringify({ images: {}, rejected: [{ path: 'train/bad.jpg', reason: 'unreadable' }] }),
    );
    await put(image(1).key, await picture(1), 'image/jpeg');
    await put(rawKey('skin', 'train/1.jpg'), await picture(1));
    await put(rawKey('skin', 'page.jpg'), `<html>${HOSTILE}</html>`);
    await put(rawKey('skin', 'page.html'), `<html>${HOSTILE}</html>`, 'text/html');
    await put(rawKey('skin', 'picture.svg'), `<svg>${HOSTILE}</svg>`, 'image/svg+xml');
    await put(statusKey('skin'), '{"secret":true}');
  });
  afterAll(async () => {
    await endpoint.stop();
    await s3.stop();
    await rm(home, { recursive: true, force: true });
  });

  const images = async (query: string) =>
    (await endpoint.call(`/datasets/skin/images?version=${VERSION}&${query}`)).body as {
      total: number;
      images: { path: string; split: string }[];
    };
  const imageAt = async (key: string) =>
    await fetch(`${endpoint.url}/datasets/skin/image?key=${encodeURIComponent(key)}`);

  it('shows the cases of findings with their images; none for a version of an earlier worker', async () => {
    const cases = async (version: string) =>
      await endpoint.call(`/datasets/skin/finding-cases?version=${version}`);
    expect(await cases(OLDER)).toMatchObject({ status: 200, body: { version: OLDER, cases: [] } });
    const source = bufferSource(await dirtyArchive());
    const settings = { ...DEFAULT_DATASET_SETTINGS, minClassImages: 2, valSplit: 0.2 };
    const options = { dataset: 'skin', settings, onProgress: () => undefined };
    const { archive, ...assessment } = await examineArchive(source, options);
    if (!archive) throw new Error('The archive was not read.');
    const facts = archiveFacts(archive, assessment, settings);
    await endpoint.store.put(s3.bucket, reportFactsKey('skin', VERSION), JSON.stringify(facts));
    const { status, body } = await cases(VERSION);
    expect(status).toBe(200);
    expect((body as FindingCases).cases).toEqual(facts.cases);
    const leak = facts.cases.find(({ code }) => code === 'EXPORT_SPLIT_LEAKS');
    expect(leak?.images).toMatchObject([
      {
        path: 'valid/other.jpg',
        exported: 'val',
        key: expect.stringMatching(/^datasets\/skin\/preprocessed/),
      },
      { path: 'train/photo0.jpg', exported: 'train' },
    ]);
  });

  it('lists images by page, split and class', async () => {
    expect(await images('')).toMatchObject({ version: VERSION, total: 12, offset: 0 });
    const page = await images('offset=10&limit=5');
    expect(page.images.map(({ path }) => path)).toEqual(['train/10.jpg', 'train/11.jpg']);
    expect((await images('split=val')).images.map(({ path }) => path)).toEqual([
      'train/0.jpg',
      'train/5.jpg',
      'train/10.jpg',
    ]);
    expect(await images(`label=${encodeURIComponent(HOSTILE)}`)).toMatchObject({ total: 6 });
    expect(await images('label=none')).toMatchObject({ total: 0, images: [] });
    expect((await endpoint.call(`/datasets/skin/images?version=${OLDER}`)).body).toMatchObject({ total: 3 });
  });

  it.each([
    ['no bytes', ''],
    ['empty lines only', '\n\n'],
  ])('returns an empty list if the list of images has %s', async (_what, body) => {
    const version = 'bbbbbbbbbbbbbbbb';
    await endpoint.store.put(s3.bucket, versionKey('skin', version, 'images.jsonl'), body);
    const answer = await endpoint.call(`/datasets/skin/images?version=${version}`);
    expect(answer).toMatchObject({ status: 200, body: { total: 0, images: [] } });
  });

  it.each([
    ['an empty one', '', []],
    ['a shorter one', `${JSON.stringify(image(7))}\n`, ['train/7.jpg']],
    [
      'a longer one',
      [7, 8, 9].map((n) => `\n${JSON.stringify(image(n))}\n`).join(''),
      [7, 8, 9].map((n) => `train/${n}.jpg`),
    ],
  ])(
    'lists the images of the new file if the list of images was replaced by %s',
    async (_what, body, paths) => {
      const version = 'cccccccccccccccc';
      const key = versionKey('skin', version, 'images.jsonl');
      const listed = async () =>
        (await endpoint.call(`/datasets/skin/images?version=${version}`)) as unknown as {
          status: number;
          body: { images: { path: string }[] };
        };
      await endpoint.store.put(s3.bucket, key, [2, 3].map((n) => `${JSON.stringify(image(n))}\n`).join(''));
      expect((await listed()).body.images).toHaveLength(2);
      await endpoint.store.put(s3.bucket, key, body);
      const { status, body: page } = await listed();
      expect(status).toBe(200);
      expect(page.images.map(({ path }) => path)).toEqual(paths);
    },
  );

  it('lists the images of a page whose lines lie apart, and those of a filter by class and split', async () => {
    const page = await images(`split=val&label=${encodeURIComponent(HOSTILE)}&offset=0&limit=1`);
    expect(page).toMatchObject({ total: 1, images: [{ path: 'train/5.jpg', split: 'val' }] });
    const even = await images('label=even&offset=4&limit=200');
    expect(even.images).toEqual([image(8), image(10)]);
  });

  it.each([
    ['lines of another form', '{"count":1}\n'.repeat(3), /Line 1 of .*images\.jsonl does not match.*split/],
    ['binary data', Buffer.alloc(100_000, 0x80), /Line 1 of .*images\.jsonl is not JSON/],
    ['one line of a megabyte', `"${'a'.repeat(1024 * 1024)}"`, /line of more than 524288 bytes: line 1/],
    ['more lines than images of a dataset', '\n'.repeat(500_001), /more than 500000 lines/],
    ['more classes than a dataset may have', classes(251), /more than 250 classes/],
  ])('refuses a list of images with %s, and says what is wrong', async (_what, body, detail) => {
    const version = 'aaaaaaaaaaaaaaaa';
    await endpoint.store.put(s3.bucket, versionKey('skin', version, 'images.jsonl'), body);
    const answer = await endpoint.call(`/datasets/skin/images?version=${version}`);
    expect(answer).toMatchObject({ status: 409, body: { detail: expect.stringMatching(detail) } });
    expect((answer.body as { detail: string }).detail).toMatch(/Delete the file and start the run again\.$/);
  });

  it.each(['limit=0', 'limit=1000', 'offset=-1', 'split=test', 'version=../x'])(
    'refuses %s',
    async (query) => {
      expect((await endpoint.call(`/datasets/skin/images?version=${VERSION}&${query}`)).status).toBe(400);
    },
  );

  it('lets browsers cache preprocessed images, and detects the type of originals', async () => {
    const preprocessed = await imageAt(image(1).key);
    expect(preprocessed.status).toBe(200);
    expect(preprocessed.headers.get('content-type')).toBe('image/jpeg');
    expect(preprocessed.headers.get('cache-control')).toContain('immutable');
    expect(Buffer.from(await preprocessed.arrayBuffer())).toEqual(await picture(1));
    const original = await imageAt(rawKey('skin', 'train/1.jpg'));
    expect(original.headers.get('content-type')).toBe('image/jpeg');
    expect(original.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each(['page.html', 'picture.svg'])('does not serve %s of an archive', async (path) => {
    const answer = await imageAt(rawKey('skin', path));
    expect(answer.status).toBe(415);
    expect(answer.headers.get('content-type')).toContain('problem+json');
  });

  it('does not serve markup that is named as an image as a type that browsers run', async () => {
    const answer = await imageAt(rawKey('skin', 'page.jpg'));
    if (answer.status === 200) expect(answer.headers.get('content-type')).toBe('image/jpeg');
    else expect(answer.status).toBe(415);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    statusKey('skin'),
    'datasets/other/raw/train/1.jpg',
    'datasets/skin/raw/../status.json',
    'datasets/skin/raw//train/1.jpg',
    'landing/skin/a/a.zip',
  ])('refuses the key %s', async (key) => {
    expect((await imageAt(key)).status).toBe(400);
  });

  it('returns 404 for a missing image', async () => {
    expect((await imageAt(rawKey('skin', 'none.jpg'))).status).toBe(404);
  });

  it('serves the report with a policy that runs no scripts', async () => {
    const report = await endpoint.call(`/datasets/skin/report?version=${VERSION}`);
    expect(report.body).toBe(`<p>${HOSTILE}</p>`);
    expect(report.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none';/);
    expect((await endpoint.call(`/datasets/skin/report?version=${VERSION}&format=json`)).body).toMatchObject({
      images: {},
    });
    expect((await endpoint.call(`/datasets/skin/report?version=${OLDER}`)).status).toBe(404);
  });

  it('lists rejected images', async () => {
    expect((await endpoint.call(`/datasets/skin/rejected?version=${VERSION}`)).body).toEqual({
      rejected: [{ path: 'train/bad.jpg', reason: 'unreadable' }],
    });
  });

  it('serves the page with cached assets and an uncached index.html, and no other files', async () => {
    const page = await fetch(endpoint.url);
    expect(await page.text()).toContain('<title>Curator</title>');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const script = await fetch(`${endpoint.url}/assets/index-abc123.js`);
    expect(script.headers.get('cache-control')).toContain('immutable');
    for (const path of ['/assets/', '/assets/none.js', '/..%2f..%2fetc%2fpasswd', '/.hidden']) {
      const answer = await fetch(`${endpoint.url}${path}`);
      expect([path, [403, 404].includes(answer.status)]).toEqual([path, true]);
      expect(answer.headers.get('content-type')).toContain('problem+json');
    }
  });

  it('says how to build a missing page', async () => {
    const without = await startTestEndpoint({}, { pageFolder: join(home, 'nowhere') });
    const { status, body } = await without.call('/');
    await without.stop();
    expect(status).toBe(404);
    expect(body).toMatchObject({ detail: expect.stringContaining('npm run build') });
  });
});
