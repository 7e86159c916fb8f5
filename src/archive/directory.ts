import { DatasetError } from '../dataset/model/errors.js';
import type { ArchiveEntry } from '../dataset/model/types.js';
import { byCodePoint } from '../lib/order.js';
import { type EndRecord, findEndRecord, MIN_ENTRY_BYTES } from './end-record.js';
import { MAX_IMAGE_BYTES, MAX_JSON_BYTES, MAX_RATIO, MAX_TOTAL_BYTES, RATIO_FROM_BYTES } from './limits.js';
import { type ListedFile, listFiles } from './list-files.js';
import { decodeName, isClutter, normalisePath, unsafe } from './paths.js';
import type { ByteSource } from './source.js';

export interface ArchiveDirectory {
  /** The files, sorted by path. */
  readonly entries: readonly ArchiveEntry[];
  /** Paths that operating systems left in the archive. */
  readonly ignored: readonly string[];
  /** The newest modification of an entry, read as UTC: `2025-09-14T08:30:12`. */
  readonly newestModified: string;
}

const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_HEADER_BYTES = 30;
const ENCRYPTED_FLAGS = 0x0001 | 0x0040 | 0x2000;
/**
 * Lists an archive from its central directory, read by a few ranged reads, and refuses what isn't safe to
 * read before any entry is.
 * @throws DatasetError ArchiveUnreadable, ArchiveUnsafe, ArchiveEncrypted
 */
export async function readDirectory(
  source: ByteSource,
  { signal }: { signal?: AbortSignal } = {},
): Promise<ArchiveDirectory> {
  const end = await findEndRecord(source, signal);
  const files = await readFiles(source, end, signal);
  const listed = files.map(toEntry);
  const ignored = listed.filter(({ path }) => isClutter(path)).map(({ path }) => path);
  const entries = listed
    .filter(({ path }) => !path.endsWith('/') && !isClutter(path))
    .sort((a, b) => byCodePoint(a.path, b.path));
  if (entries.length === 0) {
    throw new DatasetError('ArchiveUnreadable', 'The archive holds folders only, no file.');
  }
  refuseDuplicates(entries);
  refuseOverlaps(listed, end);
  refuseBombs(entries);
  const newestModified =
    entries
      .map(({ modified }) => modified)
      .sort(byCodePoint)
      .at(-1) ?? '';
  return { entries, ignored, newestModified };
}

async function readFiles(
  source: ByteSource,
  { offset, directoryOffset, directoryBytes, entries }: EndRecord,
  signal?: AbortSignal,
): Promise<readonly ListedFile[]> {
  const bytes = await source.read(directoryOffset, source.bytes, signal);
  refuseUncounted(bytes.subarray(0, directoryBytes), entries);
  const at = { archiveBytes: source.bytes, directoryOffset, endOffset: offset, entries };
  const files = await listFiles(bytes, at).catch(() => {
    throw damaged();
  });
  if (files.some((file) => file.signature !== ENTRY_SIGNATURE)) throw damaged();
  return files;
}

/** Without ZIP64 a count ends at 65,535; writers that go on count from 0 again, and files would be lost in silence. */
function refuseUncounted(directory: Buffer, entries: number): void {
  let at = 0;
  for (let i = 0; i < entries; i++) {
    if (at + MIN_ENTRY_BYTES > directory.length) throw damaged();
    const variable = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
    at += variable.reduce((sum, length) => sum + length, MIN_ENTRY_BYTES);
  }
  if (at > directory.length) throw damaged();
  if (directory.length - at < MIN_ENTRY_BYTES) return;
  throw new DatasetError(
    'ArchiveUnreadable',
    `The archive counts ${entries} files, and its directory holds more: it was written without ZIP64, as macOS's Finder does. Zip it again with \`zip -r\` or another tool.`,
  );
}

