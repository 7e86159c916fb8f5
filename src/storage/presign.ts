import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createS3Client } from './client.js';

export interface PresignedPut {
  readonly url: string;
  /** To be sent with the PUT as they are. */
  readonly headers: Readonly<Record<string, string>>;
  /** ISO time. */
  readonly expiresAt: string;
}

/** A default client would sign the checksum of an empty body into the URL. */
export function createPresignClient(env: NodeJS.ProcessEnv = process.env): S3Client {
  return createS3Client(env, { requestChecksumCalculation: 'WHEN_REQUIRED' });
}

/** A URL for one PUT, bound to one key and one content length. */
export async function presignPut(
  client: S3Client,
  put: { bucket: string; key: string; bytes: number; expiresInSecs: number },
): Promise<PresignedPut> {
  const command = new PutObjectCommand({ Bucket: put.bucket, Key: put.key, ContentLength: put.bytes });
  const expiresAt = new Date(Date.now() + put.expiresInSecs * 1000).toISOString();
  const url = await getSignedUrl(client, command, {
    expiresIn: put.expiresInSecs,
    unhoistableHeaders: new Set(['content-length']),
    signableHeaders: new Set(['host', 'content-length']),
  });
  return { url, headers: { 'content-length': String(put.bytes) }, expiresAt };
}
