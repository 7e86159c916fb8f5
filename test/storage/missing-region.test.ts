import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';

const FILES = ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'] as const;
const before = FILES.map((name) => [name, process.env[name]] as const);

beforeEach(() => {
  for (const name of FILES) process.env[name] = '/nowhere';
});
afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

it('a call without a region names the variable and is not sent', async () => {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  // Nothing listens there: a call that is sent fails with another error.
  const client = createS3Client({
    region: undefined,
    credentials,
    endpoints: { s3: 'http://127.0.0.1:1' },
  });
  await expect(new ObjectStore(client).head('b', 'a.zip')).rejects.toMatchObject({
    name: 'UsageError',
    message: 'No AWS region is set. Set AWS_REGION to the region of the bucket.',
  });
});