function toEntry(file: ListedFile): ArchiveEntry {
  const name = decodeName(file.pathBuffer);
  const path = normalisePath(name);
  const { offsetToLocalFileHeader: offset, compressedSize, uncompressedSize: size, compressionMethod } = file;
  if (![offset, compressedSize, size].every((n) => Number.isSafeInteger(n) && n >= 0)) throw damaged();
  if (isSpecialFile(file)) throw unsafe(name, 'is a link or a device, not a file');
  if ((file.flags & ENCRYPTED_FLAGS) !== 0) {
    throw new DatasetError(
      'ArchiveEncrypted',
      `The archive's entry ${JSON.stringify(name)} is encrypted. Export the dataset without a password.`,
      { file: name },
    );
  }
  if (compressionMethod !== 0 && compressionMethod !== 8) {
    throw new DatasetError(
      'ArchiveUnreadable',
      `The archive's entry ${JSON.stringify(name)} is compressed by method ${compressionMethod}; only stored and deflated entries are read. Zip it again with an ordinary tool.`,
      { file: name },
    );
  }
  return {
    path,
    offset,
    compressedSize,
    size,
    crc32: file.crc32,
    method: compressionMethod,
    modified: dosTime(file.lastModifiedDate, file.lastModifiedTime),
  };
}

/** Unix and macOS writers keep the file's mode in the upper half of the external attributes. */
function isSpecialFile(file: ListedFile): boolean {
  const system = file.versionMadeBy >>> 8;
  if (system !== 3 && system !== 19) return false;
  const type = (file.externalFileAttributes >>> 16) & 0xf000;
  return type !== 0 && type !== 0x8000 && type !== 0x4000;
}

/** MS-DOS date and time (2-second steps, no zone), read as UTC so that it means the same everywhere. */
function dosTime(date: number, time: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const year = 1980 + (date >>> 9);
  const month = Math.min(12, Math.max(1, (date >>> 5) & 15));
  const day = Math.max(1, date & 31);
  const hours = Math.min(23, time >>> 11);
  const minutes = Math.min(59, (time >>> 5) & 63);
  const seconds = Math.min(59, (time & 31) * 2);
  return `${year}-${two(month)}-${two(day)}T${two(hours)}:${two(minutes)}:${two(seconds)}`;
}

function refuseDuplicates(sorted: readonly ArchiveEntry[]): void {
  sorted.forEach(({ path }, i) => {
    if (sorted[i + 1]?.path === path) throw unsafe(path, 'is there twice');
  });
}

/** Entries that share bytes make a small archive large; one file can't lie in two places. */
function refuseOverlaps(entries: readonly ArchiveEntry[], end: EndRecord): void {
  const byOffset = [...entries].sort((a, b) => a.offset - b.offset);
  byOffset.forEach((entry, i) => {
    const next = byOffset[i + 1]?.offset ?? end.directoryOffset;
    if (entry.offset + LOCAL_HEADER_BYTES + entry.compressedSize > next) {
      throw unsafe(entry.path, 'overlaps another entry or the directory');
    }
  });
}

function refuseBombs(entries: readonly ArchiveEntry[]): void {
  let total = 0;
  for (const { path, size, compressedSize } of entries) {
    const limit = path.toLowerCase().endsWith('.json') ? MAX_JSON_BYTES : MAX_IMAGE_BYTES;
    if (size > limit) throw unsafe(path, `has ${size} bytes, more than the ${limit} that are read`);
    if (size > RATIO_FROM_BYTES && size > compressedSize * MAX_RATIO) {
      throw unsafe(path, `claims to grow over ${MAX_RATIO} times when it is unpacked`);
    }
    total += size;
  }
  if (total > MAX_TOTAL_BYTES) {
    throw new DatasetError(
      'ArchiveUnsafe',
      `The archive unpacks to ${total} bytes, more than the ${MAX_TOTAL_BYTES} that are read. Split it.`,
    );
  }
}

function damaged(): DatasetError {
  return new DatasetError(
    'ArchiveUnreadable',
    'The archive has a damaged directory. Test it with `unzip -t`, then export or upload it again.',
  );
}
