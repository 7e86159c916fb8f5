import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { ExportFile } from './files.js';

/** Stored, not deflated, and in local DOS time: deflate differs between versions, UTC between time zones. */
const ENTRY = {
  compress: false,
  forceDosTimestamp: true,
  mode: 0o100644,
  mtime: new Date(2000, 0, 1, 0, 0, 0),
};

/** Objects that are read before their turn: enough to hide latency, few enough for memory. */
const AHEAD = 8;

/**
 * Writes the files as a ZIP, one after another as they are read: under a temporary name, then renamed over what is there.
 * Answers its bytes.
 * @throws the error of `read` or of the file system; nothing half-written is left
 */
export async function writeExport(
  out: string,
  files: readonly ExportFile[],
  read: (key: string) => Promise<Buffer>,
  onObject: () => void,
): Promise<number> {
  const keys = files.flatMap((file) => ('key' in file ? [file.key] : []));
  const next = readAhead(keys, read);
  const zip = new ZipFile();
  const output = zip.outputStream.pipe(new PassThrough());
  zip.on('error', (error) => output.destroy(error instanceof Error ? error : new Error(String(error))));
  for (const file of files) {
    zip.addReadStreamLazy(file.path, ENTRY, (callback) => {
      if ('text' in file) {
        callback(null, Readable.from(file.text()));
        return;
      }
      next().then(
        (bytes) => {
          onObject();
          callback(null, Readable.from([bytes]));
        },
        (error: unknown) => callback(error, Readable.from([])),
      );
    });
  }
  zip.end();
  const unfinished = `${out}.${randomUUID()}.part`;
  try {
    await pipeline(output, createWriteStream(unfinished, { flags: 'wx' }));
    await rename(unfinished, out);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return (await stat(out)).size;
}

/** Answers the objects in order, a few of them requested before their turn. */
function readAhead(keys: readonly string[], read: (key: string) => Promise<Buffer>): () => Promise<Buffer> {
  const requested: Promise<Buffer>[] = [];
  let from = 0;
  const request = () => {
    const key = keys[from];
    if (key === undefined) return;
    from += 1;
    const bytes = read(key);
    // It is awaited when its turn comes; until then its failure must not count as unhandled.
    bytes.catch(() => undefined);
    requested.push(bytes);
  };
  return async () => {
    while (requested.length < AHEAD && from < keys.length) request();
    const bytes = requested.shift();
    if (!bytes) throw new Error('More objects were asked for than the export has.');
    return await bytes;
  };
}
