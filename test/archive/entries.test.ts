import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readDirectory } from '../../src/archive/directory.js';
import { type EntryRead, readEntries, readEntry } from '../../src/archive/entries.js';
import { type ByteSource, bufferSource, s3Source } from '../../src/archive/source.js';
import type { ArchiveEntry } from '../../src/dataset/model/types.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { awsOf } from '../support/aws.js';
import { deflatedInSteps, emptyBlocks } from '../support/hostile/deflate.js';
import { startTestSeaweedFs, type TestS3 } from '../support/servers.js';
import { type RawEntry, zipBytes } from '../support/zip-bytes.js';

async function readAll(source: ByteSource): Promise<Record<string, string>> {
  const { entries } = await readDirectory(source);
  const read: Record<string, string> = {};
  for await (const result of readEntries(source, entries)) {
    read[result.entry.path] = 'bytes' in result ? result.bytes.toString() : `problem: ${result.problem}`;
  }
  return read;
}

const ofEntries = async (...entries: RawEntry[]) => await readAll(bufferSource(zipBytes(entries)));

describe('readEntries', () => {
  it('reads stored and deflated entries', async () => {
    const read = await ofEntries(
      { name: 'stored', data: Buffer.from('one') },
      { name: 'deflated', data: Buffer.from('two'.repeat(50)), deflate: true },
      { name: 'empty', data: Buffer.alloc(0) },
      { name: 'zip64', data: Buffer.from('three'), zip64: true },
    );
    expect(read).toEqual({ stored: 'one', deflated: 'two'.repeat(50), empty: '', zip64: 'three' });
  });

  it('unpacks entries of more than one piece', async () => {
    const data = Buffer.from(Uint32Array.from({ length: 2_300_000 }, (_, i) => i).buffer);
    const source = bufferSource(zipBytes([{ name: 'a', data, deflate: true }]));
    const { entries } = await readDirectory(source);
    const read: boolean[] = [];
    for await (const result of readEntries(source, entries)) {
      read.push('bytes' in result && result.bytes.equals(data));
    }
    expect(read).toEqual([true]);
  });

  it('uses the lengths in the local header, which may differ from the directory', async () => {
    expect(await ofEntries({ name: 'a', localExtra: Buffer.alloc(2_000) }, { name: 'b' })).toEqual({
      a: 'data',
      b: 'data',
    });
  });

  it.each<[string, RawEntry, RegExp]>([
    ['a wrong checksum', { name: 'a', crc: 1 }, /do not match their checksum/],
    ['fewer bytes than claimed', { name: 'a', claimedSize: 5, method: 0 }, /unpack to the 5 bytes/],
    [
      'more bytes than claimed',
      { name: 'a', data: Buffer.alloc(900_000), deflate: true, claimedSize: 10 },
      /unpack to the 10 bytes/,
    ],
    ['data that is not deflated as claimed', { name: 'a', method: 8 }, /does not unpack/],
  ])('reports a problem for an entry with %s and reads the next entry', async (_what, entry, problem) => {
    const read = await ofEntries(entry, { name: 'b' });
    expect(read.a).toMatch(problem);
    expect(read.b).toBe('data');
  });

  it.each<[string, RawEntry]>([
    ['deflated', { name: 'a', data: emptyBlocks(9_000_000), method: 8, claimedSize: 1_000 }],
    ['stored', { name: 'a', data: Buffer.alloc(9_000_000), claimedSize: 1_000 }],
  ])(
    'reports a problem for an entry that states 1,000 bytes but has 9 MB of %s data, without reading the data',
    async (_, entry) => {
      const source = bufferSource(zipBytes([entry, { name: 'b' }]));
      const { entries } = await readDirectory(source);
      let bytes = 0;
      const read: ByteSource['read'] = async (start, end, signal) => {
        bytes += end - start;
        return await source.read(start, end, signal);
      };
      const results: EntryRead[] = [];
      for await (const result of readEntries({ ...source, read }, entries)) results.push(result);
      expect(results).toMatchObject([
        { problem: expect.stringMatching(/has 9000000 bytes in the archive, .* unpacks to 1000 bytes/) },
        { bytes: Buffer.from('data') },
      ]);
      expect(bytes).toBeLessThan(100_000);
    },
  );

  it('reads an entry whose writer flushed after every 64 bytes, which makes it larger than its file', async () => {
    const data = randomBytes(1_000_000);
    const flushed = deflatedInSteps(data, 64);
    expect(flushed.length).toBeGreaterThan(1_070_000);
    const raw = { name: 'a', data: flushed, method: 8, claimedSize: data.length, crc: crc32(data) };
    const source = bufferSource(zipBytes([raw]));
    const [entry] = (await readDirectory(source)).entries;
    expect(entry && (await readEntry(source, entry)).equals(data)).toBe(true);
  });

  it('reports a problem for an entry if no file starts at its offset', async () => {
    const zip = zipBytes([{ name: 'a' }, { name: 'b' }]);
    zip.writeUInt32LE(0, 0);
    expect((await readAll(bufferSource(zip))).a).toMatch(/no file starts at the offset/);
  });

  it('combines neighbouring entries into few reads, also beside an entry larger than a window', async () => {
    const large = Buffer.alloc(9 * 1024 * 1024, 7);
    const entries = [
      { name: 'large', data: large },
      ...Array.from({ length: 200 }, (_, i) => ({ name: `small${i}` })),
    ];
    const plain = bufferSource(zipBytes(entries));
    const { entries: listed } = await readDirectory(plain);
    let reads = 0;
    const counting: ByteSource = {
      bytes: plain.bytes,
      read: (start, end) => {
        reads += 1;
        return plain.read(start, end);
      },
    };
    let files = 0;
    for await (const read of readEntries(counting, listed)) {
      expect('bytes' in read).toBe(true);
      files += 1;
    }
    expect(files).toBe(201);
    expect(reads).toBeLessThanOrEqual(3);
  });

  it('throws the error of its source', async () => {
    const plain = bufferSource(zipBytes([{ name: 'a' }]));
    const { entries } = await readDirectory(plain);
    const failing: ByteSource = {
      bytes: plain.bytes,
      read: async () => await Promise.reject(new Error('connection reset')),
    };
    await expect(readEntry(failing, entries[0] as ArchiveEntry)).rejects.toThrow('connection reset');
  });
});

describe('s3Source', () => {
  let s3: TestS3;
  let store: ObjectStore;
  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
    store = new ObjectStore(createS3Client(awsOf(s3.env)));
  });
  afterAll(async () => await s3.stop());

  async function uploaded(zip: Buffer) {
    await store.put(s3.bucket, 'a.zip', zip);
    const head = await store.head(s3.bucket, 'a.zip');
    return { bucket: s3.bucket, key: 'a.zip', etag: head?.etag ?? '', bytes: zip.length };
  }

  it('reads an archive in S3', async () => {
    const upload = await uploaded(zipBytes([{ name: 'a' }, { name: 'b', deflate: true }]));
    expect(await readAll(s3Source(store, upload))).toEqual({ a: 'data', b: 'data' });
  });

  it('fails when the archive is replaced while it is read', async () => {
    const upload = await uploaded(zipBytes([{ name: 'a' }]));
    await store.put(s3.bucket, 'a.zip', zipBytes([{ name: 'c' }]));
    await expect(readAll(s3Source(store, upload))).rejects.toMatchObject({
      name: 'StorageError',
      kind: 'changed',
    });
  });
});
