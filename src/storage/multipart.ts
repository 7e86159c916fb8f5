import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  paginateListParts,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { s3Uri } from '../lib/s3-uri.js';
import { StorageError, storageError } from './errors.js';

/** The identity of an open multipart upload. */
export interface MultipartRef {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
}

/** A part as it is named when its upload is completed. */
export interface PartRef {
  /** Number of the part, from 1. */
  readonly part: number;
  readonly etag: string;
  /** CRC-32 of the part as `crc32Of` returns it; undefined if the upload has no checksums of this kind. */
  readonly checksum?: string | undefined;
}

/** A part that S3 has received. */
export interface UploadedPart extends PartRef {
  readonly bytes: number;
}

/** S3's maximum number of parts per object. */
export const MAX_PARTS = 10_000;
const MEGABYTE = 1024 * 1024;
const PART_BYTES = 16 * MEGABYTE;

/**
 * Returns the bytes of each part except the last: whole mebibytes, minimum 16, for a maximum of 10,000 parts.
 * The same size always gives the same parts, so that an interrupted upload can be resumed.
 */
export function partBytesOf(size: number): number {
  return Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS / MEGABYTE) * MEGABYTE);
}

/** Returns the CRC-32 of a part in S3's form: base64 of four bytes, the most significant first. */
export function crc32Of(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

/**
 * Creates a multipart upload; returns its id. The parts may be sent later, or by another program. With `checksum`, S3
 * requires the checksum of every part with the part and when the upload is completed. Without it, S3 may refuse parts
 * that have one ("Checksum Type mismatch occurred, expected checksum Type: null").
 */
export async function createMultipart(
  client: S3Client,
  bucket: string,
  key: string,
  options: { readonly metadata?: Readonly<Record<string, string>>; readonly checksum?: 'CRC32' } = {},
): Promise<string> {
  const { metadata = {}, checksum } = options;
  try {
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({
        ...{ Bucket: bucket, Key: key, Metadata: { ...metadata } },
        ...(checksum === undefined ? {} : { ChecksumAlgorithm: checksum }),
        ContentType: 'application/zip',
      }),
    );
    if (UploadId !== undefined) return UploadId;
    throw new StorageError('unavailable', `S3 did not create an upload for ${s3Uri({ bucket, key })}.`);
  } catch (error) {
    throw storageError(error, 'create an upload to', bucket, key);
  }
}

/** Returns the id of the newest open upload to `key`, or undefined. */
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
    throw storageError(error, 'list the uploads to', bucket, key);
  }
}

/** Sends one part of an upload that was created with the checksum CRC32; returns its ETag. */
export async function putPart(
  client: S3Client,
  ref: MultipartRef,
  part: number,
  body: Buffer,
): Promise<string> {
  const { bucket, key, uploadId } = ref;
  try {
    const target = { Bucket: bucket, Key: key, UploadId: uploadId, PartNumber: part };
    const command = new UploadPartCommand({ ...target, Body: body, ChecksumCRC32: crc32Of(body) });
    const { ETag: etag = '' } = await client.send(command);
    return etag;
  } catch (error) {
    throw storageError(error, 'write a part of', bucket, key);
  }
}

/**
 * Lists the parts that S3 has received, by number.
 *
 * @throws StorageError `missing` if the upload was completed, aborted or never created
 */
export async function listParts(client: S3Client, ref: MultipartRef): Promise<UploadedPart[]> {
  const { bucket, key, uploadId } = ref;
  try {
    const parts: UploadedPart[] = [];
    for await (const page of paginateListParts(
      { client },
      { Bucket: bucket, Key: key, UploadId: uploadId },
    )) {
      for (const { PartNumber: part = 0, ETag: etag = '', Size: bytes = 0, ChecksumCRC32 } of page.Parts ??
        []) {
        parts.push({ part, etag, bytes, checksum: ChecksumCRC32 });
      }
    }
    return parts.sort((a, b) => a.part - b.part);
  } catch (error) {
    throw storageError(error, 'list the parts of the upload to', bucket, key);
  }
}

/** Completes a multipart upload: its parts become one object. */
export async function completeMultipart(
  client: S3Client,
  ref: MultipartRef,
  parts: readonly PartRef[],
): Promise<void> {
  const { bucket, key, uploadId } = ref;
  try {
    await client.send(
      new CompleteMultipartUploadCommand({
        Bucket: bucket,
        Key: key,
        UploadId: uploadId,
        MultipartUpload: {
          Parts: parts.map(({ part, etag, checksum }) => ({
            ...{ PartNumber: part, ETag: etag },
            ...(checksum === undefined ? {} : { ChecksumCRC32: checksum }),
          })),
        },
      }),
    );
  } catch (error) {
    throw storageError(error, 'complete the upload to', bucket, key);
  }
}

/** Aborts a multipart upload and deletes its parts; one that does not exist is no error. */
export async function abortMultipart(client: S3Client, ref: MultipartRef): Promise<void> {
  const { bucket, key, uploadId } = ref;
  try {
    await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId }));
  } catch (error) {
    const failure = storageError(error, 'abort the upload to', bucket, key);
    if (!(failure instanceof StorageError && failure.kind === 'missing')) throw failure;
  }
}
