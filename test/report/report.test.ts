import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { bufferSource } from '../../src/archive/source.js';
import { checkReport } from '../../src/check/archive-report.js';
import { examineArchive } from '../../src/check/examine.js';
import { SETTINGS } from '../../src/config/settings.js';
import { type DatasetSettings, DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { variableOf } from '../../src/report/lineage.js';
import { roboflowArchive } from '../support/archives.js';
import { dirtyArchive, HOSTILE_FILE, MARKER } from '../support/dirty-archive.js';

const SMALL: DatasetSettings = { ...DEFAULT_DATASET_SETTINGS, minClassImages: 2, valSplit: 0.2 };

async function reportOf(archive: Buffer, settings = SMALL): Promise<string> {
  const source = bufferSource(archive);
  const options = { dataset: 'shown', settings, onProgress: () => undefined };
  return await checkReport(source, await examineArchive(source, options), options);
}

const section = (page: string, id: string) =>
  new RegExp(`<h2 id="${id}">.*?(?=<h2 id=|</main>)`, 's').exec(page)?.[0] ?? '';
const figures = (html: string) => html.match(/<figure>.*?<\/figure>/gs) ?? [];
const figureWith = (html: string, text: string) => figures(html).find((one) => one.includes(text)) ?? '';

describe('report.html', () => {
  let archive: Buffer;
  let page: string;
  beforeAll(async () => {
    archive = await dirtyArchive();
    page = await reportOf(archive);
  });

  it('starts with whether the dataset is fit for training', () => {
    const main = page.slice(page.indexOf('<main>')).slice(0, 500);
    expect(main).toMatch(
      /^<main>\s*<h1>shown.*?<\/h1>\s*<section class="dataset-check fit"><strong>Fit for training, with unreliable scores</,
    );
    expect(page.slice(0, 600)).toContain('<title>shown: fit for training</title>');
  });

  it('loads nothing and runs no script, whatever the names of classes and files', () => {
    expect(
      page.includes(
        `content="default-src &#39;none&#39;; img-src data:; style-src &#39;unsafe-inline&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
      ),
    ).toBe(true);
    expect(page.includes('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;')).toBe(true);
    expect(page.includes('it&#39;s &quot;quoted&quot; &lt;b&gt;bold&lt;/b&gt;.jpg')).toBe(true);
    expect(page.includes(HOSTILE_FILE)).toBe(false);
    const tags = new Set(page.match(/<[a-z][a-z0-9]*/gi));
    for (const tag of ['<script', '<img', '<iframe', '<object', '<link']) expect(tags).not.toContain(tag);
    const names = page.replace(/="[^"]*"/g, '=').match(/<[^>]* (?:on\w+|src|srcset|action)=/g);
    expect(names).toBeNull();
    const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href ?? '');
    expect(links.filter((href) => !/^(#|data:image\/jpeg;base64,)/.test(href))).toEqual([]);
  });

  it('draws a box at the right pixels if only a part of the image is shown', async () => {
    const shown = figureWith(section(page, 'samples'), 'train/marker.jpg');
    const [left = 0, top = 0, width = 0, height = 0] = (/viewBox="([^"]*)"/.exec(shown)?.[1] ?? '')
      .split(' ')
      .map(Number);
    expect(width).toBeLessThan(800);
    const outline = /class="own" d="M(\d+) (\d+)h(\d+)v(\d+)h-\d+z"/.exec(shown)?.slice(1).map(Number);
    expect(outline).toEqual([MARKER.left, MARKER.top, MARKER.width, MARKER.height]);
    const jpeg = Buffer.from(/base64,([^"]*)"/.exec(shown)?.[1] ?? '', 'base64');
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
    const isRedAt = (x: number, y: number) => {
      const column = Math.floor(((x - left) * info.width) / width);
      const row = Math.floor(((y - top) * info.height) / height);
      const at = (row * info.width + column) * 3;
      return (data[at] ?? 0) - (data[at + 1] ?? 0) > 100;
    };
    const [right, bottom] = [MARKER.left + MARKER.width, MARKER.top + MARKER.height];
    expect(isRedAt(MARKER.left + 3, MARKER.top + 3)).toBe(true);
    expect(isRedAt(right - 3, bottom - 3)).toBe(true);
    expect(isRedAt(MARKER.left - 4, MARKER.top + 3)).toBe(false);
    expect(isRedAt(right + 4, bottom - 3)).toBe(false);
  });

  it('counts images per class and split, and marks classes with too few images', () => {
    const rows = section(page, 'classes').match(/<tr>.*?<\/tr>/gs) ?? [];
    const rowOf = (label: string) => rows.find((row) => row.includes(`>${label}<`)) ?? '';
    expect(rowOf('rare')).toContain('too few');
    expect(rowOf('rare')).toMatch(/<td class="n">0<\/td><td class="n">0<\/td><td class="n">1<\/td>/);
    expect(rowOf('spot')).not.toContain('too few');
  });

  it('shows copies side by side and marks those on different sides of the split and with different labels', () => {
    const copies = section(page, 'copies');
    expect(copies).toContain('1 of its 1 validation and test image is a copy of images in its train split');
    expect(copies).toMatch(/labelled differently.*train\/photo0\.jpg.*valid\/other\.jpg/s);
    expect(figures(copies)).toHaveLength(2);
  });

  it('shows the cases of a finding as pictures, and leaks as pairs with the side of each image', () => {
    const list = section(page, 'findings').match(/<li class="(?:warning|error)">.*?<\/li>\n/gs) ?? [];
    const itemOf = (code: string) => list.find((item) => item.includes(`<code>${code}</code>`)) ?? '';
    const [val = '', train = '', ...more] = figures(itemOf('EXPORT_SPLIT_LEAKS'));
    expect(more).toEqual([]);
    expect(val).toMatch(/<svg.*class="own".*<strong>val of the export<\/strong>.*valid\/other\.jpg/s);
    expect(train).toMatch(/<svg.*<strong>train of the export<\/strong>.*train\/photo0\.jpg/s);
    expect(itemOf('IMAGES_PARTLY_UNLABELLED')).toContain('<a href="#left-out">Omitted boxes and images</a>');
    expect(figures(itemOf('IMAGES_PARTLY_UNLABELLED'))).toEqual([]);
  });

  it('lists rejected images with file, record and reason, and shows the part that can be decoded', () => {
    const rows = section(page, 'rejected').match(/<tr><td.*?<\/tr>/gs) ?? [];
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(
      /<svg.*train\/half\.jpg.*train\/_annotations\.coco\.json, image id 17.*damaged and cannot be decoded/s,
    );
    expect(rows[1]).toMatch(/train\/nowhere\.jpg.*The archive has no file/s);
    expect(rows[1]).not.toContain('<svg');
  });

  it('shows boxes that are too small, boxes of dropped classes and images without annotations', () => {
    const left = section(page, 'left-out');
    const [tiny, rare] = [figureWith(left, 'train/tiny.jpg'), figureWith(left, 'train/rare.jpg')];
    expect(tiny).toMatch(/class="dropped" d="M60 50h3v3h-3z".*omitted: spot</s);
    expect(rare).toMatch(/class="dropped" d="M5 5h30v30h-30z".*class="own" d="M50 40h30v30h-30z"/s);
    expect(rare).toContain('omitted: rare<');
    expect(figureWith(left, 'train/it&#39;s')).toMatch(/<svg(?!.*<path)/s);
  });

  it('shows an image with an ambiguous EXIF orientation in both readings', () => {
    const readings = figures(section(page, 'exif'));
    expect(readings).toHaveLength(2);
    expect(readings[0]).toMatch(/d="M4 4h30v20h-30z".*rotated \(used\).*EXIF_BOXES=turned/s);
    expect(readings[1]).toMatch(/d="M62 72h30v20h-30z".*stored/s);
  });

  it('lists settings by their variables and marks those that differ from the default', () => {
    expect(section(page, 'settings')).toMatch(
      /MIN_CLASS_IMAGES<\/code><\/th><td class="changed">2<\/td><td class="soft">40</,
    );
    for (const name of Object.keys(DEFAULT_DATASET_SETTINGS) as (keyof DatasetSettings)[]) {
      expect(variableOf(name)).toBe(SETTINGS[name].variable);
    }
  });

  it('report.html has the same bytes each time for the same dataset version', async () => {
    expect((await reportOf(archive)) === page).toBe(true);
  });

  it('shows samples and findings of a refused dataset', async () => {
    const refused = await reportOf(await roboflowArchive(12), DEFAULT_DATASET_SETTINGS);
    expect(refused).toContain('<section class="dataset-check unfit"><strong>Not fit for training</strong>');
    expect(section(refused, 'findings')).toMatch(/error.*NoClassLeft/s);
    const samples = figures(section(refused, 'samples'));
    expect(samples.filter((one) => one.includes('<svg')).length).toBeGreaterThan(4);
  });

  it('says why an archive cannot be read as a dataset', async () => {
    const broken = await reportOf(Buffer.from('this is no archive'));
    expect(broken).toContain('Not fit for training');
    expect(broken).toContain('ArchiveUnreadable');
  });
});
