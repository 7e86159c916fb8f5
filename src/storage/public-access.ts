import {
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyStatusCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { StorageError, storageError } from './errors.js';

/**
 * Checks that blocking public access takes no access from anybody: ACLs are disabled, and the bucket has no public policy.
 *
 * @throws StorageError if objects of the bucket may be public, or if S3 does not allow the check
 */
export async function assertNotPublic(client: S3Client, bucket: string): Promise<void> {
  const ways = [
    ...((await usesAcls(client, bucket)) ? ['the ACLs of its objects'] : []),
    ...((await hasPublicPolicy(client, bucket)) ? ['its policy'] : []),
  ];
  if (ways.length === 0) return;
  throw new StorageError(
    'refused',
    `The bucket ${bucket} may have public readers now, through ${ways.join(' and ')}; manifests of an earlier system may be read that way. Nothing was changed. To make everything private, add --block-public-access; to keep public manifests, set MANIFEST_ACCESS=acl.`,
  );
}

/** Buckets without this setting were created before April 2023 and use ACLs. */
async function usesAcls(client: S3Client, bucket: string): Promise<boolean> {
  const ownership = await read(bucket, 'OwnershipControlsNotFoundError', async () => {
    const { OwnershipControls: controls } = await client.send(
      new GetBucketOwnershipControlsCommand({ Bucket: bucket }),
    );
    return controls?.Rules?.[0]?.ObjectOwnership;
  });
  return ownership !== 'unsupported' && ownership !== 'BucketOwnerEnforced';
}

async function hasPublicPolicy(client: S3Client, bucket: string): Promise<boolean> {
  const isPublic = await read(bucket, 'NoSuchBucketPolicy', async () => {
    const { PolicyStatus: status } = await client.send(new GetBucketPolicyStatusCommand({ Bucket: bucket }));
    return status?.IsPublic;
  });
  return isPublic === true;
}

/** Reads a setting: undefined if the bucket does not have it, `unsupported` if the S3 server does not. */
async function read<T>(
  bucket: string,
  absent: string,
  send: () => Promise<T | undefined>,
): Promise<T | 'unsupported' | undefined> {
  try {
    return await send();
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status === 501 || status === 405) return 'unsupported';
    if (error instanceof S3ServiceException && error.name === absent) return undefined;
    throw storageError(error, 'read the public access of', bucket);
  }
}
