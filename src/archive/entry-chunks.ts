import zlib from 'node:zlib';
import type { ArchiveEntry } from '../dataset/model/types.js';
import { damagedEntry } from './entries.js';
import { dataRange, LOCAL_HEADER_BYTES, WRONG_CHECKSUM, wrongSize } from './entry-data.js';
import { InflateError, inflateChunks } from './inflate.js';
import type { ByteSource } from './source.js';

/** Bytes of the archive per read. */
const READ_BYTES = 4 * 1024 * 1024;

/**
 * Reads one entry in pieces, so that no more than a few of them are in memory. The size and the checksum are checked at
 * the end.
 * @throws DatasetError ArchiveUnreadable if the entry is damaged, and errors of the source
 */
export async function* readEntryChunks(
  source: ByteSource,
  entry: ArchiveEntry,
  { signal }: { signal?: AbortSignal } = {},
): AsyncGenerator<Uint8Array> {
  const headerEnd = Math.min(source.bytes, entry.offset + LOCAL_HEADER_BYTES);
  const range = dataRange(source, entry, await source.read(entry.offset, headerEnd, signal));
  if ('problem' in range) throw damagedEntry(entry, range.problem);
  const data = readRange(source, range, signal);
  let [bytes, checksum] = [0, 0];
  try {
    for await (const chunk of entry.method === 0 ? data : inflateChunks(data)) {
      bytes += chunk.length;
      if (bytes > entry.size) throw damagedEntry(entry, wrongSize(entry));
      checksum = zlib.crc32(chunk, checksum);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof InflateError ? damagedEntry(entry, wrongSize(entry)) : error;
  }
  if (bytes !== entry.size) throw damagedEntry(entry, wrongSize(entry));
  if (checksum !== entry.crc32) throw damagedEntry(entry, WRONG_CHECKSUM);
}

/** Reads a range of the archive; the next part is fetched while the current one is used. */
async function* readRange(
  source: ByteSource,
  { start, end }: { readonly start: number; readonly end: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const fetch = (from: number) => {
    if (from >= end) return undefined;
    const part = source.read(from, Math.min(end, from + READ_BYTES), signal);
    // Awaited later; until then a failure must not count as an unhandled rejection.
    part.catch(() => undefined);
    return part;
  };
  let next = fetch(start);
  for (let at = start; next !== undefined; at += READ_BYTES) {
    const part = await next;
    next = fetch(at + READ_BYTES);
    yield part;
  }
}
