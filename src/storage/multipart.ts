import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  paginateListParts,
  type S3Client,
} from '@aws-sdk/client-s3';
import { StorageError, storageError } from './errors.js';

/** A multipart upload that is under way. */
export interface MultipartRef {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
}

export interface UploadedPart {
  /** Counted from 1. */
  readonly part: number;
  readonly etag: string;
  readonly bytes: number;
}

/** Opens an upload whose parts are sent by somebody else; answers its id. */
export async function createMultipart(client: S3Client, bucket: string, key: string): Promise<string> {
  try {
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket: bucket, Key: key, ContentType: 'application/zip' }),
    );
    if (UploadId !== undefined) return UploadId;
    throw new StorageError('unavailable', `S3 opened no upload for s3://${bucket}/${key}.`);
  } catch (error) {
    throw storageError(error, 'open an upload to', bucket, key);
  }
}

/**
 * The parts that are there, by number.
 * @throws StorageError `missing` where the upload was completed, aborted or never opened
 */
export async function listParts(client: S3Client, ref: MultipartRef): Promise<UploadedPart[]> {
  const { bucket, key, uploadId } = ref;
  try {
    const parts: UploadedPart[] = [];
    for await (const page of paginateListParts(
      { client },
      { Bucket: bucket, Key: key, UploadId: uploadId },
    )) {
      for (const { PartNumber: part = 0, ETag: etag = '', Size: bytes = 0 } of page.Parts ?? []) {
        parts.push({ part, etag, bytes });
      }
    }
    return parts.sort((a, b) => a.part - b.part);
  } catch (error) {
    throw storageError(error, 'look at the upload to', bucket, key);
  }
}

/** Makes the parts one object. */
export async function completeMultipart(
  client: S3Client,
  ref: MultipartRef,
  parts: readonly Pick<UploadedPart, 'part' | 'etag'>[],
): Promise<void> {
  const { bucket, key, uploadId } = ref;
  try {
    await client.send(
      new CompleteMultipartUploadCommand({
        Bucket: bucket,
        Key: key,
        UploadId: uploadId,
        MultipartUpload: { Parts: parts.map(({ part, etag }) => ({ PartNumber: part, ETag: etag })) },
      }),
    );
  } catch (error) {
    throw storageError(error, 'complete the upload to', bucket, key);
  }
}

/** Gives an upload up, and its parts; one that is gone already is no error. */
export async function abortMultipart(client: S3Client, ref: MultipartRef): Promise<void> {
  const { bucket, key, uploadId } = ref;
  try {
    await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId }));
  } catch (error) {
    const failure = storageError(error, 'give up the upload to', bucket, key);
    if (!(failure instanceof StorageError && failure.kind === 'missing')) throw failure;
  }
}
