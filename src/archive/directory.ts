import { DatasetError } from '../dataset/model/errors.js';
import { type DatasetFinding, warning } from '../dataset/model/findings.js';
import type { ArchiveEntry } from '../dataset/model/types.js';
import { groupBy } from '../lib/group-by.js';
import { byCodePoint } from '../lib/order.js';
import { aliasesOf, type PathAliases } from './code-pages.js';
import { readDirectoryBytes } from './directory-bytes.js';
import {
  ENTRY_SIGNATURE,
  type EndRecord,
  findEndRecord,
  isAfterArchive,
  MIN_ENTRY_BYTES,
} from './end-record.js';
import { type DirectoryEntry, toEntry } from './entry.js';
import { MAX_TOTAL_BYTES } from './limits.js';
import { type ListedFile, listFiles } from './list-files.js';
import { isClutter, unsafe } from './paths.js';
import { repeatedEntry } from './repeated-entry.js';
import type { ByteSource } from './source.js';

export interface ArchiveDirectory {
  /** The files that can be read, sorted by path. */
  readonly entries: readonly ArchiveEntry[];
  /** The files that cannot be read, sorted by path. Each has the error to throw if a COCO file refers to it. */
  readonly unreadable: readonly UnreadableEntry[];
  /** Paths of files that operating systems add to archives, such as `.DS_Store`. */
  readonly ignored: readonly string[];
  /** Alternative paths of entries whose names are in an unknown code page. */
  readonly aliases: PathAliases;
  /** The latest modification time of an entry, read as UTC: `2025-09-14T08:30:12`. */
  readonly newestModified: string;
  /** Warnings about bytes before or after the archive. */
  readonly findings: readonly DatasetFinding[];
}

export interface UnreadableEntry {
  readonly entry: ArchiveEntry;
  readonly refusal: DatasetError;
  /** Whether it is a link, a device, or a name outside the archive: not a file of the archive. */
  readonly isForeign: boolean;
}

const LOCAL_HEADER_BYTES = 30;
const WRAP = 2 ** 32;

/**
 * Lists an archive from its central directory with a few ranged reads. Archives that are unsafe as a whole are refused
 * before any entry is read.
 * @throws DatasetError ArchiveUnreadable, ArchiveUnsafe
 */
export async function readDirectory(
  source: ByteSource,
  { signal }: { signal?: AbortSignal } = {},
): Promise<ArchiveDirectory> {
  const end = await findEndRecord(source, signal);
  const listed = await listEntries(source, end, signal);
  refuseOverlaps(listed, end);
  const ignored = listed.filter(({ entry: { path } }) => isClutter(path)).map(({ entry: { path } }) => path);
  const files = listed.filter(({ entry: { path } }) => !path.endsWith('/') && !isClutter(path));
  if (files.length === 0) {
    throw new DatasetError('ArchiveUnreadable', 'The archive contains folders only, no file.');
  }
  const unique = [...groupBy(files, ({ entry }) => entry.path).values()].map(withoutRepeats);
  unique.sort((a, b) => byCodePoint(a.entry.path, b.entry.path));
  const readable = unique.filter(({ refusal }) => refusal === undefined);
  const entries = readable.map(({ entry }) => entry);
  refuseTotal(entries);
  return {
    entries,
    unreadable: unique.flatMap(({ entry, refusal, isForeign }) =>
      refusal ? [{ entry, refusal, isForeign }] : [],
    ),
    ignored,
    aliases: aliasesOf(
      readable.flatMap(({ entry: { path }, undecodedName: bytes }) => (bytes ? [{ path, bytes }] : [])),
    ),
    newestModified: entries.reduce(
      (newest, { modified }) => (byCodePoint(modified, newest) > 0 ? modified : newest),
      '',
    ),
    findings: await strayBytes(source, end, signal),
  };
}

async function listEntries(
  source: ByteSource,
  end: EndRecord,
  signal?: AbortSignal,
): Promise<readonly DirectoryEntry[]> {
  const { entries, shift } = end;
  const bytes = await readDirectoryBytes(source, end, signal);
  const starts = entryStarts(bytes, entries);
  const offsetOf = shift > 0 && shift % WRAP === 0 ? unwrapped() : (offset: number) => offset + shift;
  const listed: DirectoryEntry[] = [];
  for (let first = 0; first < entries; first += LISTED_AT_ONCE) {
    const next = Math.min(entries, first + LISTED_AT_ONCE);
    const files = await listFiles(bytes.subarray(starts[first], starts[next]), next - first).catch(() => {
      throw damaged();
    });
    for (const [i, file] of files.entries()) {
      const offset = offsetOf(file.offsetToLocalFileHeader, file.compressedSize);
      listed.push(checkedEntry(file, offset, extraField(bytes, starts[first + i] ?? 0)));
    }
  }
  return listed;
}

/** Entries that unzipper lists at once. It needs 2 KB of memory for each. */
const LISTED_AT_ONCE = 4096;

/** @throws DatasetError ArchiveUnreadable if the directory is damaged */
function checkedEntry(file: ListedFile, offset: number, extra: Buffer): DirectoryEntry {
  const numbers = [offset, file.compressedSize, file.uncompressedSize];
  const isValid = numbers.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!isValid || file.signature !== ENTRY_SIGNATURE) throw damaged();
  return toEntry(file, offset, extra);
}

