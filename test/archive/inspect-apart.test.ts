import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { type ByteSource, bufferSource } from '../../src/archive/source.js';
import { DatasetError } from '../../src/dataset/model/errors.js';
import { DEFAULT_DATASET_SETTINGS as SETTINGS } from '../../src/dataset/model/settings.js';
import { ProcessLost } from '../../src/lib/process-lost.js';
import { inspect } from '../../src/pipeline/inspect.js';
import { inspectApart } from '../../src/pipeline/inspect-apart.js';
import { type RawEntry, zipBytes } from '../support/zip-bytes.js';

const IMAGES = 300;
const DEFAULT_LIMITS = { heapMb: 400, workMs: 60_000, cpuMs: 60_000 };

function coco(more: { readonly records?: number; readonly broken?: string } = {}): string {
  const images = Array.from({ length: IMAGES }, (_, id) => ({
    id,
    file_name: `ü ${id}.jpg`,
    width: 90,
    height: 80,
  }));
  const missing = Array.from({ length: more.records ?? 3 }, (_, i) => ({
    id: `m${i}`,
    file_name: `missing/${i}.jpg`,
  }));
  const annotations = images.map(({ id }) => ({
    id,
    image_id: id,
    category_id: 1,
    bbox: [id % 40, 2.5, 30, 40],
  }));
  const categories = [{ id: 1, name: 'Größe' }];
  return JSON.stringify({ images: [...images, ...missing], annotations, categories }) + (more.broken ?? '');
}

function archive(text: string): Buffer {
  const pictures = Array.from({ length: IMAGES }, (_, i): RawEntry => ({ name: `ü ${i}.jpg` }));
  return zipBytes([...pictures, { name: 'c.json', data: Buffer.from(text), deflate: true }]);
}

const source = bufferSource(archive(coco()));

describe('inspectApart', () => {
  it('returns what an inspection in this process returns', async () => {
    const { merged, plan, batches } = await inspect(source, SETTINGS);
    const { images, labels } = merged;
    expect(await inspectApart(source, SETTINGS)).toEqual({ merged: { images, labels }, plan, batches });
    expect(batches.length).toBeGreaterThan(1);
  });

  it('throws the refusal of the archive, with its details', async () => {
    const refused = bufferSource(archive(coco({ broken: ' x' })));
    const here = await inspect(refused, SETTINGS).catch((error: unknown) => error);
    const apart = await inspectApart(refused, SETTINGS).catch((error: unknown) => error);
    expect(apart).toEqual(here);
    expect(apart).toMatchObject({ name: 'DatasetError', type: 'CocoInvalid', details: { file: 'c.json' } });
  });

  it('refuses an archive that needs more memory than the limit, and goes on', async () => {
    const hungry = bufferSource(archive(coco({ records: 300_000 })));
    await expect(
      inspectApart(hungry, SETTINGS, undefined, { ...DEFAULT_LIMITS, heapMb: 60 }),
    ).rejects.toMatchObject({
      type: 'ArchiveUnsafe',
      message: expect.stringMatching(/needs more than 60 MB of memory.*split the dataset/),
    });
    expect((await inspectApart(source, SETTINGS)).plan.images).toBe(IMAGES);
  });

  it('reads an image name of 14 MB with the memory of a small archive', async () => {
    const images = [{ id: 1, file_name: '+'.repeat(14_000_000) }];
    const text = JSON.stringify({ images, annotations: [], categories: [] });
    const named = bufferSource(zipBytes([{ name: 'c.json', data: Buffer.from(text) }, { name: 'a.jpg' }]));
    await expect(
      inspectApart(named, SETTINGS, undefined, { ...DEFAULT_LIMITS, heapMb: 200 }),
    ).rejects.toMatchObject({
      type: 'NoUsableImages',
      message: expect.stringMatching(/They name \+{20,80}…\+{20,80}\. The archive has a\.jpg\./),
    });
  });

  it('fails, but does not refuse the archive, if the machine is too busy to read it in time', async () => {
    const error = await inspectApart(source, SETTINGS, undefined, { ...DEFAULT_LIMITS, workMs: 1 }).catch(
      (caught: unknown) => caught,
    );
    expect(error).not.toBeInstanceOf(DatasetError);
    expect(error).toMatchObject({ message: expect.stringContaining('the machine is too busy') });
  });

  it('gives an archive no more memory for bytes and empty entries that fill it up', async () => {
    const bytes = { name: 'padding.bin', data: Buffer.alloc(50_000_000) };
    const empty = Array.from({ length: 100 }, (_, i): RawEntry => ({ name: `${i}.jpg` }));
    const images = Array.from({ length: 400_000 }, (_, id) => `{"id":${id},"file_name":"missing/${id}.jpg"}`);
    const text = `{"images":[${images.join(',')}],"annotations":[],"categories":[]}`;
    const padded = bufferSource(
      zipBytes([{ name: 'c.json', data: Buffer.from(text), deflate: true }, bytes, ...empty]),
    );
    await expect(inspectApart(padded, SETTINGS)).rejects.toMatchObject({
      type: 'ArchiveUnsafe',
      message: expect.stringMatching(/needs more than 1[89]\d MB of memory/),
    });
  });

  it('refuses an archive that takes more CPU time than the limit', async () => {
    const slow = bufferSource(archive(coco({ records: 300_000 })));
    await expect(
      inspectApart(slow, SETTINGS, undefined, { ...DEFAULT_LIMITS, cpuMs: 1 }),
    ).rejects.toMatchObject({
      type: 'ArchiveUnsafe',
      message: expect.stringMatching(/takes more than 0 seconds of CPU time.*split the dataset/),
    });
  });

  it('refuses an archive that takes more CPU time than the limit in one computation', async () => {
    const accents = 'e\u0301'.repeat(4_000);
    const images = Array.from({ length: 1_000 }, (_, id) => ({ id, file_name: `${accents} ${id}.jpg` }));
    const data = Buffer.from(JSON.stringify({ images, annotations: [], categories: [] }));
    const slow = bufferSource(zipBytes([{ name: 'a.jpg' }, { name: 'c.json', data }]));
    await expect(
      inspectApart(slow, SETTINGS, undefined, { ...DEFAULT_LIMITS, cpuMs: 1_500 }),
    ).rejects.toMatchObject({ message: expect.stringMatching(/takes more than 2 seconds of CPU time/) });
  });

  it('throws the error of its source as it is', async () => {
    const broken = new Error('connection reset');
    const failing: ByteSource = { bytes: source.bytes, read: async () => await Promise.reject(broken) };
    await expect(inspectApart(failing, SETTINGS)).rejects.toBe(broken);
  });

  it('ends when it is aborted', async () => {
    const aborter = new AbortController();
    const reason = new Error('stopped');
    const stopping: ByteSource = {
      bytes: source.bytes,
      read: async () => {
        aborter.abort(reason);
        return await new Promise<Buffer>(() => undefined);
      },
    };
    await expect(inspectApart(stopping, SETTINGS, aborter.signal, DEFAULT_LIMITS)).rejects.toBe(reason);
  });

  it('reports that its process was killed, which a retry may fix', async () => {
    const killing: ByteSource = {
      bytes: source.bytes,
      read: async () => {
        execFileSync('pkill', ['-KILL', '-P', String(process.pid), '-f', 'inspect-process']);
        return await new Promise<Buffer>(() => undefined);
      },
    };
    const error = await inspectApart(killing, SETTINGS, undefined, DEFAULT_LIMITS).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(ProcessLost);
    expect(error).toMatchObject({ message: expect.stringContaining('ended unexpectedly (SIGKILL)') });
  });
});
