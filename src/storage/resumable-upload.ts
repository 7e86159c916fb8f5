import { open } from 'node:fs/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { StorageError } from './errors.js';
import {
  completeMultipart,
  crc32Of,
  createMultipart,
  findMultipart,
  listParts,
  type MultipartRef,
  partBytesOf,
  putPart,
  type UploadedPart,
} from './multipart.js';

const PARTS_AT_ONCE = 4;

/**
 * Uploads a file in parts, 4 at a time, with CRC-32 checksums that S3 compares with what it received. Parts that an
 * interrupted upload to the same key left in S3 are not sent again, so the key must identify the content. `onProgress`
 * receives the bytes that S3 has received so far.
 */
export async function uploadResumably(
  client: S3Client,
  file: {
    readonly bucket: string;
    readonly key: string;
    readonly path: string;
    readonly bytes: number;
    readonly metadata: Readonly<Record<string, string>>;
  },
  onProgress: (bytes: number) => void,
): Promise<void> {
  const { ref, received } = await createOrResume(client, file);
  const partBytes = partBytesOf(file.bytes);
  const kept = new Map(received.map((part) => [part.part, part]));
  const source = await open(file.path, 'r');
  let sent = 0;
  const limit = pLimit(PARTS_AT_ONCE);
  const failed = new AbortController();
  const send = async (part: number) => {
    failed.signal.throwIfAborted();
    const body = await read(part);
    const checksum = crc32Of(body);
    const known = kept.get(part);
    // Some S3 servers list parts without their checksums.
    const isKept = known?.bytes === body.length && (known.checksum ?? checksum) === checksum;
    const etag = isKept ? known.etag : await putPart(client, ref, part, body);
    sent += body.length;
    onProgress(sent);
    return { part, etag, checksum };
  };
  const read = async (part: number) => {
    const start = (part - 1) * partBytes;
    const body = Buffer.alloc(Math.min(partBytes, file.bytes - start));
    const { bytesRead } = await source.read(body, 0, body.length, start);
    if (bytesRead !== body.length) throw new Error(`${file.path} became shorter during the upload.`);
    return body;
  };
  const numbers = Array.from({ length: Math.ceil(file.bytes / partBytes) }, (_, index) => index + 1);
  const tasks = numbers.map((part) => limit(() => send(part)));
  try {
    await completeMultipart(client, ref, await Promise.all(tasks));
  } catch (error) {
    // Parts in flight are awaited: once received, they need not be sent again.
    failed.abort();
    await Promise.allSettled(tasks);
    throw error;
  } finally {
    await source.close();
  }
}

async function createOrResume(
  client: S3Client,
  { bucket, key, metadata }: { bucket: string; key: string; metadata: Readonly<Record<string, string>> },
): Promise<{ ref: MultipartRef; received: readonly UploadedPart[] }> {
  const uploadId = await findMultipart(client, bucket, key);
  if (uploadId !== undefined) {
    const ref = { bucket, key, uploadId };
    try {
      const received = await listParts(client, ref);
      // An upload without parts has nothing to resume, and may refuse parts with a CRC-32: earlier versions declared none.
      if (received.length > 0) return { ref, received };
    } catch (error) {
      // The upload was completed or aborted after it was listed.
      if (!(error instanceof StorageError && error.kind === 'missing')) throw error;
    }
  }
  const created = await createMultipart(client, bucket, key, { metadata, checksum: 'CRC32' });
  return { ref: { bucket, key, uploadId: created }, received: [] };
}
