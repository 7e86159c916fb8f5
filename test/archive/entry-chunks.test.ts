import { describe, expect, it } from '@jest/globals';
import { readDirectory } from '../../src/archive/directory.js';
import { readEntryChunks } from '../../src/archive/entry-chunks.js';
import { type ByteSource, bufferSource } from '../../src/archive/source.js';
import type { ArchiveEntry } from '../../src/dataset/model/types.js';
import { emptyBlocks } from '../support/hostile/deflate.js';
import { type RawEntry, zipBytes } from '../support/zip-bytes.js';

/** 20 MB that do not compress much. */
const DATA = Buffer.from(Uint32Array.from({ length: 5_000_000 }, (_, i) => i * 2_654_435_761).buffer);

async function entryOf(source: ByteSource): Promise<ArchiveEntry> {
  const [entry] = (await readDirectory(source)).entries;
  if (!entry) throw new Error('There is no entry.');
  return entry;
}

async function readAll(raw: RawEntry): Promise<Buffer> {
  const source = bufferSource(zipBytes([raw]));
  const parts: Uint8Array[] = [];
  for await (const chunk of readEntryChunks(source, await entryOf(source))) parts.push(chunk);
  return Buffer.concat(parts);
}

describe('readEntryChunks', () => {
  it.each([true, false])('returns the bytes of an entry, deflated: %s', async (deflate) => {
    expect((await readAll({ name: 'a.json', data: DATA, deflate })).equals(DATA)).toBe(true);
  });

  it('returns nothing for an empty entry', async () => {
    expect(await readAll({ name: 'a.json', data: Buffer.alloc(0) })).toHaveLength(0);
  });

  it.each<[string, RawEntry, RegExp]>([
    ['a wrong checksum', { name: 'a.json', crc: 1 }, /a\.json: its bytes do not match their checksum/],
    ['fewer bytes than claimed', { name: 'a.json', claimedSize: 5 }, /does not unpack to the 5 bytes/],
    [
      'more bytes than claimed',
      { name: 'a.json', data: DATA, deflate: true, claimedSize: 19_000_000 },
      /does not unpack to the 19000000 bytes/,
    ],
    [
      'much more data than it can need',
      { name: 'a.json', data: emptyBlocks(20_000_000), method: 8, claimedSize: 9_000_000 },
      /a\.json: it has 20000000 bytes in the archive, but .* unpacks to 9000000 bytes/,
    ],
    ['data that is not deflated', { name: 'a.json', method: 8 }, /does not unpack to the 4 bytes/],
  ])('refuses an entry with %s', async (_what, raw, message) => {
    await expect(readAll(raw)).rejects.toMatchObject({
      type: 'ArchiveUnreadable',
      message: expect.stringMatching(message),
    });
  });

  it('refuses an entry if no file starts at its offset', async () => {
    const zip = zipBytes([{ name: 'a.json' }, { name: 'b.json' }]);
    zip.writeUInt32LE(0, 0);
    const source = bufferSource(zip);
    const chunks = readEntryChunks(source, await entryOf(source));
    await expect(chunks.next()).rejects.toMatchObject({ type: 'ArchiveUnreadable' });
  });

  it('throws the error of its source', async () => {
    const plain = bufferSource(zipBytes([{ name: 'a.json', data: DATA, deflate: true }]));
    const entry = await entryOf(plain);
    const failing: ByteSource = {
      bytes: plain.bytes,
      read: async (start, end) => {
        if (start > 5_000_000) throw new Error('connection reset');
        return await plain.read(start, end);
      },
    };
    const readToEnd = async () => {
      for await (const chunk of readEntryChunks(failing, entry)) expect(chunk.length).toBeGreaterThan(0);
    };
    await expect(readToEnd()).rejects.toThrow('connection reset');
  });

  it('reads only as far ahead as pieces are taken', async () => {
    const plain = bufferSource(zipBytes([{ name: 'a.json', data: DATA }]));
    let readTo = 0;
    const counting: ByteSource = {
      bytes: plain.bytes,
      read: (start, end) => {
        readTo = Math.max(readTo, end);
        return plain.read(start, end);
      },
    };
    const chunks = readEntryChunks(counting, await entryOf(plain));
    await chunks.next();
    expect(readTo).toBeLessThan(DATA.length / 2);
    await chunks.return(undefined);
    expect(readTo).toBeLessThan(DATA.length / 2);
  });
});
