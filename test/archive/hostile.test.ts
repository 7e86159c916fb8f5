import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readDirectory } from '../../src/archive/directory.js';
import { readEntries } from '../../src/archive/entries.js';
import { bufferSource } from '../../src/archive/source.js';
import { DatasetError } from '../../src/dataset/model/errors.js';
import { DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { inspect } from '../../src/pipeline/inspect.js';
import { emptyBlocks } from '../support/hostile/deflate.js';
import { type RawEntry, zipBytes } from '../support/zip-bytes.js';

/** Size of the end records with the longest comment, in bytes, rounded up. */
const MAX_END_BYTES = 70_000;

const list = async (zip: Buffer) => await readDirectory(bufferSource(zip));

async function refusal(read: () => Promise<unknown>): Promise<DatasetError> {
  const error = await read().catch((caught: unknown) => caught);
  if (!(error instanceof DatasetError)) throw new Error(`Not refused: ${String(error)}`);
  return error;
}

const many = (count: number, more: Partial<RawEntry> = {}): RawEntry[] => {
  const data = Buffer.from('x');
  return Array.from({ length: count }, (_, i) => ({ name: `images/${i}.jpg`, data, ...more }));
};

/** Returns the bytes before the central directory, the directory, and the end record. */
function parts(zip: Buffer): [Buffer, Buffer, Buffer] {
  const end = zip.length - 22;
  const start = zip.readUInt32LE(end + 16);
  return [zip.subarray(0, start), zip.subarray(start, end), zip.subarray(end)];
}

describe('an archive of 70,000 files', () => {
  it('lists an archive of 70,000 files written with ZIP64', async () => {
    const { entries } = await list(zipBytes(many(70_000), { zip64: true }));
    expect(entries).toHaveLength(70_000);
  });

  it('refuses an archive of 70,000 files written without ZIP64, whose file count is wrong', async () => {
    const error = await refusal(() => list(zipBytes(many(70_000))));
    expect(error.type).toBe('ArchiveUnreadable');
    expect(error.message).toMatch(/states 4464 files, but its directory lists more.*without ZIP64/);
  });
});

describe('limits of the end record', () => {
  /** Returns an archive whose ZIP64 record has this value at this offset. */
  const claiming = (at: number, value: bigint) => {
    const zip = zipBytes([{ name: 'a.jpg', data: Buffer.alloc(1_000_000) }, ...many(2)], { zip64: true });
    zip.writeBigUInt64LE(value, zip.length - 98 + at);
    return zip;
  };

  it.each<[string, number, bigint, string, RegExp]>([
    ['a million and one files', 32, 1_000_001n, 'ArchiveUnsafe', /claims 1000001 files.*Split it/],
    ['2^63 files', 32, 2n ** 63n, 'ArchiveUnsafe', /claims \d+ files/],
    ['a directory of 300 MB', 40, 300n * 1024n ** 2n, 'ArchiveUnsafe', /directory of 314572800 bytes/],
    ['a directory beyond its end', 48, 2n ** 40n, 'ArchiveUnreadable', /lacks its beginning/],
  ])('refuses an archive that claims %s before it is listed', async (_what, at, value, type, message) => {
    const zip = bufferSource(claiming(at, value));
    let bytes = 0;
    const read = async (start: number, end: number) => {
      bytes += end - start;
      return await zip.read(start, end);
    };
    const error = await refusal(async () => await readDirectory({ ...zip, read }));
    expect(error.type).toBe(type);
    expect(error.message).toMatch(message);
    expect(bytes).toBeLessThan(MAX_END_BYTES);
  });
});

describe('a ZIP bomb', () => {
  it('refuses a ZIP bomb with a thousand names for the same bytes', async () => {
    const data = Buffer.alloc(1_000_000, 7);
    const names = Array.from({ length: 1_000 }, (_, i) => ({
      name: `${i}.jpg`,
      offset: 0,
      claimedSize: 1e6,
    }));
    const error = await refusal(() => list(zipBytes([{ name: 'kernel', data, deflate: true }, ...names])));
    expect(error).toMatchObject({ type: 'ArchiveUnsafe', message: expect.stringContaining('overlaps') });
  });

  it('unpacks a COCO file only up to the size that it claims, and refuses it', async () => {
    const json = {
      name: 'c.json',
      data: Buffer.alloc(50_000_000, 0x20),
      deflate: true,
      claimedSize: 1_000_000,
    };
    const zip = zipBytes([json, { name: 'a.jpg' }]);
    const error = await refusal(() => inspect(bufferSource(zip), DEFAULT_DATASET_SETTINGS));
    expect(error).toMatchObject({ type: 'ArchiveUnreadable', details: { file: 'c.json' } });
    expect(error.message).toMatch(/does not unpack to the 1000000 bytes/);
  });
});

describe('compressed data that unpacks to nothing', () => {
  it('refuses a COCO file that states 1,000 bytes but has 9 MB of empty blocks', async () => {
    const json = { name: 'c.json', data: emptyBlocks(9_000_000), method: 8, claimedSize: 1_000 };
    const zip = zipBytes([json, { name: 'a.jpg' }]);
    const error = await refusal(() => inspect(bufferSource(zip), DEFAULT_DATASET_SETTINGS));
    expect(error).toMatchObject({ type: 'ArchiveUnreadable', details: { file: 'c.json' } });
    expect(error.message).toMatch(/^c\.json: it has 9000000 bytes in the archive/);
  });
});

describe('a truncated directory', () => {
  const [files, directory, end] = parts(zipBytes(many(50)));

  it.each([1, 46, 500, directory.length - 1, directory.length])(
    'refuses a directory that lacks %d bytes',
    async (missing) => {
      const shorter = Buffer.concat([files, directory.subarray(0, directory.length - missing), end]);
      expect((await refusal(() => list(shorter))).type).toBe('ArchiveUnreadable');
    },
  );

  it.each([1, 46, 500])(
    'refuses a directory that lacks %d bytes even if the end record states its new size',
    async (missing) => {
      const fitted = Buffer.from(end);
      fitted.writeUInt32LE(directory.length - missing, 12);
      const shorter = Buffer.concat([files, directory.subarray(0, directory.length - missing), fitted]);
      expect((await refusal(() => list(shorter))).type).toBe('ArchiveUnreadable');
    },
  );
});

describe('a damaged archive', () => {
  const intact = zipBytes([
    {
      name: 'train/_annotations.coco.json',
      data: Buffer.from('{"images":[],"annotations":[]}'),
      deflate: true,
    },
    ...many(3),
    { name: 'large', data: Buffer.from('y'.repeat(500)), deflate: true, zip64: true },
  ]);

  async function outcome(zip: Buffer): Promise<void> {
    const source = bufferSource(zip);
    try {
      const { entries } = await readDirectory(source);
      for await (const read of readEntries(source, entries)) {
        if ('bytes' in read) expect(read.bytes).toHaveLength(read.entry.size);
        else expect(read.problem).not.toBe('');
      }
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
    }
  }

  it('lists an archive with a few changed bytes or refuses it with a typed error', async () => {
    const change = fc.tuple(fc.nat(intact.length - 1), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0x50));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const zip = Buffer.from(intact);
        for (const [at, byte] of changes) zip[at] = byte;
        await outcome(zip);
      }),
      { numRuns: 500 },
    );
  });

  it('lists an archive with a missing part or refuses it with a typed error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(intact.length), fc.integer({ min: 1, max: 200 }), async (at, length) => {
        await outcome(Buffer.concat([intact.subarray(0, at), intact.subarray(at + length)]));
      }),
      { numRuns: 300 },
    );
  });
});
