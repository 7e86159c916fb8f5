import { Readable } from 'node:stream';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 4;

export type ByteStream = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** Writes a body of unknown length in parts of 8 MiB. `onProgress` receives the bytes sent so far. */
export async function uploadStream(
  client: S3Client,
  object: Omit<PutObjectCommandInput, 'Body'>,
  body: ByteStream,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (bytes: number) => void },
): Promise<void> {
  const { signal, onProgress } = options;
  const upload = new Upload({
    client,
    params: { ...object, Body: Readable.from(body, { objectMode: false }) },
    queueSize: PARTS_AT_ONCE,
    partSize: PART_BYTES,
  });
  upload.on('httpUploadProgress', ({ loaded }) => onProgress?.(loaded ?? 0));
  const abort = () => {
    upload.abort().catch(() => undefined);
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    signal?.throwIfAborted();
    await upload.done();
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