/**
 * macOS Finder writes offsets above 4 GiB modulo 2^32. Entries are stored in directory order, so 4 GiB are added whenever
 * an entry would start before the previous one ends.
 */
function unwrapped(): (offset: number, compressedSize: number) => number {
  let [end, base] = [0, 0];
  return (offset, compressedSize) => {
    if (offset + base < end) base += WRAP;
    end = offset + base + LOCAL_HEADER_BYTES + compressedSize;
    return offset + base;
  };
}

/**
 * Returns where each entry of the directory starts, and where the last one ends. Without ZIP64 the maximum entry count is
 * 65,535. Tools that write more entries restart the count at 0, so an archive whose directory lists more entries than its
 * count is refused.
 */
function entryStarts(directory: Buffer, entries: number): Uint32Array {
  const starts = new Uint32Array(entries + 1);
  let at = 0;
  for (let i = 0; i < entries; i++) {
    if (at + MIN_ENTRY_BYTES > directory.length) throw damaged();
    at = extraAt(directory, at) + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    starts[i + 1] = at;
  }
  if (at > directory.length) throw damaged();
  if (directory.length - at < MIN_ENTRY_BYTES) return starts;
  throw new DatasetError(
    'ArchiveUnreadable',
    `The archive states ${entries} files, but its directory lists more: it was written without ZIP64, as macOS Finder does. Zip it again with \`zip -r\` or another tool.`,
  );
}

/** Where the extra fields of the entry start that starts at `at`. */
const extraAt = (directory: Buffer, at: number) => at + MIN_ENTRY_BYTES + directory.readUInt16LE(at + 28);

/** The extra fields of the entry that starts at `at`. */
function extraField(directory: Buffer, at: number): Buffer {
  const start = extraAt(directory, at);
  return directory.subarray(start, start + directory.readUInt16LE(at + 30));
}

/** Returns the first entry of a path. It is refused if other entries of the path have different contents. */
function withoutRepeats(same: readonly DirectoryEntry[]): DirectoryEntry {
  const [first, ...others] = [...same].sort((a, b) => a.entry.offset - b.entry.offset);
  if (first === undefined) throw new Error('A group of entries is empty.');
  const isSame = ({ entry }: DirectoryEntry) =>
    entry.crc32 === first.entry.crc32 && entry.size === first.entry.size;
  if (others.every(isSame)) return first;
  return { ...first, refusal: repeatedEntry(first.entry.path, same) };
}

/** Refuses entries that share bytes: with them, a small archive can unpack to a huge size. */
function refuseOverlaps(entries: readonly DirectoryEntry[], end: EndRecord): void {
  const byOffset = entries.map(({ entry }) => entry).sort((a, b) => a.offset - b.offset);
  byOffset.forEach((entry, i) => {
    const next = byOffset[i + 1]?.offset ?? end.directoryOffset;
    if (entry.offset + LOCAL_HEADER_BYTES + entry.compressedSize > next) {
      throw unsafe(entry.path, 'overlaps another entry or the directory');
    }
  });
}

function refuseTotal(entries: readonly ArchiveEntry[]): void {
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total <= MAX_TOTAL_BYTES) return;
  throw new DatasetError(
    'ArchiveUnsafe',
    `The archive unpacks to ${total} bytes; the maximum is ${MAX_TOTAL_BYTES}. Split it.`,
  );
}

/** Maximum number of bytes before the archive that are searched for anything but padding. */
const EXAMINED_BYTES = 64 * 1024;

async function strayBytes(
  source: ByteSource,
  { shift, trailing }: EndRecord,
  signal?: AbortSignal,
): Promise<DatasetFinding[]> {
  const before =
    shift % WRAP === 0 ? Buffer.alloc(0) : await source.read(0, Math.min(shift, EXAMINED_BYTES), signal);
  const isSecond = !isBlank(before) && (await isAfterArchive(source, shift, signal));
  const found = [
    ...(isBlank(before) ? [] : [`${shift} bytes before the archive${isSecond ? ', another ZIP file' : ''}`]),
    ...(isBlank(trailing)
      ? []
      : [`${trailing.length} bytes after the archive, starting with ${shown(trailing)}`]),
  ];
  const finding = warning(
    'ARCHIVE_STRAY_BYTES',
    found.length,
    isSecond
      ? 'The file is several ZIP files, one behind another. Only the files of the last one were read. Unpack each into a folder of its own, and zip these folders together.'
      : 'The file has bytes before or after the archive. They were ignored. If the download was interrupted, download the file again.',
    found,
  );
  return finding ? [finding] : [];
}

const isBlank = (bytes: Buffer) =>
  bytes.every((byte) => byte === 0 || byte === 0x0a || byte === 0x0d || byte === 0x20);
const shown = (bytes: Buffer) =>
  JSON.stringify(
    bytes
      .subarray(0, 24)
      .toString('latin1')
      .replace(/[^\u0020-\u007e]/g, '.'),
  );

function damaged(): DatasetError {
  return new DatasetError(
    'ArchiveUnreadable',
    'The archive has a damaged directory. Test it with `unzip -t`, then export or upload it again.',
  );
}
