import { describe, expect, it } from '@jest/globals';
import { readDirectory } from '../../src/archive/directory.js';
import { bufferSource } from '../../src/archive/source.js';
import { DatasetError } from '../../src/dataset/model/errors.js';
import { type RawEntry, zipBytes } from '../support/zip-bytes.js';

const list = async (zip: Buffer) => await readDirectory(bufferSource(zip));
const pathsOf = async (zip: Buffer) => (await list(zip)).entries.map(({ path }) => path);

async function refusal(zip: Buffer): Promise<DatasetError> {
  const error = await list(zip).catch((caught: unknown) => caught);
  if (!(error instanceof DatasetError)) throw new Error(`Not refused: ${String(error)}`);
  return error;
}

describe('readDirectory', () => {
  it('lists files sorted by code point, without folders and what systems leave behind', async () => {
    const names = ['train/', 'train/b.jpg', 'a.json', '__MACOSX/._a.json', 'train/.DS_Store', 'Z.txt', '._x'];
    const directory = await list(zipBytes(names.map((name) => ({ name }))));
    expect(directory.entries.map(({ path }) => path)).toEqual(['Z.txt', 'a.json', 'train/b.jpg']);
    expect(directory.ignored).toEqual(['__MACOSX/._a.json', 'train/.DS_Store', '._x']);
    expect(directory.newestModified).toBe('2025-09-14T08:30:30');
  });

  it.each<[string, RawEntry[], object]>([
    [
      'a comment that holds an end record’s signature',
      [{ name: 'a' }],
      { comment: 'PK\u0005\u0006 and more' },
    ],
    ['ZIP64 records', [{ name: 'a', zip64: true }], { zip64: true }],
  ])('reads an archive with %s', async (_what, entries, options) => {
    expect(await pathsOf(zipBytes(entries, options))).toEqual(['a']);
  });

  it.each([
    ['UTF-8 without the flag', Buffer.from('gesicht/übung.jpg'), 0, 'gesicht/übung.jpg'],
    ['code page 437', Buffer.from([0x81, 0x62, 0x75, 0x6e, 0x67]), 0, 'übung'],
    ['backslashes as separators', Buffer.from('images\\x.jpg'), 0x800, 'images/x.jpg'],
    ['decomposed letters', Buffer.from('u\u0308.jpg'), 0x800, 'ü.jpg'],
    ['dots and doubled slashes', Buffer.from('./a//b.jpg'), 0x800, 'a/b.jpg'],
  ])('reads names in %s', async (_what, name, flags, path) => {
    expect(await pathsOf(zipBytes([{ name, flags }]))).toEqual([path]);
  });

  it.each<[string, RawEntry[], string, RegExp]>([
    ['a path above it', [{ name: 'a/../../etc/passwd' }], 'ArchiveUnsafe', /points outside the archive/],
    ['a backslashed path above it', [{ name: '..\\x' }], 'ArchiveUnsafe', /points outside/],
    ['an absolute path', [{ name: '/etc/passwd' }], 'ArchiveUnsafe', /absolute path/],
    ['a drive', [{ name: 'C:\\x.jpg' }], 'ArchiveUnsafe', /absolute path/],
    ['control characters', [{ name: 'a\u0000.jpg' }], 'ArchiveUnsafe', /control characters/],
    ['an endless name', [{ name: 'x'.repeat(256) }], 'ArchiveUnsafe', /over 255 bytes/],
    ['an endless path', [{ name: 'abcdefghi/'.repeat(90) }], 'ArchiveUnsafe', /over 800 bytes/],
    ['one name twice', [{ name: 'a' }, { name: './a' }], 'ArchiveUnsafe', /is there twice/],
    ['a symbolic link', [{ name: 'a', unixMode: 0o120777 }], 'ArchiveUnsafe', /a link or a device/],
    ['an encrypted entry', [{ name: 'a', flags: 0x801 }], 'ArchiveEncrypted', /without a password/],
    ['another method', [{ name: 'a', method: 14 }], 'ArchiveUnreadable', /method 14.*ordinary tool/],
    ['entries on the same bytes', [{ name: 'a' }, { name: 'b', offset: 0 }], 'ArchiveUnsafe', /overlaps/],
    [
      'an entry that grows a thousandfold',
      [{ name: 'a.jpg', data: Buffer.alloc(4_000_000), deflate: true }],
      'ArchiveUnsafe',
      /grow over 200 times/,
    ],
    ['a huge image', [{ name: 'a.jpg', claimedSize: 300 * 1024 * 1024 }], 'ArchiveUnsafe', /more than the/],
    ['folders only', [{ name: 'a/', data: Buffer.alloc(0) }], 'ArchiveUnreadable', /folders only/],
  ])('refuses an archive with %s', async (_what, entries, type, message) => {
    const error = await refusal(zipBytes(entries));
    expect(error.type).toBe(type);
    expect(error.message).toMatch(message);
  });

  it.each([
    ['what is no ZIP', Buffer.from('this is no archive, however long one reads it')],
    ['nothing', Buffer.alloc(0)],
    ['an archive that was cut off', zipBytes([{ name: 'a' }, { name: 'b' }]).subarray(0, -30)],
    ['an archive without its head', zipBytes([{ name: 'a' }, { name: 'b' }]).subarray(40)],
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

  it('refuses a directory whose entries are scrambled', async () => {
    const zip = zipBytes([{ name: 'a' }, { name: 'b' }]);
    zip.writeUInt32LE(0xdeadbeef, zip.readUInt32LE(zip.length - 6));
    expect((await refusal(zip)).message).toMatch(/damaged directory/);
  });
});
