import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { readDirectory } from '../../src/archive/directory.js';
import { readDirectoryBytes } from '../../src/archive/directory-bytes.js';
import { findEndRecord } from '../../src/archive/end-record.js';
import { readEntry } from '../../src/archive/entries.js';
import { type ByteSource, bufferSource } from '../../src/archive/source.js';
import { DatasetError } from '../../src/dataset/model/errors.js';
import type { ArchiveEntry } from '../../src/dataset/model/types.js';
import { type RawEntry, zipBytes } from '../support/zip-bytes.js';

const list = async (zip: Buffer) => await readDirectory(bufferSource(zip));
const pathsOf = async (zip: Buffer) => (await list(zip)).entries.map(({ path }) => path);

async function refusal(zip: Buffer): Promise<DatasetError> {
  const error = await list(zip).catch((caught: unknown) => caught);
  if (!(error instanceof DatasetError)) throw new Error(`Not refused: ${String(error)}`);
  return error;
}

describe('readDirectory', () => {
  it('lists files sorted by code point, without folders and files of operating systems', async () => {
    const names = ['train/', 'train/b.jpg', 'a.json', '__MACOSX/._a.json', 'train/.DS_Store', 'Z.txt', '._x'];
    const directory = await list(zipBytes(names.map((name) => ({ name }))));
    expect(directory.entries.map(({ path }) => path)).toEqual(['Z.txt', 'a.json', 'train/b.jpg']);
    expect(directory.ignored).toEqual(['__MACOSX/._a.json', 'train/.DS_Store', '._x']);
    expect(directory.newestModified).toBe('2025-09-14T08:30:30');
  });

  it('lists an archive with a comment and unknown extra fields of 64 KB per entry as one without, and does not keep them', async () => {
    const entries = Array.from({ length: 150 }, (_, i): RawEntry => ({ name: `${i}.jpg` }));
    const field = Buffer.alloc(65_535, 1);
    field.writeUInt16LE(0x9999, 0);
    field.writeUInt16LE(65_531, 2);
    const comment = Buffer.alloc(65_535, 0x50);
    const padded = zipBytes(entries.map((entry) => ({ ...entry, comment, centralExtra: field })));
    expect((await list(padded)).entries).toEqual((await list(zipBytes(entries))).entries);
    const source = bufferSource(padded);
    const kept = await readDirectoryBytes(source, await findEndRecord(source));
    expect(kept.length).toBeLessThan(10_000);
  });

  it.each<[string, RawEntry[], object]>([
    [
      'a comment that contains the signature of an end record',
      [{ name: 'a' }],
      { comment: 'PK\u0005\u0006 and more' },
    ],
    ['ZIP64 records', [{ name: 'a', zip64: true }], { zip64: true }],
  ])('reads an archive with %s', async (_what, entries, options) => {
    expect(await pathsOf(zipBytes(entries, options))).toEqual(['a']);
  });

  it.each([
    ['UTF-8 bytes without the UTF-8 flag', Buffer.from('gesicht/übung.jpg'), 0, 'gesicht/übung.jpg'],
    ['bytes of code page 437', Buffer.from([0x81, 0x62, 0x75, 0x6e, 0x67]), 0, 'übung'],
    ['backslashes as separators', Buffer.from('images\\x.jpg'), 0x800, 'images/x.jpg'],
    ['decomposed letters', Buffer.from('u\u0308.jpg'), 0x800, 'ü.jpg'],
    ['dot segments and double slashes', Buffer.from('./a//b.jpg'), 0x800, 'a/b.jpg'],
  ])('reads names with %s', async (_what, name, flags, path) => {
    expect(await pathsOf(zipBytes([{ name, flags }]))).toEqual([path]);
  });

  it('lists a name of 255 Chinese characters', async () => {
    const name = `${'质'.repeat(251)}.jpg`;
    const { entries, unreadable } = await list(zipBytes([{ name, flags: 0x800 }]));
    expect(entries.map(({ path }) => path)).toEqual([name]);
    expect(unreadable).toEqual([]);
  });

  it.each<[string, RawEntry[], string, RegExp]>([
    ['overlapping entries', [{ name: 'a' }, { name: 'b', offset: 0 }], 'ArchiveUnsafe', /overlaps/],
    ['only folders', [{ name: 'a/', data: Buffer.alloc(0) }], 'ArchiveUnreadable', /folders only/],
  ])('refuses an archive with %s', async (_what, entries, type, message) => {
    const error = await refusal(zipBytes(entries));
    expect(error.type).toBe(type);
    expect(error.message).toMatch(message);
  });

  it.each<[string, RawEntry[], string, RegExp]>([
    ['with a path that points outside', [{ name: 'a/../../etc/passwd' }], 'ArchiveUnsafe', /points outside/],
    ['with an absolute path', [{ name: '/etc/passwd' }], 'ArchiveUnsafe', /absolute path/],
    ['that is a symbolic link', [{ name: 'a', unixMode: 0o120777 }], 'ArchiveUnsafe', /a link or a device/],
    ['with control characters', [{ name: 'a\u0000.jpg' }], 'ArchiveUnsafe', /control characters/],
    [
      'with a path of 900 bytes',
      [{ name: `${'abcdefghi/'.repeat(90)}a` }],
      'ArchiveUnsafe',
      /more than 800 bytes/,
    ],
    [
      'whose path occurs twice with different contents',
      [{ name: 'a' }, { name: 'a', data: Buffer.from('other') }],
      'ArchiveUnsafe',
      /^The archive's entry "a" occurs several times with different contents\. Remove or rename all but one/,
    ],
    [
      'whose path occurs with different contents and names, which the error shows',
      [{ name: 'a' }, { name: './a', data: Buffer.from('other') }],
      'ArchiveUnsafe',
      /^The archive's entry "a" occurs several times with different contents, also as ".\/a"\./,
    ],
    [
      'whose path occurs with composed and decomposed letters and different contents',
      [
        { name: '\u00fc.jpg', flags: 0x800 },
        { name: 'u\u0308.jpg', flags: 0x800, data: Buffer.from('other') },
      ],
      'ArchiveUnsafe',
      /^The archive's entry "ü.jpg" occurs several times .*, with composed and with decomposed letters \(Unicode NFC and NFD\)/,
    ],
    ['that is encrypted', [{ name: 'a', flags: 0x801 }], 'ArchiveEncrypted', /without a password/],
    [
      'with an unsupported compression method',
      [{ name: 'a', method: 14 }],
      'ArchiveUnreadable',
      /method 14.*another tool/,
    ],
    [
      'that unpacks to a thousand times its size',
      [{ name: 'a.jpg', data: Buffer.alloc(4_000_000), deflate: true }],
      'ArchiveUnsafe',
      /more than 200 times its compressed size/,
    ],
    [
      'that is an image of 300 MB',
      [{ name: 'a.jpg', claimedSize: 300 * 1024 * 1024 }],
      'ArchiveUnsafe',
      /the maximum is/,
    ],
  ])('lists an entry %s as unreadable, with the error for its use', async (_what, entries, type, message) => {
    const directory = await list(zipBytes([{ name: 'good.jpg' }, ...entries]));
    expect(directory.entries.map(({ path }) => path)).toEqual(['good.jpg']);
    expect(directory.unreadable.map(({ refusal }) => refusal.type)).toEqual([type]);
    expect(directory.unreadable[0]?.refusal.message).toMatch(message);
  });

  it('lists a file once if its path occurs twice with the same contents', async () => {
    const directory = await list(zipBytes([{ name: 'a' }, { name: './a' }]));
    expect(directory).toMatchObject({ entries: [{ path: 'a' }], unreadable: [] });
  });

  it.each([
    ['a line break after the archive', [], [0x0d, 0x0a], 0],
    ['zeros after the archive', [], Array<number>(512).fill(0), 0],
    ['a web page after the archive', [], [...Buffer.from('<!doctype html>'.repeat(80))], 1],
    ['a line break before the archive', [0x0a], [], 0],
    ['a stub before the archive', [...Buffer.from(`MZ${'x'.repeat(60_000)}`)], [], 1],
    ['a stub before and a line break after the archive', [...Buffer.from('#!/bin/sh')], [0x0a], 1],
  ])('ignores %s, with a warning unless they are blank', async (_what, before, after, warnings) => {
    for (const zip of [zipBytes([{ name: 'a' }]), zipBytes([{ name: 'a', zip64: true }], { zip64: true })]) {
      const bytes = Buffer.concat([Buffer.from(before), zip, Buffer.from(after)]);
      const directory = await list(bytes);
      const read = await readEntry(bufferSource(bytes), directory.entries[0] as ArchiveEntry);
      expect(read.toString()).toBe('data');
      expect(directory.findings.map(({ code }) => code)).toEqual(
        Array<string>(warnings).fill('ARCHIVE_STRAY_BYTES'),
      );
    }
  });

  it('reads the last of several ZIP files in one file, with a warning that the others are not read', async () => {
    const first = zipBytes([{ name: 'a' }]);
    const directory = await list(Buffer.concat([first, zipBytes([{ name: 'b' }])]));
    expect(directory.entries).toMatchObject([{ path: 'b' }]);
    expect(directory.findings).toMatchObject([
      {
        code: 'ARCHIVE_STRAY_BYTES',
        message: expect.stringContaining('Only the files of the last one were read.'),
        examples: [`${first.length} bytes before the archive, another ZIP file`],
      },
    ]);
  });

  it('reads an archive over 4 GiB that was written without ZIP64, in small reads', async () => {
    const zip = zipBytes([{ name: 'a' }, { name: 'padding', claimedStored: 2 ** 32 - 2 }, { name: 'b' }]);
    const gapAt = zip.indexOf('padding') + 'padding'.length + 4;
    const gap = 2 ** 32 - 2 - 4;
    const source: ByteSource = {
      bytes: zip.length + gap,
      read: async (start, end) => {
        expect(end - start).toBeLessThan(2_000_000);
        const at = (i: number) => (i < gapAt ? i : i < gapAt + gap ? -1 : i - gap);
        return Buffer.from(Array.from({ length: end - start }, (_, i) => zip[at(start + i)] ?? 0));
      },
    };
    const wrapped = (offset: number) => (offset + gap) % 2 ** 32;
    const directoryAt = zip.readUInt32LE(zip.length - 6);
    const lastOffset = zip.length - 22 - 1 - 46 + 42;
    zip.writeUInt32LE(wrapped(zip.readUInt32LE(lastOffset)), lastOffset);
    zip.writeUInt32LE(wrapped(directoryAt), zip.length - 6);
    const { entries } = await readDirectory(source);
    const last = entries.find(({ path }) => path === 'b') as ArchiveEntry;
    expect(last.offset).toBeGreaterThan(2 ** 32);
    expect((await readEntry(source, last)).toString()).toBe('data');
  });

  it.each([
    ['Cyrillic letters', 'снимок.jpg'],
    ['Thai letters', 'รอยแตก.jpg'],
  ])('reads names with %s from the Unicode Path field', async (_what, path) => {
    const name = Buffer.from([0xe1, 0xad, 0xa8]);
    const field = Buffer.concat([Buffer.alloc(9), Buffer.from(path)]);
    field.writeUInt16LE(0x7075, 0);
    field.writeUInt16LE(field.length - 4, 2);
    field[4] = 1;
    field.writeUInt32LE(crc32(name), 5);
    expect(await pathsOf(zipBytes([{ name, flags: 0, centralExtra: field }]))).toEqual([path]);
  });

  it.each([
    ['a file of an unknown format', Buffer.from('This file has a text that is in no known format.')],
    ['an empty file', Buffer.alloc(0)],
    ['a truncated archive', zipBytes([{ name: 'a' }, { name: 'b' }]).subarray(0, -30)],
    ['an archive without its first 40 bytes', zipBytes([{ name: 'a' }, { name: 'b' }]).subarray(40)],
    ['an empty archive', zipBytes([])],
  ])('refuses %s as unreadable', async (_what, zip) => {
    const error = await refusal(zip);
    expect(error.type).toBe('ArchiveUnreadable');
  });

  it('refuses a directory that claims more entries than its bytes can hold, without listing any', async () => {
    const zip = zipBytes([{ name: 'a' }]);
    zip.writeUInt16LE(60_000, zip.length - 22 + 10);
    expect((await refusal(zip)).message).toMatch(/does not fit into the file/);
  });

  it('refuses a directory with a damaged entry', async () => {
    const zip = zipBytes([{ name: 'a' }, { name: 'b' }]);
    zip.writeUInt32LE(0xdeadbeef, zip.readUInt32LE(zip.length - 6));
    expect((await refusal(zip)).message).toMatch(/damaged directory/);
  });
});
