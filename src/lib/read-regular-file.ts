import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';

const CHUNK_BYTES = 64 * 1024;

/** What something at a path is, if it is no regular file: `a folder`, for example. */
export function kindOf(found: Pick<Stats, 'isDirectory' | 'isFIFO' | 'isSocket'>): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a named pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}

/**
 * Reads a file of limited size. Devices and pipes are refused: they can have no end, or no content for ever.
 * @throws Error whose message continues `<file> cannot be read:`, or the error of the file system
 */
export function readRegularFile(path: string, maxBytes: number): Buffer {
  // Without O_NONBLOCK, opening a pipe waits until something writes to it.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new Error(`it is ${kindOf(found)}, not a file. Name a file.`);
    return readAtMost(file, maxBytes);
  } finally {
    closeSync(file);
  }
}

/** Reads to the end: the size that the file system names is 0 for some files. */
function readAtMost(file: number, maxBytes: number): Buffer {
  const chunks: Buffer[] = [];
  for (let bytes = 0; ; ) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const read = readSync(file, chunk);
    if (read === 0) return Buffer.concat(chunks);
    bytes += read;
    if (bytes > maxBytes) throw new Error(`it has more than ${maxBytes} bytes. Name another file.`);
    chunks.push(chunk.subarray(0, read));
  }
}
