import { type EndRecord, MIN_ENTRY_BYTES } from './end-record.js';
import { UNICODE_PATH, ZIP64 } from './extra-fields.js';
import type { ByteSource } from './source.js';

/** Bytes of the directory that are read at once: all of it, except for the largest archives. */
const WINDOW_BYTES = 8 * 1024 * 1024;

/** Size of extra fields in bytes that is not worth a search. */
const MAX_SHORT_BYTES = 256;
const EXTRA_LENGTH_AT = 30;
const COMMENT_LENGTH_AT = 32;
const USED_FIELDS = [ZIP64, UNICODE_PATH];

/**
 * Reads the central directory without the comments and extra fields that are not used, so that they take no memory.
 * From the first damaged entry on, the bytes are those of the archive, at most a few.
 */
export async function readDirectoryBytes(
  source: ByteSource,
  { directoryOffset, directoryBytes, entries }: EndRecord,
  signal?: AbortSignal,
): Promise<Buffer> {
  const kept: Buffer[] = [];
  let at = 0;
  for (let left = entries; left > 0; ) {
    const end = Math.min(directoryBytes, at + WINDOW_BYTES);
    const window = await source.read(directoryOffset + at, directoryOffset + end, signal);
    const { parts, count, bytes } = leanEntries(window, left, directoryBytes - at);
    if (count === 0) break;
    // Copied, so that the window can be released.
    kept.push(Buffer.concat(parts));
    left -= count;
    at += bytes;
  }
  const rest = Math.min(directoryBytes, at + MIN_ENTRY_BYTES);
  kept.push(await source.read(directoryOffset + at, directoryOffset + rest, signal));
  return Buffer.concat(kept);
}

/**
 * Returns the first entries of a window, as far as they are complete in it.
 * @param maximum maximum number of entries
 * @param available bytes from the start of the window to the end of the directory
 */
function leanEntries(window: Buffer, maximum: number, available: number) {
  const parts: Buffer[] = [];
  let [at, count] = [0, 0];
  while (count < maximum && at + MIN_ENTRY_BYTES <= window.length) {
    const extraAt = at + MIN_ENTRY_BYTES + window.readUInt16LE(at + 28);
    const commentAt = extraAt + window.readUInt16LE(at + EXTRA_LENGTH_AT);
    const end = commentAt + window.readUInt16LE(at + COMMENT_LENGTH_AT);
    if (commentAt > window.length || end > available) break;
    const extra = usedFields(window.subarray(extraAt, commentAt));
    const head = Buffer.from(window.subarray(at, extraAt));
    head.writeUInt16LE(extra.length, EXTRA_LENGTH_AT);
    head.writeUInt16LE(0, COMMENT_LENGTH_AT);
    parts.push(head, extra);
    at = end;
    count += 1;
  }
  return { parts, count, bytes: at };
}

/** The extra fields that are used. Short ones are kept as they are. */
function usedFields(extra: Buffer): Buffer {
  if (extra.length <= MAX_SHORT_BYTES) return extra;
  const fields: Buffer[] = [];
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (USED_FIELDS.includes(extra.readUInt16LE(at))) fields.push(extra.subarray(at, end));
    at = end;
  }
  return Buffer.concat(fields);
}
