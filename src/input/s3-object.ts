import { s3Uri } from '../lib/s3-uri.js';
import { UsageError } from '../lib/usage-error.js';
import { bucketExists } from '../storage/bucket.js';
import type { ObjectInfo, ObjectStore } from '../storage/object-store.js';

/**
 * Describes an object that a person has named.
 * @throws UsageError if the bucket or the object does not exist, StorageError if S3 refuses
 */
export async function namedObject(
  store: ObjectStore,
  object: { readonly bucket: string; readonly key: string },
): Promise<ObjectInfo> {
  const found = await store.head(object.bucket, object.key);
  if (found) return found;
  // A response to HEAD has no body, so it does not say which of the two is missing.
  const what = (await bucketExists(store.client, object.bucket)) ? 'object' : `bucket ${object.bucket}`;
  throw new UsageError(`${s3Uri(object)}: the ${what} does not exist.`);
}
