import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { DatasetError } from '../dataset/model/errors.js';
import type { ArchiveEntry } from '../dataset/model/types.js';
import { dataRange, hasTooMuchData, LOCAL_HEADER_BYTES, WRONG_CHECKSUM, wrongSize } from './entry-data.js';
import { MAX_IMAGE_BYTES } from './limits.js';
import type { ByteSource } from './source.js';

export type EntryRead =
  | { readonly entry: ArchiveEntry; readonly bytes: Buffer }
  | { readonly entry: ArchiveEntry; readonly problem: string };

const WINDOW_BYTES = 8 * 1024 * 1024;
/** Bytes that are read for the extra fields of a local header. Most have a few dozen; larger ones need another read. */
const EXTRA_SLACK_BYTES = 512;
/**
 * Sizes of the pieces in which zlib unpacks: its own minimum, and enough for an image in one piece, since joining pieces takes
 * the memory twice.
 */
const MIN_PIECE_BYTES = 64;
const MAX_PIECE_BYTES = MAX_IMAGE_BYTES + 1;

const inflateRaw = promisify(zlib.inflateRaw);

interface Window {
  readonly start: number;
  readonly end: number;
  readonly entries: ArchiveEntry[];
}

/**
 * Reads entries in archive order. Neighbouring entries are read together in windows of about 8 MB; the next window is
 * fetched while the current one is used. A damaged entry is returned with a `problem`, without `bytes`.
 * @throws any error of the source
 */
export async function* readEntries(
  source: ByteSource,
  entries: readonly ArchiveEntry[],
  { signal }: { signal?: AbortSignal } = {},
): AsyncGenerator<EntryRead> {
  const windows = planWindows(source, entries);
  let next = fetchWindow(source, windows[0], signal);
  for (const [i, window] of windows.entries()) {
    const bytes = await next;
    next = fetchWindow(source, windows[i + 1], signal);
    for (const entry of window.entries) yield await readFrom(source, window, bytes, entry, signal);
  }
}

/**
 * Returns the bytes of one entry.
 * @throws DatasetError ArchiveUnreadable if the entry is damaged
 */
export async function readEntry(
  source: ByteSource,
  entry: ArchiveEntry,
  options: { signal?: AbortSignal } = {},
): Promise<Buffer> {
  for await (const read of readEntries(source, [entry], options)) {
    if ('bytes' in read) return read.bytes;
    throw damagedEntry(entry, read.problem);
  }
  throw new DatasetError('ArchiveUnreadable', `${entry.path} could not be read.`, { file: entry.path });
}

/** The error of a damaged entry that is needed. */
export function damagedEntry({ path }: ArchiveEntry, problem: string): DatasetError {
  return new DatasetError('ArchiveUnreadable', `${path}: ${problem}`, { file: path });
}

function planWindows(source: ByteSource, entries: readonly ArchiveEntry[]): Window[] {
  const windows: { start: number; end: number; entries: ArchiveEntry[] }[] = [];
  for (const entry of [...entries].sort((a, b) => a.offset - b.offset)) {
    const name = Buffer.byteLength(entry.path);
    const data = hasTooMuchData(entry) ? 0 : entry.compressedSize;
    const end = Math.min(source.bytes, entry.offset + LOCAL_HEADER_BYTES + name + EXTRA_SLACK_BYTES + data);
    const last = windows.at(-1);
    if (last && end - last.start <= WINDOW_BYTES) {
      last.entries.push(entry);
      last.end = Math.max(last.end, end);
    } else {
      windows.push({ start: entry.offset, end, entries: [entry] });
    }
  }
  return windows;
}

function fetchWindow(
  source: ByteSource,
  window: Window | undefined,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  if (!window) return Promise.resolve(Buffer.alloc(0));
  const bytes = source.read(window.start, window.end, signal);
  // Awaited later; until then a failure must not count as an unhandled rejection.
  bytes.catch(() => undefined);
  return bytes;
}

async function readFrom(
  source: ByteSource,
  window: Window,
  bytes: Buffer,
  entry: ArchiveEntry,
  signal: AbortSignal | undefined,
): Promise<EntryRead> {
  const header = bytes.subarray(entry.offset - window.start);
  const range = dataRange(source, entry, header);
  if ('problem' in range) return { entry, ...range };
  const { start, end } = range;
  const data =
    end <= window.end
      ? bytes.subarray(start - window.start, end - window.start)
      : await source.read(start, end, signal);
  return await unpack(entry, data);
}

async function unpack(entry: ArchiveEntry, data: Buffer): Promise<EntryRead> {
  const bytes = await inflate(entry, data);
  if (!bytes || bytes.length !== entry.size) {
    return { entry, problem: wrongSize(entry) };
  }
  if (zlib.crc32(bytes) !== entry.crc32) {
    return { entry, problem: WRONG_CHECKSUM };
  }
  return { entry, bytes };
}

/** Unpacks an entry up to the size that the directory states, which stops ZIP bombs; undefined if its data is invalid. */
async function inflate(entry: ArchiveEntry, data: Buffer): Promise<Buffer | undefined> {
  if (entry.method === 0) return Buffer.from(data);
  // Each piece is a round trip through the thread pool. One byte more than stated shows that the data has ended.
  const chunkSize = Math.min(MAX_PIECE_BYTES, Math.max(MIN_PIECE_BYTES, entry.size + 1));
  try {
    return await inflateRaw(data, { chunkSize, maxOutputLength: Math.max(1, entry.size) });
  } catch {
    return undefined;
  }
}
