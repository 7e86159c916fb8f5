import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  paginateListParts,
  type S3Client,
  UploadPartCommand,
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

/** S3's limit of parts an object. */
export const MAX_PARTS = 10_000;
const MEGABYTE = 1024 * 1024;
const PART_BYTES = 16 * MEGABYTE;

/** Bytes of each part but the last: whole megabytes, and as few parts as S3 takes. A size has always the same. */
export function partBytesOf(size: number): number {
  return Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS / MEGABYTE) * MEGABYTE);
}

/** Opens an upload whose parts are sent later, or by somebody else; answers its id. */
export async function createMultipart(
  client: S3Client,
  bucket: string,
  key: string,
  metadata: Readonly<Record<string, string>> = {},
): Promise<string> {
  try {
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({
        ...{ Bucket: bucket, Key: key, Metadata: { ...metadata } },
        ContentType: 'application/zip',
      }),
    );
    if (UploadId !== undefined) return UploadId;
    throw new StorageError('unavailable', `S3 opened no upload for s3://${bucket}/${key}.`);
  } catch (error) {
    throw storageError(error, 'open an upload to', bucket, key);
  }
}

/** An upload of the key that was neither completed nor aborted: the newest, by its id. */
export async function findMultipart(
  client: S3Client,
  bucket: string,
  key: string,
): Promise<string | undefined> {
  try {
    const command = new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key });
    const { Uploads: uploads = [] } = await client.send(command);
    const time = ({ Initiated }: (typeof uploads)[number]) => Initiated?.getTime() ?? 0;
    return uploads.filter(({ Key }) => Key === key).sort((a, b) => time(b) - time(a))[0]?.UploadId;
  } catch (error) {
    throw storageError(error, 'look for uploads to', bucket, key);
  }
}

/** Sends one part; answers its ETag. */
export async function putPart(
  client: S3Client,
  ref: MultipartRef,
  part: number,
  body: Buffer,
): Promise<string> {
  const { bucket, key, uploadId } = ref;
  try {
    const target = { Bucket: bucket, Key: key, UploadId: uploadId, PartNumber: part };
    const { ETag: etag = '' } = await client.send(new UploadPartCommand({ ...target, Body: body }));
    return etag;
  } catch (error) {
    throw storageError(error, 'write a part of', bucket, key);
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
