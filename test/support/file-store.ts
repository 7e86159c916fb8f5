import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { StorageError } from '../../src/storage/errors.js';
import { ObjectStore } from '../../src/storage/object-store.js';

/** A store that reads these objects by key, from any bucket, or fails with their errors. */
export function fileStore(files: Readonly<Record<string, string | StorageError>>): ObjectStore {
  const store = new ObjectStore(new S3Client({ region: 'us-east-1' }));
  store.getBytes = async (_, key) => {
    const file = files[key] ?? new StorageError('missing', `${key} is missing.`);
    if (typeof file !== 'string') throw file;
    return Buffer.from(file);
  };
  store.open = async (bucket, key) => {
    const bytes = await store.getBytes(bucket, key);
    return { body: Readable.from([bytes]), contentType: '', bytes: bytes.length, etag: '' };
  };
  return store;
}
