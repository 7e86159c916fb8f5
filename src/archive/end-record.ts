import { DatasetError } from '../dataset/model/errors.js';
import { MAX_DIRECTORY_BYTES, MAX_ENTRIES, MAX_TRAILING_BYTES } from './limits.js';
import { describeFormat } from './other-formats.js';
import type { ByteSource } from './source.js';
import { JOIN_PARTS } from './split-archives.js';

/** The location of the central directory. Offsets are in bytes from the start of the file. */
export interface EndRecord {
  readonly directoryOffset: number;
  readonly directoryBytes: number;
  readonly entries: number;
  /** The actual offset of the directory minus the offset that the archive states. */
  readonly shift: number;
  /** The bytes after the end record and its comment. */
  readonly trailing: Buffer;
}

/** The values that the end records state (APPNOTE.TXT 4.3.14 to 4.3.16). */
interface Claim {
  readonly entries: number;
  readonly directoryBytes: number;
  readonly directoryOffset: number;
  /** Offset of the first end record. */
  readonly end: number;
}

export const ENTRY_SIGNATURE = 0x02014b50;
/** Minimum size of a directory entry in bytes: one without a name. */
export const MIN_ENTRY_BYTES = 46;
const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_BYTES = 20;
const ZIP64_SIGNATURE = 0x06064b50;
const ZIP64_BYTES = 56;
const MAX_COMMENT_BYTES = 0xffff;
/** Maximum number of end signatures that are tried if other bytes follow the archive. */
const MAX_CANDIDATES = 16;

/**
 * Locates the central directory from the end of the file and checks its size before it is read. Bytes before or after the
 * archive, such as a self-extracting stub, are tolerated.
 * @throws DatasetError ArchiveUnreadable, ArchiveUnsafe
 */
export async function findEndRecord(source: ByteSource, signal?: AbortSignal): Promise<EndRecord> {
  const near = await readTail(source, END_BYTES + MAX_COMMENT_BYTES + LOCATOR_BYTES, signal);
  const [exact] = endSignatures(near.bytes, true);
  if (exact !== undefined) return await locate(source, near, exact, signal);
  const far = await readTail(source, MAX_TRAILING_BYTES + MAX_COMMENT_BYTES, signal);
  let failure: unknown;
  for (const at of endSignatures(far.bytes, false).slice(0, MAX_CANDIDATES)) {
    try {
      return await locate(source, far, at, signal);
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      failure ??= error;
    }
  }
  throw failure ?? (await notAnArchive(source, signal));
}

/** Whether the bytes before `end` are the end of another ZIP file. */
export async function isAfterArchive(
  source: ByteSource,
  end: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const start = Math.max(0, end - END_BYTES - MAX_COMMENT_BYTES);
  return endSignatures(await source.read(start, end, signal), true).length > 0;
}

interface Tail {
  readonly start: number;
  readonly bytes: Buffer;
}

async function readTail(source: ByteSource, bytes: number, signal?: AbortSignal): Promise<Tail> {
  const start = Math.max(0, source.bytes - bytes);
  return { start, bytes: await source.read(start, source.bytes, signal) };
}

/** Returns the offsets of end records, last first. With `atEnd`, only those whose comment ends with the file. */
function endSignatures(tail: Buffer, atEnd: boolean): number[] {
  const found: number[] = [];
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail[at] !== 0x50 || tail.readUInt32LE(at) !== END_SIGNATURE) continue;
    const end = at + END_BYTES + tail.readUInt16LE(at + 20);
    if (atEnd ? end === tail.length : end <= tail.length) found.push(at);
  }
  return found;
}

async function locate(source: ByteSource, tail: Tail, at: number, signal?: AbortSignal): Promise<EndRecord> {
  const claim = await readClaim(source, tail, at, signal);
  const { entries, directoryBytes } = claim;
  if (entries === 0) throw unreadable('is empty.');
  if (entries > MAX_ENTRIES || directoryBytes > MAX_DIRECTORY_BYTES) {
    throw new DatasetError(
      'ArchiveUnsafe',
      `The archive claims ${entries} files in a directory of ${directoryBytes} bytes. The maximum is ${MAX_ENTRIES} files and ${MAX_DIRECTORY_BYTES} bytes. Split it.`,
    );
  }
  const directoryOffset = await directoryStart(source, claim, signal);
  if (claim.directoryOffset > claim.end - directoryBytes) {
    throw unreadable(
      `lacks its beginning. Upload it again. If it is the last part of a split archive: ${JOIN_PARTS}`,
    );
  }
  if (directoryOffset === undefined || entries * MIN_ENTRY_BYTES > directoryBytes) {
    throw unreadable('has a directory that does not fit into the file. It is damaged: export it again.');
  }
  const shift = directoryOffset - claim.directoryOffset;
  const trailing = tail.bytes.subarray(at + END_BYTES + tail.bytes.readUInt16LE(at + 20));
  return { directoryOffset, directoryBytes, entries, shift, trailing };
}

