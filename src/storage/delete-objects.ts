import { DeleteObjectsCommand, type S3Client } from '@aws-sdk/client-s3';
import { s3Uri } from '../lib/s3-uri.js';
import { StorageError, storageError } from './errors.js';

/** S3's maximum number of keys per DeleteObjects request. */
export const MAX_DELETED_KEYS = 1000;

/**
 * Deletes up to MAX_DELETED_KEYS objects with one request; those that do not exist are no error.
 * @throws StorageError if S3 refuses the request or any of the keys; the other objects are deleted
 */
export async function deleteObjects(
  client: S3Client,
  bucket: string,
  keys: readonly string[],
): Promise<void> {
  const command = new DeleteObjectsCommand({
    Bucket: bucket,
    Delete: { Objects: keys.map((key) => ({ Key: key })), Quiet: true },
  });
  const { Errors: refused = [] } = await client.send(command).catch((error: unknown) => {
    throw storageError(error, 'delete objects of', bucket);
  });
  const [first] = refused;
  if (!first) return;
  const uri = s3Uri({ bucket, key: first.Key ?? '' });
  const advice =
    first.Code === 'AccessDenied' ? 'allow s3:DeleteObject (docs/aws.md has the policies)' : 'try again';
  throw new StorageError(
    first.Code === 'AccessDenied' ? 'refused' : 'unavailable',
    `S3 did not delete ${refused.length} of ${keys.length} objects, the first is ${uri} (${first.Code})`,
    { advice },
  );
}
