import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { replaceFile } from '../lib/replace-file.js';
import type { ExportFile } from './files.js';

/** Same input, same bytes: entries are stored because deflate differs between zlib versions, and dated in local DOS time because UTC differs between time zones. */
const ENTRY = {
  compress: false,
  forceDosTimestamp: true,
  mode: 0o100644,
  mtime: new Date(2000, 0, 1, 0, 0, 0),
};

/** Number of objects read in advance: enough to hide latency, few enough for memory. */
const AHEAD = 8;

/**
 * Writes the files as one ZIP in the given order and returns its size in bytes. The ZIP is written under a temporary
 * name and then replaces `out`.
 * @param read returns the bytes of an object of the bucket
 * @param onObject is called after each object that was read
 * @throws the error of `read` or of the file system; no partial file is left
 */
export async function writeExport(
  out: string,
  files: readonly ExportFile[],
  read: (key: string) => Promise<Buffer>,
  onObject: () => void,
): Promise<number> {
  const zip = zipStream(files, read, onObject);
  await replaceFile(out, (draft) => pipeline(zip, createWriteStream(draft, { flags: 'wx' })));
  return (await stat(out)).size;
}

/** The files as one ZIP in the given order, like `writeExport`. An error of `read` destroys the stream. */
export function zipStream(
  files: readonly ExportFile[],
  read: (key: string) => Promise<Buffer>,
  onObject: () => void = () => undefined,
): Readable {
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
  return output;
}

/** Returns a function that returns the objects one by one in the order of `keys`; up to AHEAD are requested in advance. */
function readAhead(keys: readonly string[], read: (key: string) => Promise<Buffer>): () => Promise<Buffer> {
  const requested: Promise<Buffer>[] = [];
  let from = 0;
  const request = () => {
    const key = keys[from];
    if (key === undefined) return;
    from += 1;
    const bytes = read(key);
    // Awaited later, in order; a rejection before that must not count as unhandled.
    bytes.catch(() => undefined);
    requested.push(bytes);
  };
  return async () => {
    while (requested.length < AHEAD && from < keys.length) request();
    const bytes = requested.shift();
    if (!bytes) throw new Error('The export has no further objects.');
    return await bytes;
  };
}