/**
 * Returns the offset of the directory; undefined if there is none. The directory ends where the end records start. If its
 * stated offset is wrong, because other bytes precede the archive or because offsets above 4 GiB were written without
 * ZIP64, its start is computed from its end.
 */
async function directoryStart(
  source: ByteSource,
  { directoryOffset: stated, directoryBytes, end }: Claim,
  signal?: AbortSignal,
): Promise<number | undefined> {
  const fromEnd = end - directoryBytes;
  if (!Number.isSafeInteger(stated) || stated > fromEnd || fromEnd < 0) return undefined;
  if (stated === fromEnd) return stated;
  for (const start of [fromEnd, stated]) {
    const signature = await source.read(start, start + 4, signal);
    if (signature.readUInt32LE(0) === ENTRY_SIGNATURE) return start;
  }
  return undefined;
}

async function readClaim(source: ByteSource, tail: Tail, at: number, signal?: AbortSignal): Promise<Claim> {
  const { start, bytes } = tail;
  const entries = bytes.readUInt16LE(at + 10);
  const directoryBytes = bytes.readUInt32LE(at + 12);
  const directoryOffset = bytes.readUInt32LE(at + 16);
  const disk = bytes.readUInt16LE(at + 4);
  if (entries === 0xffff || directoryBytes === 0xffffffff || directoryOffset === 0xffffffff) {
    const zip64 = await readZip64(source, tail, at, signal);
    if (zip64) return zip64;
  } else if (disk !== 0) {
    throw lastPart();
  }
  return { entries, directoryBytes, directoryOffset, end: start + at };
}

async function readZip64(
  source: ByteSource,
  { start, bytes }: Tail,
  at: number,
  signal?: AbortSignal,
): Promise<Claim | undefined> {
  const locator = at - LOCATOR_BYTES;
  if (locator < 0 || bytes.readUInt32LE(locator) !== LOCATOR_SIGNATURE) return undefined;
  // Some writers state 0 disks for an archive in one part.
  if (bytes.readUInt32LE(locator + 16) > 1) throw lastPart();
  const stated = Number(bytes.readBigUInt64LE(locator + 8));
  // If other bytes precede the archive, the record is not at its stated offset but directly before the locator.
  for (const offset of [stated, start + locator - ZIP64_BYTES]) {
    if (!Number.isSafeInteger(offset) || offset < 0 || offset + ZIP64_BYTES > source.bytes) continue;
    const record = await source.read(offset, offset + ZIP64_BYTES, signal);
    if (record.readUInt32LE(0) !== ZIP64_SIGNATURE) continue;
    return {
      entries: Number(record.readBigUInt64LE(32)),
      directoryBytes: Number(record.readBigUInt64LE(40)),
      directoryOffset: Number(record.readBigUInt64LE(48)),
      end: offset,
    };
  }
  throw unreadable('has a broken ZIP64 record. It is damaged: export it again.');
}

/** Number of leading bytes by which a file format is recognised. */
const HEAD_BYTES = 16 * 1024;

async function notAnArchive(source: ByteSource, signal?: AbortSignal): Promise<DatasetError> {
  const head = await source.read(0, Math.min(source.bytes, HEAD_BYTES), signal);
  const format = describeFormat(head);
  if (format !== undefined) return new DatasetError('ArchiveUnreadable', `The file is ${format}`);
  return new DatasetError(
    'ArchiveUnreadable',
    `The file is not a ZIP file, or a part of it is missing. Upload it again. If it is a part of a split archive: ${JOIN_PARTS}`,
  );
}

function lastPart(): DatasetError {
  return unreadable(`is the last part of a split ZIP archive. ${JOIN_PARTS}`);
}

function unreadable(what: string): DatasetError {
  return new DatasetError('ArchiveUnreadable', `The archive ${what}`);
}
