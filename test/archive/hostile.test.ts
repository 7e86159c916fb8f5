import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readDirectory } from '../../src/archive/directory.js';
import { readEntries } from '../../src/archive/entries.js';
import { bufferSource } from '../../src/archive/source.js';
import { DatasetError } from '../../src/dataset/model/errors.js';
import { DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { inspect } from '../../src/pipeline/inspect.js';
import { type RawEntry, zipBytes } from '../support/zip-bytes.js';

/** The end records and the longest comment that may stand between them and the end of the file. */
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

/** The bytes before the central directory, the directory, and the end record. */
function cut(zip: Buffer): [Buffer, Buffer, Buffer] {
  const end = zip.length - 22;
  const start = zip.readUInt32LE(end + 16);
  return [zip.subarray(0, start), zip.subarray(start, end), zip.subarray(end)];
}

describe('an archive of 70,000 files', () => {
  it('is listed', async () => {
    const { entries } = await list(zipBytes(many(70_000), { zip64: true }));
    expect(entries).toHaveLength(70_000);
  });

  it('is refused where its count starts from 0 again, since most files would be lost', async () => {
    const error = await refusal(() => list(zipBytes(many(70_000))));
    expect(error.type).toBe('ArchiveUnreadable');
    expect(error.message).toMatch(/counts 4464 files, but its directory has more.*without ZIP64/);
  });
});

describe('an archive that claims too much is refused before anything is listed', () => {
  /** What the ZIP64 record claims. */
  const claiming = (at: number, value: bigint) => {
    const zip = zipBytes([{ name: 'a.jpg', data: Buffer.alloc(1_000_000) }, ...many(2)], { zip64: true });
    zip.writeBigUInt64LE(value, zip.length - 98 + at);
    return zip;
  };

  it.each<[string, number, bigint, string, RegExp]>([
    ['a million files and one', 32, 1_000_001n, 'ArchiveUnsafe', /claims 1000001 files.*Split it/],
    ['more files than there are numbers', 32, 2n ** 63n, 'ArchiveUnsafe', /claims \d+ files/],
    ['a directory of 300 MB', 40, 300n * 1024n ** 2n, 'ArchiveUnsafe', /directory of 314572800 bytes/],
    ['a directory beyond its end', 48, 2n ** 40n, 'ArchiveUnreadable', /does not fit into the file/],
  ])('%s', async (_what, at, value, type, message) => {
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

describe('a bomb', () => {
  it('of a thousand names for the same bytes is refused', async () => {
    const data = Buffer.alloc(1_000_000, 7);
    const names = Array.from({ length: 1_000 }, (_, i) => ({
      name: `${i}.jpg`,
      offset: 0,
      claimedSize: 1e6,
    }));
    const error = await refusal(() => list(zipBytes([{ name: 'kernel', data, deflate: true }, ...names])));
    expect(error).toMatchObject({ type: 'ArchiveUnsafe', message: expect.stringContaining('overlaps') });
  });

  it('in a COCO file that claims to be small is refused, and never unpacked beyond that', async () => {
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

describe('a directory that was cut', () => {
  const [files, directory, end] = cut(zipBytes(many(50)));

  it.each([1, 46, 500, directory.length - 1, directory.length])(
    'by %d bytes is refused though its end record is there',
    async (missing) => {
      const shorter = Buffer.concat([files, directory.subarray(0, directory.length - missing), end]);
      expect((await refusal(() => list(shorter))).type).toBe('ArchiveUnreadable');
    },
  );

  it.each([1, 46, 500])('by %d bytes is refused though its end record was made to fit', async (missing) => {
    const fitted = Buffer.from(end);
    fitted.writeUInt32LE(directory.length - missing, 12);
    const shorter = Buffer.concat([files, directory.subarray(0, directory.length - missing), fitted]);
    expect((await refusal(() => list(shorter))).type).toBe('ArchiveUnreadable');
  });
});

describe('whatever the bytes', () => {
  const sound = zipBytes([
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

  it('there is a listing or a typed refusal: a few bytes changed', async () => {
    const change = fc.tuple(fc.nat(sound.length - 1), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0x50));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const zip = Buffer.from(sound);
        for (const [at, byte] of changes) zip[at] = byte;
        await outcome(zip);
      }),
      { numRuns: 500 },
    );
  });

  it('there is a listing or a typed refusal: a part taken out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(sound.length), fc.integer({ min: 1, max: 200 }), async (at, length) => {
        await outcome(Buffer.concat([sound.subarray(0, at), sound.subarray(at + length)]));
      }),
      { numRuns: 300 },
    );
  });
});
