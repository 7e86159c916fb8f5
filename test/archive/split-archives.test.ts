import { describe, expect, it } from '@jest/globals';
import { readDirectory } from '../../src/archive/directory.js';
import { bufferSource } from '../../src/archive/source.js';
import { zipBytes } from '../support/zip-bytes.js';

const data = Buffer.alloc(5_000, 7);
const whole = zipBytes(Array.from({ length: 9 }, (_, i) => ({ name: `${i}.jpg`, data })));
const large = zipBytes([{ name: 'a.jpg', data, zip64: true }], { zip64: true });

/** The parts as Info-ZIP writes them: a marker before the first, the number of the last in its end record. */
function volumes(zip: Buffer, at: number): readonly [Buffer, Buffer] {
  const last = Buffer.from(zip.subarray(at));
  last.writeUInt16LE(1, last.length - 22 + 4);
  return [Buffer.concat([Buffer.from('PK\x07\x08', 'latin1'), zip.subarray(0, at)]), last];
}

/** The last part of an archive with ZIP64 records, whose locator states the number of parts. */
function lastOfLarge(): Buffer {
  const last = Buffer.from(large.subarray(1_000));
  last.writeUInt32LE(2, last.length - 22 - 4);
  return last;
}

const [first, last] = volumes(whole, 20_000);

describe('a part of a split archive', () => {
  it.each<[string, Buffer, RegExp]>([
    ['the first volume (.z01)', first, /first part of a split ZIP archive/],
    ['a middle part', whole.subarray(11_000, 12_000), /part of a split archive/],
    ['the last volume (.zip)', last, /last part of a split ZIP archive/],
    ['all volumes, put together byte by byte', Buffer.concat([first, last]), /part of a split ZIP archive/],
    ['the last volume of an archive with ZIP64 records', lastOfLarge(), /last part of a split ZIP archive/],
    ['the first piece (.zip.001)', whole.subarray(0, 20_000), /first part of a split archive/],
    ['the last piece (.zip.003)', whole.subarray(20_000), /last part of a split archive/],
    [
      'the last piece, which has only a part of the directory',
      whole.subarray(-80),
      /last part of a split archive/,
    ],
  ])(
    'a part of a split archive is refused with the commands that join the parts: %s',
    async (_what, part, message) => {
      const read = readDirectory(bufferSource(part));
      await expect(read).rejects.toMatchObject({ type: 'ArchiveUnreadable' });
      await expect(read).rejects.toThrow(message);
      await expect(read).rejects.toThrow(
        /`zip -s 0 in\.zip --out joined\.zip`.*`cat in\.zip\.0\* > joined\.zip`/,
      );
    },
  );
});
