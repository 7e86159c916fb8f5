import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bufferSource } from '../../src/archive/source.js';
import { DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { type Input, openInput } from '../../src/input/input.js';
import { inspect } from '../../src/pipeline/inspect.js';
import { picture } from '../support/archives.js';

describe('a folder as input', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'curator-folder-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const write = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), content);
  };

  async function writeExport(folder: string): Promise<void> {
    for (const n of [2, 0, 1]) write(`${folder}/train/${n}.jpg`, await picture(n));
    const images = [0, 1, 2].map((id) => ({ id, file_name: `${id}.jpg`, width: 96, height: 80 }));
    const annotations = [{ id: 1, image_id: 0, category_id: 1, bbox: [1, 2, 30, 40] }];
    const categories = [{ id: 1, name: 'mole' }];
    write(`${folder}/train/_annotations.coco.json`, JSON.stringify({ images, annotations, categories }));
  }

  async function zipped<T>(folder: string, use: (bytes: Buffer, input: Input) => T | Promise<T>): Promise<T> {
    const input = await openInput(join(home, folder), () => undefined);
    if (input.kind !== 'file') throw new Error('The input is not a file.');
    try {
      return await use(readFileSync(input.path), input);
    } finally {
      await input.close();
    }
  }

  it('reads a folder like a ZIP of it', async () => {
    await writeExport('Skin 2025');
    const { plan, name } = await zipped('Skin 2025', async (bytes, input) => ({
      ...(await inspect(bufferSource(bytes), DEFAULT_DATASET_SETTINGS)),
      name: input.name,
    }));
    expect(name).toBe('Skin 2025');
    expect(plan).toMatchObject({ images: 3, missing: [], annotations: { found: 1 } });
  });

  it('zips copies of a folder to the same bytes, whatever their paths and times', async () => {
    await writeExport('a');
    cpSync(join(home, 'a'), join(home, 'b'), { recursive: true });
    utimesSync(join(home, 'b/train/0.jpg'), 1_000_000_000, 1_000_000_000);
    const [a, b] = [await zipped('a', (bytes) => bytes), await zipped('b', (bytes) => bytes)];
    expect(a.equals(b)).toBe(true);
  });

  it('omits hidden and unrelated files of a folder and follows links to files', async () => {
    await writeExport('a');
    const plain = await zipped('a', (bytes) => bytes);
    write('a/.git/x.json', '{}');
    write('a/weights.bin', 'heavy');
    write('a/train/.hidden.jpg', 'x');
    expect((await zipped('a', (bytes) => bytes)).equals(plain)).toBe(true);
    write('elsewhere/3.jpg', await picture(3));
    symlinkSync(join(home, 'elsewhere/3.jpg'), join(home, 'a/train/3.jpg'));
    expect((await zipped('a', (bytes) => bytes)).length).toBeGreaterThan(plain.length);
  });

  it('removes the temporary archive of a folder when the input is closed', async () => {
    await writeExport('a');
    const path = await zipped('a', (_bytes, input) => (input.kind === 'file' ? input.path : ''));
    expect(() => readFileSync(path)).toThrow(/ENOENT/);
  });

  it('refuses a folder without images and JSON files', async () => {
    write('empty/notes.txt', 'nothing');
    await expect(openInput(join(home, 'empty'), () => undefined)).rejects.toThrow(
      /empty has no image and no JSON file/,
    );
  });
});
