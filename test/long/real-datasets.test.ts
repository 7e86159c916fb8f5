import type { ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import type { IngestResult } from '../../src/contracts/workflow-io.js';
import type { StackInfo } from '../../src/local/state.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { cli, stopProcess } from '../support/cli.js';
import { startLocalStack } from '../support/local-stack.js';
import { temporaryHome } from '../support/servers.js';

const DATASETS = fileURLToPath(new URL('../../../shared/datasets/', import.meta.url));
const present = existsSync(join(DATASETS, 'acne-types-roboflow.zip'));
const real = present ? describe : describe.skip;

interface Line {
  readonly ref: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly boxes: readonly { label: string; left: number; top: number; width: number; height: number }[];
}

real(`the real datasets, in full${present ? '' : ' (skipped: ../shared/datasets is missing)'}`, () => {
  let home: string;
  let up: ChildProcess;
  let info: StackInfo;
  let store: ObjectStore;

  beforeAll(async () => {
    ({ home } = await temporaryHome());
    ({ child: up, info, store } = await startLocalStack({ CURATOR_HOME: home }));
  });
  afterAll(async () => {
    await stopProcess(up);
    rmSync(home, { recursive: true, force: true });
  });

  async function ingest(zip: string): Promise<{ code: number | null; result: IngestResult }> {
    const { code, stdout } = await cli(['ingest', join(DATASETS, zip), '--json', '--upload-anyway'], {
      CURATOR_HOME: home,
    });
    return { code, result: JSON.parse(stdout) };
  }

  const bytesOf = async (uri: string | null) =>
    await store.getBytes(info.s3.bucket, (uri ?? '').replace(`s3://${info.s3.bucket}/`, ''));

  async function linesOf(result: IngestResult): Promise<Line[]> {
    const texts = [await bytesOf(result.uris.train), await bytesOf(result.uris.val)];
    return texts
      .flatMap((text) => text.toString('utf8').trimEnd().split('\n'))
      .map((text) => {
        const line = JSON.parse(text);
        const names = line['bounding-box-metadata']['class-map'];
        const { image_size: sizes, annotations } = line['bounding-box'];
        return {
          ref: line['source-ref'],
          size: sizes[0],
          boxes: annotations.map(({ class_id: id, ...box }: Record<string, number>) => ({
            ...box,
            label: names[String(id)],
          })),
        };
      });
  }

  it.each([
    ['acne-types-roboflow.zip', { found: 1130, used: 450, train: 405, val: 45 }],
    ['cavity-roboflow-noresize.zip', { found: 418 }],
    ['rbc-roboflow.zip', { found: 240 }],
    ['cards-roboflow-flat.zip', { found: 145 }],
  ])(
    '%s: every line has its image, its size, and its boxes on the pixels of the original',
    async (zip, counts) => {
      const { code, result } = await ingest(zip);
      expect(code).toBe(0);
      expect(result).toMatchObject({ outcome: 'done', images: counts });
      expect(result.uris.modelCard).not.toBeNull();
      const folder = unpacked(zip);
      const originals = readOriginals(folder);
      const lines = await linesOf(result);
      expect(lines).toHaveLength(result.images?.used ?? 0);
      for (const line of lines) await expectOnTheSamePixels(line, await bytesOf(line.ref), folder, originals);
      rmSync(folder, { recursive: true });
    },
    300_000,
  );

  it('refuses robot-roboflow-mostlyunlabelled.zip, whose classes have at most 16 images each', async () => {
    const { code, result } = await ingest('robot-roboflow-mostlyunlabelled.zip');
    expect(code).toBe(1);
    expect(result.outcome).toBe('refused');
    expect(result.message).toMatch(/Kanan 16, Mundur 16, Maju 14, Kiri 12/);
  });
});

function unpacked(zip: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'curator-real-'));
  execFileSync('python3', ['-m', 'zipfile', '-e', join(DATASETS, zip), folder]);
  return folder;
}

interface Original {
  readonly path: string;
  readonly annotations: readonly { readonly label: string; readonly bbox: readonly number[] }[];
}

/** The annotations of an export, by path without extension. They are read without the project's code. */
function readOriginals(folder: string): Map<string, Original> {
  const originals = new Map<string, Original>();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('_annotations.coco.json'))) {
    const coco = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const names = new Map(
      coco.categories.map((category: { id: number; name: string }) => [category.id, category.name]),
    );
    for (const image of coco.images) {
      const path = join(file, '..', image.file_name);
      const annotations = coco.annotations
        .filter((annotation: { image_id: number }) => annotation.image_id === image.id)
        .map((annotation: { category_id: number; bbox: number[] }) => ({
          label: names.get(annotation.category_id),
          bbox: annotation.bbox,
        }));
      originals.set(path.replace(/\.[^.]+$/, ''), { path, annotations });
    }
  }
  return originals;
}

async function expectOnTheSamePixels(
  line: Line,
  bytes: Buffer,
  folder: string,
  originals: ReadonlyMap<string, Original>,
): Promise<void> {
  const stem = /\/preprocessed\/(.+)\.[0-9a-f]{12}\.(?:jpg|png)$/.exec(line.ref)?.[1] ?? '';
  const original = originals.get(stem);
  if (!original) throw new Error(`${line.ref} comes from no image of the export.`);
  const made = sharp(bytes);
  const { width, height } = await made.metadata();
  expect({ width, height }).toEqual({ width: line.size.width, height: line.size.height });
  const source = sharp(readFileSync(join(folder, original.path)));
  const sourceSize = await source.metadata();
  const [scaleX, scaleY] = [width / sourceSize.width, height / sourceSize.height];

  for (const box of line.boxes) {
    const origin = original.annotations
      .filter(({ label }) => label === box.label)
      .map(({ bbox: [x = 0, y = 0, w = 0, h = 0] }) => ({ x, y, w, h }))
      .find(
        ({ x, y, w, h }) =>
          Math.abs(x * scaleX - box.left) <= 1 &&
          Math.abs(y * scaleY - box.top) <= 1 &&
          Math.abs((x + w) * scaleX - box.left - box.width) <= 1 &&
          Math.abs((y + h) * scaleY - box.top - box.height) <= 1,
      );
    if (!origin)
      throw new Error(`${line.ref}: no annotation of ${box.label} lies where ${JSON.stringify(box)} does.`);
  }
  const [first] = line.boxes;
  if (!first) throw new Error(`${line.ref} has no box.`);
  const part = (scale: [number, number]) => ({
    left: Math.floor(first.left / scale[0]),
    top: Math.floor(first.top / scale[1]),
    width: Math.max(1, Math.floor(first.width / scale[0])),
    height: Math.max(1, Math.floor(first.height / scale[1])),
  });
  const crop = async (image: Sharp, scale: [number, number]) =>
    await image.clone().extract(part(scale)).resize(16, 16, { fit: 'fill' }).greyscale().raw().toBuffer();
  const [here, there] = [await crop(made, [1, 1]), await crop(source, [scaleX, scaleY])];
  const difference = here.reduce((sum, value, i) => sum + Math.abs(value - (there[i] ?? 0)), 0) / here.length;
  expect(difference).toBeLessThan(12);
}
