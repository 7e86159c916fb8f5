import { DatasetError } from '../dataset/model/errors.js';
import { MAX_DIRECTORY_BYTES, MAX_ENTRIES } from './limits.js';
import type { ByteSource } from './source.js';

/** Where the central directory lies, from the end record(s) of APPNOTE.TXT 4.3.14 to 4.3.16. */
export interface EndRecord {
  /** Offset of the end-of-central-directory record. */
  readonly offset: number;
  readonly directoryOffset: number;
  readonly directoryBytes: number;
  readonly entries: number;
}

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_BYTES = 20;
const ZIP64_SIGNATURE = 0x06064b50;
const ZIP64_BYTES = 56;
const MAX_COMMENT_BYTES = 0xffff;
/** A directory entry without its name. */
export const MIN_ENTRY_BYTES = 46;

/** Finds and bounds the directory before anything is made of what the archive claims. */
export async function findEndRecord(source: ByteSource, signal?: AbortSignal): Promise<EndRecord> {
  const tailStart = Math.max(0, source.bytes - END_BYTES - MAX_COMMENT_BYTES - LOCATOR_BYTES);
  const tail = await source.read(tailStart, source.bytes, signal);
  const at = lastEndRecord(tail);
  if (at < 0) {
    throw unreadable('has no end record. It is not a ZIP, or the upload was cut off: upload it again.');
  }
  const offset = tailStart + at;
  let entries = tail.readUInt16LE(at + 10);
  let directoryBytes = tail.readUInt32LE(at + 12);
  let directoryOffset = tail.readUInt32LE(at + 16);
  const disk = tail.readUInt16LE(at + 4);
  let end = offset;
  if (entries === 0xffff || directoryBytes === 0xffffffff || directoryOffset === 0xffffffff) {
    const zip64 = await readZip64(source, tail, at, signal);
    if (zip64) {
      ({ entries, directoryBytes, directoryOffset } = zip64);
      end = zip64.offset;
    }
  } else if (disk !== 0) {
    throw unreadable('is one part of a ZIP in several parts. Join the parts first.');
  }
  if (entries === 0) throw unreadable('is empty.');
  if (entries > MAX_ENTRIES || directoryBytes > MAX_DIRECTORY_BYTES) {
    throw new DatasetError(
      'ArchiveUnsafe',
      `The archive claims ${entries} files in a directory of ${directoryBytes} bytes; at most ${MAX_ENTRIES} files and ${MAX_DIRECTORY_BYTES} bytes are read. Split it.`,
    );
  }
  if (directoryOffset + directoryBytes > end || entries * MIN_ENTRY_BYTES > directoryBytes) {
    throw unreadable('has a directory that does not fit into the file. It is damaged: export it again.');
  }
  return { offset, directoryOffset, directoryBytes, entries };
}

/** The last signature whose comment ends where the file does: a comment may hold the signature itself. */
function lastEndRecord(tail: Buffer): number {
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (
      tail.readUInt32LE(at) === END_SIGNATURE &&
      at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length
    ) {
      return at;
    }
  }
  return -1;
}

async function readZip64(source: ByteSource, tail: Buffer, at: number, signal?: AbortSignal) {
  const locator = at - LOCATOR_BYTES;
  if (locator < 0 || tail.readUInt32LE(locator) !== LOCATOR_SIGNATURE) return undefined;
  const offset = Number(tail.readBigUInt64LE(locator + 8));
  if (!Number.isSafeInteger(offset) || offset + ZIP64_BYTES > source.bytes) {
    throw unreadable('has a ZIP64 record that points outside the file. It is damaged: export it again.');
  }
  const record = await source.read(offset, offset + ZIP64_BYTES, signal);
  if (record.readUInt32LE(0) !== ZIP64_SIGNATURE) {
    throw unreadable('has a broken ZIP64 record. It is damaged: export it again.');
  }
  return {
    offset,
    entries: Number(record.readBigUInt64LE(32)),
    directoryBytes: Number(record.readBigUInt64LE(40)),
    directoryOffset: Number(record.readBigUInt64LE(48)),
  };
}

function unreadable(what: string): DatasetError {
  return new DatasetError('ArchiveUnreadable', `The archive ${what}`);
}
