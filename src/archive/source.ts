import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { kindOf } from '../lib/read-regular-file.js';
import { UsageError } from '../lib/usage-error.js';
import type { ObjectStore } from '../storage/object-store.js';

/** A random-access source of bytes: an object in S3, a file or a buffer. */
export interface ByteSource {
  readonly bytes: number;
  /** Reads the bytes from `start` to `end` (exclusive), both within `bytes`. Never returns fewer. */
  read(start: number, end: number, signal?: AbortSignal): Promise<Buffer>;
}

/** Returns an S3 object as a source. All reads send If-Match: if the object is replaced while it is read, a read fails. */
export function s3Source(
  store: ObjectStore,
  upload: { bucket: string; key: string; etag: string; bytes: number },
): ByteSource {
  return {
    bytes: upload.bytes,
    read: async (start, end, signal) => {
      // S3 refuses a range without bytes.
      if (start === end) return Buffer.alloc(0);
      const { bucket, key, etag } = upload;
      return await store.getBytes(bucket, key, { start, end, ifMatch: etag, ...(signal ? { signal } : {}) });
    },
  };
}

/** @throws UsageError if it is no regular file, the error of the file system if it cannot be opened */
export async function fileSource(path: string): Promise<ByteSource & { close(): Promise<void> }> {
  // Without O_NONBLOCK, opening a pipe waits until something writes to it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const found = await file.stat();
  if (!found.isFile()) {
    await file.close();
    throw new UsageError(`${path} is ${kindOf(found)}. Name a file.`);
  }
  return {
    bytes: found.size,
    read: (start, end) => readFully(file, path, start, end),
    close: () => file.close(),
  };
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
