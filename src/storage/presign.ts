import { PutObjectCommand, type S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { AwsAccess } from '../lib/aws-access.js';
import { createS3Client } from './client.js';
import type { MultipartRef } from './multipart.js';

/** A presigned PUT request. */
export interface PresignedPut {
  readonly url: string;
  /** Headers that must be sent with the PUT, unchanged. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Creates the client that signs URLs. They are for the public S3 endpoint if one is configured. A default client would
 * sign the checksum of an empty body into the URL.
 */
export function createPresignClient(aws: AwsAccess): S3Client {
  const s3 = aws.endpoints.publicS3 ?? aws.endpoints.s3;
  return createS3Client(
    { ...aws, endpoints: { ...aws.endpoints, s3 } },
    { requestChecksumCalculation: 'WHEN_REQUIRED' },
  );
}

/** Returns a presigned URL for one PUT of `bytes` bytes to one key. */
export async function presignPut(
  client: S3Client,
  put: { bucket: string; key: string; bytes: number; expiresInSecs: number },
): Promise<PresignedPut> {
  const command = new PutObjectCommand({ Bucket: put.bucket, Key: put.key, ContentLength: put.bytes });
  const url = await getSignedUrl(client, command, { expiresIn: put.expiresInSecs });
  return { url, headers: { 'content-length': String(put.bytes) } };
}

/** Returns a presigned URL for one PUT of `bytes` bytes as one part of a multipart upload. */
export async function presignPart(
  client: S3Client,
  { bucket, key, uploadId }: MultipartRef,
  put: { part: number; bytes: number; expiresInSecs: number },
): Promise<PresignedPut> {
  const command = new UploadPartCommand({
    Bucket: bucket,
    Key: key,
    UploadId: uploadId,
    PartNumber: put.part,
    ContentLength: put.bytes,
  });
  const url = await getSignedUrl(client, command, { expiresIn: put.expiresInSecs });
  return { url, headers: { 'content-length': String(put.bytes) } };
}
