import { ENTRY_SIGNATURE, MIN_ENTRY_BYTES } from '../../../src/archive/end-record.js';
import { extraFieldAt } from '../../../src/archive/extra-fields.js';
import type { ListedFile, listFiles as listByUnzipper } from '../../../src/archive/list-files.js';

const ZIP64_FIELD = 0x0001;
const IN_ZIP64 = 0xffffffff;

/**
 * Replaces unzipper in the browser, because its streams and file system would be larger than the rest of the page. Reads
 * the fields of APPNOTE.TXT 4.3.12; the same code as on the server checks them.
 */
export const listFiles: typeof listByUnzipper = async (bytes, entries) => {
  const files: ListedFile[] = [];
  for (let at = 0; files.length < entries; ) {
    // A read past the end throws; the caller reports the archive as damaged.
    const signature = bytes.readUInt32LE(at);
    if (signature !== ENTRY_SIGNATURE) throw new Error(`There is no directory entry at ${at}.`);
    const nameBytes = bytes.readUInt16LE(at + 28);
    const extraBytes = bytes.readUInt16LE(at + 30);
    const nameAt = at + MIN_ENTRY_BYTES;
    const extra = bytes.subarray(nameAt + nameBytes, nameAt + nameBytes + extraBytes);
    const sizes = {
      uncompressedSize: bytes.readUInt32LE(at + 24),
      compressedSize: bytes.readUInt32LE(at + 20),
      offsetToLocalFileHeader: bytes.readUInt32LE(at + 42),
    };
    files.push({
      signature,
      versionMadeBy: bytes.readUInt16LE(at + 4),
      flags: bytes.readUInt16LE(at + 8),
      compressionMethod: bytes.readUInt16LE(at + 10),
      lastModifiedTime: bytes.readUInt16LE(at + 12),
      lastModifiedDate: bytes.readUInt16LE(at + 14),
      crc32: bytes.readUInt32LE(at + 16),
      externalFileAttributes: bytes.readUInt32LE(at + 38),
      pathBuffer: bytes.subarray(nameAt, nameAt + nameBytes),
      ...sizes,
      ...fromZip64(sizes, extra),
    });
    at = nameAt + nameBytes + extraBytes + bytes.readUInt16LE(at + 32);
  }
  return files;
};

/** The ZIP64 field has, in this order, only the values that do not fit into the header's fields (4.5.3). */
function fromZip64<T extends Record<string, number>>(
  sizes: T,
  extra: Buffer,
): Partial<Record<keyof T, number>> {
  const at = extraFieldAt(extra, ZIP64_FIELD);
  if (at === undefined) return {};
  const large = Object.entries(sizes).filter(([, value]) => value === IN_ZIP64);
  const read = large.map(([name], i) => [name, Number(extra.readBigUInt64LE(at + 8 * i))]);
  return Object.fromEntries(read) as Partial<Record<keyof T, number>>;
}
