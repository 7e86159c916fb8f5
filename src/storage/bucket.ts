import {
  CreateBucketCommand,
  HeadBucketCommand,
  PutBucketCorsCommand,
  PutBucketOwnershipControlsCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { storageError } from './errors.js';

export interface BucketStep {
  readonly step: string;
  readonly status: 'done' | 'already' | 'unsupported';
  readonly detail: string;
}

/**
 * Creates the bucket or checks it. Private: public access is blocked, Rekognition reads with the caller's rights.
 * With `acl`, objects may be made public one by one, as the old system made its manifests. Pages of `origins` may
 * send uploads by presigned URLs; without any, the bucket's CORS stays as it is.
 */
export async function setupBucket(
  client: S3Client,
  options: { bucket: string; manifestAccess: 'private' | 'acl'; origins?: readonly string[] },
): Promise<BucketStep[]> {
  const { bucket, manifestAccess, origins = [] } = options;
  const isPrivate = manifestAccess === 'private';
  return [
    await ensureBucket(client, bucket),
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

/** What a page needs to send parts: PUT, and to see the ETag of each. */
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

async function ensureBucket(client: S3Client, bucket: string): Promise<BucketStep> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    return { step: 'bucket', status: 'already', detail: bucket };
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status !== 404) throw storageError(error, 'look at', bucket);
  }
  const region = await client.config.region();
  try {
    // us-east-1 is the one region that must not be named.
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

/** Small S3 servers lack some bucket settings; that is said, and goes on. */
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
      return { step, status: 'unsupported', detail: 'this S3 server has no such setting' };
    }
    throw storageError(error, `set the ${step} of`, bucket);
  }
}
