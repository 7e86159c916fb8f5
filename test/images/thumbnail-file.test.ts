import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { THUMBNAIL_BYTES } from '../../src/dataset/model/thumbnail.js';
import { ThumbnailFile } from '../../src/pipeline/thumbnail-file.js';

/** More thumbnails than are kept in memory. */
const MANY = 16_384 + 130;

/** Thumbnails of which each begins with its number. */
function numbered(first: number, count: number): Buffer {
  const bytes = Buffer.alloc(count * THUMBNAIL_BYTES);
  for (let index = 0; index < count; index++) bytes.writeUInt32LE(first + index, index * THUMBNAIL_BYTES);
  return bytes;
}

const numberIn = (thumbnail: Uint8Array) => Buffer.from(thumbnail).readUInt32LE();
const filesOfThumbnails = () => readdirSync(tmpdir()).filter((name) => name.endsWith('.thumbnails'));

describe('a file of thumbnails', () => {
  let file: ThumbnailFile | undefined;
  afterEach(() => {
    file?.close();
    file = undefined;
  });

  it('returns each thumbnail by the number that it got, in any order', () => {
    const stored = new ThumbnailFile();
    file = stored;
    let added = 0;
    for (let count = 1; added < MANY; count = Math.min(128, MANY - added)) {
      expect(stored.add(numbered(added, count))).toBe(added);
      added += count;
    }
    // Steps by a prime, so that neighbours and thumbnails on the same place of memory follow each other.
    const wrong = Array.from({ length: 2 * MANY }, (_, step) => (step * 8191) % MANY).filter(
      (number) => numberIn(stored.get(number)) !== number,
    );
    expect(wrong).toEqual([]);
  });

  it('returns a thumbnail that was added after its neighbours were read', () => {
    file = new ThumbnailFile();
    file.add(numbered(0, 1));
    expect(numberIn(file.get(0))).toBe(0);
    file.add(numbered(1, 1));
    expect(numberIn(file.get(1))).toBe(1);
  });

  it('does not change a thumbnail that was returned before, however many are read after it', () => {
    const stored = new ThumbnailFile();
    file = stored;
    stored.add(numbered(0, MANY));
    const first = stored.get(5);
    for (let number = 0; number < MANY; number++) stored.get(number);
    expect(numberIn(first)).toBe(5);
  });

  it('refuses a number that no thumbnail has', () => {
    file = new ThumbnailFile();
    file.add(numbered(0, 2));
    expect(() => file?.get(2)).toThrow('There is no thumbnail with the number 2.');
  });

  it('has no name in the temporary folder, so that nothing is left of it when the process is killed', () => {
    file = new ThumbnailFile();
    file.add(numbered(0, 1));
    expect(filesOfThumbnails()).toEqual([]);
  });

  it('refuses thumbnails after it was closed, and does not write them to another file', () => {
    const closed = new ThumbnailFile();
    closed.close();
    expect(() => closed.add(numbered(0, 1))).toThrow('The file of thumbnails is closed.');
  });

  it('says which folder needs space if the disk is full', async () => {
    const fs = await import('node:fs');
    const writeSync = () => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    };
    jest.resetModules();
    jest.unstable_mockModule('node:fs', () => ({ ...fs, writeSync }));
    const { ThumbnailFile: OnFullDisk } = await import('../../src/pipeline/thumbnail-file.js');
    file = new OnFullDisk();
    expect(() => file?.add(numbered(0, 1))).toThrow(
      `The thumbnails of the images, 4 kB each, cannot be written to ${tmpdir()}: the disk is full. Free space there, or set TMPDIR to another folder.`,
    );
  });
});
