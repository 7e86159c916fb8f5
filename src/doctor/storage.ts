import { randomBytes } from 'node:crypto';
import {
  GetBucketAclCommand,
  GetBucketLocationCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { bucketExists } from '../storage/bucket.js';
import { storageError } from '../storage/errors.js';
import { abortMultipart, createMultipart, findMultipart, listParts, putPart } from '../storage/multipart.js';
import { ObjectStore } from '../storage/object-store.js';
import { type Check, checked } from './check.js';

const CONNECTION = 'check BUCKET, AWS_REGION, the credentials and the IAM policy (see docs/aws.md)';
const SETUP = 'create it with `curator bucket setup`';
const POLICY = 'allow it in the IAM policy (see docs/aws.md)';

/** Checks what every call to AWS needs: credentials and a region. */
export async function checkIdentity(client: S3Client): Promise<Check[]> {
  return [
    await checked(
      'credentials',
      'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE',
      async () => {
        const { accessKeyId } = await client.config.credentials();
        return `access key …${accessKeyId.slice(-4)}`;
      },
    ),
    await checked('region', 'set AWS_REGION to the region of the bucket', () => client.config.region()),
  ];
}

/**
 * Checks the S3 permissions that worker and ingest need by using them: writes, reads and removes one small object under
 * datasets/, and opens and aborts a multipart upload under landing/. The cost is that of a few requests.
 */
export async function checkStorage(
  client: S3Client,
  bucket: string,
  manifestAccess: 'private' | 'acl',
): Promise<Check[]> {
  const found = await checked('bucket', CONNECTION, async () =>
    (await bucketExists(client, bucket))
      ? bucket
      : { check: 'bucket', status: 'missing', detail: `${bucket} does not exist`, remedy: SETUP },
  );
  if (found.status === 'missing') return [found];
  return [
    found,
    ...(await checkAccess(client, bucket, manifestAccess)),
    ...(await checkUploads(client, bucket)),
  ];
}

async function checkAccess(
  client: S3Client,
  bucket: string,
  manifestAccess: 'private' | 'acl',
): Promise<Check[]> {
  const store = new ObjectStore(client);
  const key = testKey('datasets/');
  const checks = [
    await checked('bucket region', 'set AWS_REGION to the region of the bucket', () =>
      region(client, bucket),
    ),
    await checked('list objects', POLICY, async () => {
      for await (const _ of store.list(bucket, key)) break;
      return 's3:ListBucket';
    }),
    await checked('bucket ACL', POLICY, () => readAcl(client, bucket)),
    await checked('write objects', POLICY, async () => {
      await store.put(bucket, key, 'curator doctor');
      return 's3:PutObject';
    }),
    await checked('read objects', POLICY, async () => {
      await store.getBytes(bucket, key);
      return 's3:GetObject';
    }),
  ];
  if (manifestAccess === 'acl') {
    checks.push(
      await checked('public manifests', 'run `curator bucket setup` with MANIFEST_ACCESS=acl', async () => {
        await store.makePublic(bucket, key);
        return 's3:PutObjectAcl';
      }),
    );
  }
  const removed = await checked('remove objects', POLICY, async () => {
    await store.remove(bucket, key);
    return 's3:DeleteObject';
  });
  return [...checks, removed];
}

/** Checks what an upload in parts needs, and what resuming it needs. */
async function checkUploads(client: S3Client, bucket: string): Promise<Check[]> {
  const key = testKey('landing/');
  let uploadId = '';
  const sent = await checked('upload parts', POLICY, async () => {
    uploadId = await createMultipart(client, bucket, key, { checksum: 'CRC32' });
    await putPart(client, { bucket, key, uploadId }, 1, Buffer.from('curator doctor'));
    return 's3:PutObject';
  });
  if (uploadId === '') return [sent];
  return [
    sent,
    await checked('find uploads', POLICY, async () => {
      await findMultipart(client, bucket, key);
      return 's3:ListBucketMultipartUploads';
    }),
    await checked('list parts', POLICY, async () => {
      await listParts(client, { bucket, key, uploadId });
      return 's3:ListMultipartUploadParts';
    }),
    await checked('abort uploads', POLICY, async () => {
      await abortMultipart(client, { bucket, key, uploadId });
      return 's3:AbortMultipartUpload';
    }),
  ];
}

/** A key of no dataset: dataset names begin with a letter or digit. */
const testKey = (prefix: 'datasets/' | 'landing/') => `${prefix}.doctor-${randomBytes(6).toString('hex')}`;

async function region(client: S3Client, bucket: string): Promise<string | Check> {
  const { LocationConstraint } = await send(bucket, 'get the region of', () =>
    client.send(new GetBucketLocationCommand({ Bucket: bucket })),
  );
  // us-east-1 has no location constraint, and EU is an old name of eu-west-1.
  const found = LocationConstraint ? LocationConstraint.replace(/^EU$/, 'eu-west-1') : 'us-east-1';
  const expected = await client.config.region();
  if (found === expected) return found;
  throw new Error(
    `The bucket is in ${found} but AWS_REGION is ${expected}: Rekognition reads buckets in its own region only.`,
  );
}

/** Rekognition reads the bucket's ACL with the caller's permissions. */
async function readAcl(client: S3Client, bucket: string): Promise<string | Check> {
  try {
    await client.send(new GetBucketAclCommand({ Bucket: bucket }));
    return 's3:GetBucketAcl';
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 501) {
      return 'not supported by this S3 server';
    }
    throw storageError(error, 'read the ACL of', bucket);
  }
}

async function send<T>(bucket: string, action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw storageError(error, action, bucket);
  }
}
