/** Where the data of an entry is in the archive, and whether it is what the directory states. */
import type { ArchiveEntry } from '../dataset/model/types.js';
import type { ByteSource } from './source.js';

const LOCAL_SIGNATURE = 0x04034b50;
export const LOCAL_HEADER_BYTES = 30;

/** Where the data of an entry is in the archive, or the problem if it cannot be read. */
export type DataRange = { readonly start: number; readonly end: number } | { readonly problem: string };

/**
 * Finds the data of an entry.
 * @param header the bytes of the archive from the offset of the entry, at least those of the local header
 */
export function dataRange(source: ByteSource, entry: ArchiveEntry, header: Buffer): DataRange {
  if (header.length < LOCAL_HEADER_BYTES || header.readUInt32LE(0) !== LOCAL_SIGNATURE) {
    return { problem: 'no file starts at the offset that the directory states. Export it again.' };
  }
  if (hasTooMuchData(entry)) return { problem: tooMuchData(entry) };
  const start = entry.offset + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  const end = start + entry.compressedSize;
  if (end > source.bytes) return { problem: 'it extends beyond the end of the archive. Export it again.' };
  return { start, end };
}

/**
 * Whether an entry has more data in the archive than a file of its size can need. Such data can be gigabytes of empty blocks
 * that unpack to nothing, so it is never read. Deflate adds at most an eighth, 9 bits per byte, and a few bytes per
 * block; twice as much is allowed, and 64 KB for encoders that flush often.
 */
export function hasTooMuchData({ method, size, compressedSize }: ArchiveEntry): boolean {
  return compressedSize > (method === 0 ? size : size + size / 4 + FLUSHED_BYTES);
}

const FLUSHED_BYTES = 64 * 1024;

const tooMuchData = ({ size, compressedSize }: ArchiveEntry) =>
  `it has ${compressedSize} bytes in the archive, but the directory states that it unpacks to ${size} bytes. Export it again.`;

/** The problem of an entry that does not unpack to as many bytes as the directory states. */
export const wrongSize = ({ size }: ArchiveEntry) =>
  `it does not unpack to the ${size} bytes that the directory states.`;

/** The problem of an entry whose checksum is not the one that the directory states. */
export const WRONG_CHECKSUM = 'its bytes do not match their checksum; the archive is damaged.';
