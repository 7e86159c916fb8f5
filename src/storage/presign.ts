import { PutObjectCommand, type S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { AwsAccess } from '../lib/aws-access.js';
import { createS3Client } from './client.js';
import type { MultipartRef } from './multipart.js';

export interface PresignedPut {
  readonly url: string;
  /** To be sent with the PUT as they are. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The client that signs URLs, for the public S3 endpoint where there is one. A default client would sign the
 * checksum of an empty body into the URL.
 */
export function createPresignClient(aws: AwsAccess): S3Client {
  const s3 = aws.endpoints.publicS3 ?? aws.endpoints.s3;
  return createS3Client(
    { ...aws, endpoints: { ...aws.endpoints, s3 } },
    { requestChecksumCalculation: 'WHEN_REQUIRED' },
  );
}

/** A URL for one PUT, bound to one key and one content length. */
export async function presignPut(
  client: S3Client,
  put: { bucket: string; key: string; bytes: number; expiresInSecs: number },
): Promise<PresignedPut> {
  const command = new PutObjectCommand({ Bucket: put.bucket, Key: put.key, ContentLength: put.bytes });
  const url = await getSignedUrl(client, command, { expiresIn: put.expiresInSecs });
  return { url, headers: { 'content-length': String(put.bytes) } };
}

/** The same for one part of a multipart upload. */
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
