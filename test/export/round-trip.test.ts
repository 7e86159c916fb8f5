import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDirectory } from '../../src/archive/directory.js';
import { readEntry } from '../../src/archive/entries.js';
import { bufferSource } from '../../src/archive/source.js';
import { examineArchive } from '../../src/check/examine.js';
import { versionKey } from '../../src/dataset/model/layout.js';
import { type DatasetSettings, DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import type { VersionImage } from '../../src/dataset/model/version-images.js';
import { useCommands } from '../support/commands.js';
import { dirtyArchive, HOSTILE_CLASS } from '../support/dirty-archive.js';
import { versionImagesOf } from '../support/json-lines.js';
import { startTestPipeline, type TestPipeline } from '../support/pipeline.js';
import { makeVersion } from '../support/versions.js';

const SETTINGS: DatasetSettings = {
  ...DEFAULT_DATASET_SETTINGS,
  minClassImages: 2,
  valSplit: 0.2,
  imageMaxSide: 400,
};
const DATASET = 'dirty';

describe('curator export', () => {
  const cli = useCommands();
  let pipeline: TestPipeline;
  let folder: string;
  let env: Record<string, string>;
  let images: readonly VersionImage[];
  let listKey: string;

  beforeAll(async () => {
    pipeline = await startTestPipeline();
    folder = mkdtempSync(join(tmpdir(), 'curator-export-'));
    env = { ...pipeline.s3.env, CURATOR_HOME: folder };
    const { version } = await makeVersion(pipeline, DATASET, await dirtyArchive(), SETTINGS);
    listKey = versionKey(DATASET, version, 'images.jsonl');
    const lines = await pipeline.store.getBytes(pipeline.s3.bucket, listKey);
    images = versionImagesOf(lines.toString('utf8'));
  });
  afterAll(async () => {
    await pipeline?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function exported(format: string, file = `${format}.zip`): Promise<Buffer> {
    const out = join(folder, file);
    const { code, stdout, stderr } = await cli(
      ['export', DATASET, '--format', format, '--out', out, '--json'],
      env,
    );
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(0);
    const train = images.filter(({ split }) => split === 'train').length;
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ dataset: DATASET, format, file: out },
      images: { train, val: images.length - train },
    });
    return readFileSync(out);
  }

  it('counts photos, and apart from them their tiles', async () => {
    await makeVersion(pipeline, 'tiled', await dirtyArchive(), { ...SETTINGS, tiles: 2 });
    const out = join(folder, 'tiled.zip');
    const { stdout } = await cli(['export', 'tiled', '--format', 'yolo', '--out', out], env);
    expect(stdout).toMatch(/: \d+ train and \d+ val photos?, [1-9]\d* train and \d+ val tiles?, \d+ boxes, /);
    const photos = images.filter(({ split }) => split === 'train').length;
    expect(stdout).toContain(`: ${photos} train and ${images.length - photos} val photo`);
  });

  async function filesOf(zip: Buffer): Promise<Map<string, Buffer>> {
    const source = bufferSource(zip);
    const { entries } = await readDirectory(source);
    const files = new Map<string, Buffer>();
    for (const entry of entries) files.set(entry.path, await readEntry(source, entry));
    return files;
  }

  const sourceBytes = async (key: string) => await pipeline.store.getBytes(pipeline.s3.bucket, key);
  const boxesOf = (list: readonly { sha: string; boxes: VersionImage['boxes'] }[]) =>
    new Map(list.map(({ sha, boxes }) => [sha, boxes]));

  it('writes COCO that is read again with the same pictures and boxes', async () => {
    const zip = await exported('coco');
    const { archive } = await examineArchive(bufferSource(zip), {
      ...{ dataset: DATASET, settings: SETTINGS },
      onProgress: () => undefined,
    });
    const read = (archive?.records ?? []).map(({ image, result }) => {
      if (result.status === 'rejected') throw new Error(`${result.path}: ${result.message}`);
      expect(result.untouched).toBe(true);
      const boxes = image.boxes.map(({ label, x, y, width, height }) => ({
        label,
        left: x,
        top: y,
        width,
        height,
      }));
      return { folder: image.path.split('/')[0], sha: result.sourceSha256, boxes };
    });
    const written = await Promise.all(
      images.map(async ({ key, split, boxes }) => ({
        folder: split === 'train' ? 'train' : 'valid',
        sha: await sha256(await sourceBytes(key)),
        boxes,
      })),
    );
    expect(boxesOf(read)).toEqual(boxesOf(written));
    expect(read.map(({ folder: side, sha }) => `${side} ${sha}`).sort(byText)).toEqual(
      written.map(({ folder: side, sha }) => `${side} ${sha}`).sort(byText),
    );
    // The names of the classes are odd on purpose.
    expect(archive?.plan.findings.filter(({ code }) => !code.startsWith('LABELS_'))).toEqual([]);
  });

  it('writes YOLO labels at the same pixels and class names that are valid YAML', async () => {
    const files = await filesOf(await exported('yolo'));
    const yaml = files.get('data.yaml')?.toString('utf8') ?? '';
    expect(yaml).toMatch(/^train: images\/train$/m);
    expect(yaml).toMatch(/^val: images\/val$/m);
    const names = [...yaml.matchAll(/^ {2}(\d+): (".*")$/gm)].map(([, id, name]) => [
      Number(id),
      JSON.parse(name ?? ''),
    ]);
    expect(names).toContainEqual([0, HOSTILE_CLASS]);
    const labels = new Map(names as [number, string][]);

    let boxes = 0;
    for (const image of images) {
      const bytes = await sourceBytes(image.key);
      const [path = ''] = [...files].find(([, content]) => content.equals(bytes)) ?? [];
      expect(path.startsWith(`images/${image.split}/`)).toBe(true);
      const text =
        files.get(path.replace(/^images/, 'labels').replace(/\.[a-z]+$/, '.txt'))?.toString('utf8') ?? '';
      const lines = text
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ').map(Number));
      const back = lines.map(([id = -1, x = 0, y = 0, width = 0, height = 0]) => ({
        label: labels.get(id),
        left: pixel((x - width / 2) * image.width),
        top: pixel((y - height / 2) * image.height),
        width: pixel(width * image.width),
        height: pixel(height * image.height),
      }));
      expect(back).toEqual(image.boxes);
      boxes += back.length;
    }
    expect(boxes).toBeGreaterThan(images.length - 1);
  });

  it.each(['coco', 'yolo'])('writes the same bytes each time as %s', async (format) => {
    const [one, other] = [
      await exported(format, `${format}-one.zip`),
      await exported(format, `${format}-other.zip`),
    ];
    expect(one.equals(other)).toBe(true);
  });

  it('leaves no partial file if an image is missing', async () => {
    const { key } = images[images.length - 1] ?? { key: '' };
    const bytes = await sourceBytes(key);
    await pipeline.store.remove(pipeline.s3.bucket, key);
    const before = readdirSync(folder);
    const { code, stderr } = await cli(
      ['export', DATASET, '--format', 'coco', '--out', join(folder, 'broken.zip')],
      env,
    );
    await pipeline.store.put(pipeline.s3.bucket, key, bytes);
    expect(code).toBe(1);
    expect(stderr).toContain(key);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('replaces an existing file only with --force', async () => {
    const out = join(folder, 'mine.zip');
    writeFileSync(out, 'mine');
    const args = ['export', DATASET, '--format', 'yolo', '--out', out];
    const { code, stderr } = await cli(args, env);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/mine\.zip already exists\. .* --out, or use --force/),
    ]);
    expect(readFileSync(out, 'utf8')).toBe('mine');
    expect((await cli([...args, '--force'], env)).code).toBe(0);
    expect(readFileSync(out).subarray(0, 2).toString()).toBe('PK');
  });

  it('refuses an unknown dataset, and an unknown format', async () => {
    const none = await cli(['export', 'nobody', '--format', 'coco', '--out', join(folder, 'x.zip')], env);
    expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(/nobody does not exist\./)]);
    const wrong = await cli(['export', DATASET, '--format', 'voc', '--out', join(folder, 'x.zip')], env);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/coco, yolo/)]);
  });

  it('refuses a list of images that names an object larger than an image', async () => {
    const { store, s3 } = pipeline;
    const [first, ...others] = images;
    const huge = `datasets/${DATASET}/huge.bin`;
    await store.put(s3.bucket, huge, Buffer.alloc(16 * 1024 ** 2));
    const lines = [{ ...first, key: huge }, ...others].map((line) => `${JSON.stringify(line)}\n`);
    await store.put(s3.bucket, listKey, lines.join(''));
    const out = join(folder, 'huge.zip');
    const { code, stderr } = await cli(['export', DATASET, '--format', 'yolo', '--out', out], env);
    expect(code).toBe(1);
    expect(stderr).toContain(`s3://${s3.bucket}/${huge} is too large: 16777216 bytes, maximum 15728640.`);
  });
});

/** Rounds a YOLO coordinate to whole pixels and checks that it is off by no more than rounding. */
function pixel(value: number): number {
  expect(Math.abs(value - Math.round(value))).toBeLessThan(0.001);
  return Math.round(value);
}

const byText = (a: string, b: string) => (a < b ? -1 : 1);

async function sha256(bytes: Buffer): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
  return Buffer.from(digest).toString('hex');
}
