import { readEntry } from '../archive/entries.js';
import { readEntryChunks } from '../archive/entry-chunks.js';
import type { ByteSource } from '../archive/source.js';
import type { ArchiveEntry } from '../dataset/model/types.js';
import type { JsonFile } from '../dataset/reading/json-file.js';

/** Files up to this size are read at once and kept while they are read repeatedly; larger ones are read in pieces. */
const MAX_KEPT_BYTES = 8 * 1024 * 1024;

/** Entries of an archive as JSON files, which are read one after another. */
export function jsonFiles(
  source: ByteSource,
  entries: readonly ArchiveEntry[],
  options: { signal?: AbortSignal },
): JsonFile[] {
  let kept: { readonly entry: ArchiveEntry; readonly bytes: Buffer } | undefined;
  const wholeOf = async (entry: ArchiveEntry) => {
    if (kept?.entry === entry) return kept.bytes;
    kept = undefined;
    const bytes = await readEntry(source, entry, options);
    kept = { entry, bytes };
    return bytes;
  };
  const chunksOf = (entry: ArchiveEntry) =>
    entry.size <= MAX_KEPT_BYTES ? once(() => wholeOf(entry)) : readEntryChunks(source, entry, options);
  return entries.map((entry) => ({
    path: entry.path,
    open: () => {
      const chunks = chunksOf(entry);
      return {
        next: async () => (await chunks.next()).value,
        close: () => {
          chunks.return(undefined).catch(() => undefined);
        },
      };
    },
  }));
}

async function* once(read: () => Promise<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  yield await read();
}
