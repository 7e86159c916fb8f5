import {
  CreateBucketCommand,
  ListObjectsV2Command,
  PutBucketCorsCommand,
  PutBucketOwnershipControlsCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { storageError } from './errors.js';
import { assertNotPublic } from './public-access.js';

/** The result of one step of the bucket's setup. */
export interface BucketStep {
  readonly step: string;
  readonly status: 'done' | 'already' | 'unsupported';
  readonly detail: string;
}

/**
 * Creates the bucket if it is missing, and applies its settings. `private` blocks public access; Rekognition then reads
 * with the caller's rights. `acl` allows single objects to be made public-read. Pages of `origins` may upload to
 * presigned URLs; without origins the bucket's CORS rules are left unchanged. With `private`, a bucket whose objects may
 * be public now is left as it is unless `blockPublicAccess` is set.
 *
 * @throws StorageError if the server refuses a step that it supports, or if objects may be public now
 */
export async function setupBucket(
  client: S3Client,
  options: {
    bucket: string;
    manifestAccess: 'private' | 'acl';
    origins?: readonly string[];
    blockPublicAccess?: boolean;
  },
): Promise<BucketStep[]> {
  const { bucket, manifestAccess, origins = [], blockPublicAccess = false } = options;
  const isPrivate = manifestAccess === 'private';
  const found = await ensureBucket(client, bucket);
  if (found.status === 'already' && isPrivate && !blockPublicAccess) await assertNotPublic(client, bucket);
  return [
    found,
    await attempt('object ownership', isPrivate ? 'bucket owner enforced' : 'ACLs enabled', bucket, () =>
      client.send(
        new PutBucketOwnershipControlsCommand({
          Bucket: bucket,
          OwnershipControls: {
            Rules: [{ ObjectOwnership: isPrivate ? 'BucketOwnerEnforced' : 'BucketOwnerPreferred' }],
          },
        }),
      ),
    ),
    await attempt(
      'public access',
      isPrivate ? 'blocked' : 'public ACLs allowed, policies blocked',
      bucket,
      () =>
        client.send(
          new PutPublicAccessBlockCommand({
            Bucket: bucket,
            PublicAccessBlockConfiguration: {
              BlockPublicAcls: isPrivate,
              IgnorePublicAcls: isPrivate,
              BlockPublicPolicy: true,
              RestrictPublicBuckets: true,
            },
          }),
        ),
    ),
    ...(origins.length > 0 ? [await allowUploads(client, bucket, origins)] : []),
  ];
}

/** Allows what a page needs to upload parts: PUT, and access to the ETag of each response. */
async function allowUploads(
  client: S3Client,
  bucket: string,
  origins: readonly string[],
): Promise<BucketStep> {
  const rule = {
    AllowedOrigins: [...origins],
    AllowedMethods: ['PUT'],
    AllowedHeaders: ['content-type'],
    ExposeHeaders: ['ETag'],
    MaxAgeSeconds: 600,
  };
  return await attempt('CORS', `uploads from ${origins.join(', ')}`, bucket, () =>
    client.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules: [rule] } })),
  );
}

/**
 * Returns whether the bucket exists. Lists one object, which needs the same permission as HeadBucket, s3:ListBucket, but
 * has a response that says why S3 refuses.
 *
 * @throws StorageError if S3 refuses: the bucket is in another region, or access is denied
 */
export async function bucketExists(client: S3Client, bucket: string): Promise<boolean> {
  try {
    await client.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 }));
    return true;
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status === 404) return false;
    throw storageError(error, 'check', bucket);
  }
}

async function ensureBucket(client: S3Client, bucket: string): Promise<BucketStep> {
  if (await bucketExists(client, bucket)) return { step: 'bucket', status: 'already', detail: bucket };
  const region = await client.config.region();
  try {
    // S3 refuses a location constraint for us-east-1.
    const constraint =
      region === 'us-east-1'
        ? {}
        : { CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' } };
    await client.send(new CreateBucketCommand({ Bucket: bucket, ...constraint }));
  } catch (error) {
    throw storageError(error, 'create', bucket);
  }
  return { step: 'bucket', status: 'done', detail: `${bucket} in ${region}` };
}

/** Applies one setting. Small S3 servers lack some of them, which is reported as `unsupported`. */
async function attempt(
  step: string,
  detail: string,
  bucket: string,
  send: () => Promise<unknown>,
): Promise<BucketStep> {
  try {
    await send();
    return { step, status: 'done', detail };
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status === 501 || status === 405) {
      return { step, status: 'unsupported', detail: 'this S3 server does not support the setting' };
    }
    throw storageError(error, `set the ${step} of`, bucket);
  }
}
