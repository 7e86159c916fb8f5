import { S3Client } from '@aws-sdk/client-s3';
import { expect, it } from '@jest/globals';
import { ObjectStore } from '../../src/storage/object-store.js';

it('a call without a region names the variable and is not retried', async () => {
  // What the SDK does if neither a variable nor a profile nor the metadata of a machine has a region.
  const client = new S3Client({ region: () => Promise.reject<string>(new Error('Region is missing')) });
  await expect(new ObjectStore(client).head('b', 'a.zip')).rejects.toMatchObject({
    name: 'StorageError',
    message:
      'Could not check s3://b/a.zip: No AWS region is set. Set AWS_REGION to the region of the bucket.',
    retryable: false,
  });
});
