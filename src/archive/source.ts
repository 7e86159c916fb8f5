import { type FileHandle, open } from 'node:fs/promises';
import type { ObjectStore } from '../storage/object-store.js';

/** Bytes that can be read anywhere: an object in S3, or a file. */
export interface ByteSource {
  readonly bytes: number;
  /** Bytes `start` to `end` (exclusive); both within `bytes`. Never fewer. */
  read(start: number, end: number, signal?: AbortSignal): Promise<Buffer>;
}

/** Every read says If-Match: an archive that is replaced while it is read is an error, not a mixture. */
export function s3Source(
  store: ObjectStore,
  upload: { bucket: string; key: string; etag: string; bytes: number },
): ByteSource {
  return {
    bytes: upload.bytes,
    read: (start, end, signal) =>
      store.getBytes(upload.bucket, upload.key, {
        start,
        end,
        ifMatch: upload.etag,
        ...(signal ? { signal } : {}),
      }),
  };
}

export async function fileSource(path: string): Promise<ByteSource & { close(): Promise<void> }> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  return { bytes: size, read: (start, end) => readFully(file, path, start, end), close: () => file.close() };
}

export function bufferSource(buffer: Buffer): ByteSource {
  return { bytes: buffer.length, read: async (start, end) => buffer.subarray(start, end) };
}

async function readFully(file: FileHandle, path: string, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.alloc(end - start);
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) throw new Error(`${path} became shorter while it was read.`);
    filled += bytesRead;
  }
  return buffer;
}
