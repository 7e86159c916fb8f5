import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { uploadByEndpoint } from '../../src/endpoint-client/upload.js';
import { createS3Client } from '../../src/storage/client.js';
import { createMultipart } from '../../src/storage/multipart.js';
import { uploadResumably } from '../../src/storage/resumable-upload.js';
import { awsOf } from '../support/aws.js';
import { startTestEndpoint } from '../support/endpoint.js';
import { type Recorded, startRecordingProxy } from '../support/recording-proxy.js';
import { startTestSeaweedFs, type TestS3, temporaryHome } from '../support/servers.js';

const MEGABYTE = 1024 * 1024;
/** Parts of 16 MiB of one byte each, and the rest. */
const CONTENT = Buffer.concat([16, 16, 3].map((size, index) => Buffer.alloc(size * MEGABYTE, index + 1)));
/** CRC-32 of each part as Python's `zlib.crc32` computes it, in base64. */
const CHECKSUMS = ['TiUD0Q==', 'q77iPQ==', 'UwgYUw=='];

describe('checksums of uploads in parts', () => {
  let s3: TestS3;
  let home: string;
  let path: string;
  let proxy: Awaited<ReturnType<typeof startRecordingProxy>>;
  let env: Record<string, string>;
  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
    ({ home } = await temporaryHome());
    path = join(home, 'large.zip');
    await writeFile(path, CONTENT);
  });
  beforeEach(async () => {
    proxy = await startRecordingProxy(s3.endpoint);
    env = { ...s3.env, AWS_ENDPOINT_URL_S3: proxy.endpoint };
  });
  afterEach(async () => await proxy.stop());
  afterAll(async () => {
    await s3.stop();
    await rm(home, { recursive: true, force: true });
  });

  const upload = async (key: string) => {
    const client = createS3Client(awsOf(env));
    const file = { bucket: s3.bucket, key, path, bytes: CONTENT.length, metadata: {} };
    await uploadResumably(client, file, () => undefined);
    return client;
  };
  const creates = () => proxy.requests.filter(({ query }) => query.has('uploads') && !query.has('prefix'));
  const parts = () =>
    proxy.requests
      .filter(({ query }) => query.has('partNumber'))
      .sort((a, b) => Number(a.query.get('partNumber')) - Number(b.query.get('partNumber')));
  const checksumsAtComplete = () => {
    const complete = proxy.requests.find(({ method, query }) => method === 'POST' && query.has('uploadId'));
    const xml = complete?.body.toString('utf8') ?? '';
    return [...xml.matchAll(/<ChecksumCRC32>([^<]+)</g)].map(([, checksum]) => checksum);
  };
  const checksumOf = ({ headers }: Recorded) => headers['x-amz-checksum-crc32'];

  it('an upload declares CRC32, and sends the checksum of each part with the part and at the end', async () => {
    const client = await upload('whole.zip');
    const [created] = creates().filter(({ method }) => method === 'POST');
    expect(created?.headers['x-amz-checksum-algorithm']).toBe('CRC32');
    expect(parts().map(checksumOf)).toEqual(CHECKSUMS);
    expect(checksumsAtComplete()).toEqual(CHECKSUMS);
    const object = { Bucket: s3.bucket, Key: 'whole.zip', ChecksumMode: 'ENABLED' } as const;
    const { ChecksumCRC32 } = await client.send(new HeadObjectCommand(object));
    expect(ChecksumCRC32).toMatch(/-3$/);
  });

  it('a resumed upload also sends the checksums of the parts that S3 had', async () => {
    const client = createS3Client(awsOf(s3.env));
    const stop = new Error('stop after the first part');
    const file = { bucket: s3.bucket, key: 'resumed.zip', path, bytes: CONTENT.length, metadata: {} };
    const interrupted = uploadResumably(client, file, () => {
      throw stop;
    });
    await expect(interrupted).rejects.toBe(stop);
    await upload('resumed.zip');
    expect(parts().length).toBeLessThan(CHECKSUMS.length);
    expect(checksumsAtComplete()).toEqual(CHECKSUMS);
  });

  it('an open upload without parts, which may not accept checksums, is not resumed', async () => {
    const client = createS3Client(awsOf(s3.env));
    const undeclared = await createMultipart(client, s3.bucket, 'undeclared.zip');
    await upload('undeclared.zip');
    expect(parts().map(({ query }) => query.get('uploadId') === undeclared)).toEqual([false, false, false]);
    expect(checksumsAtComplete()).toEqual(CHECKSUMS);
  });

  it('an upload by presigned URLs, whose senders compute no checksums, declares none', async () => {
    const endpoint = await startTestEndpoint({ s3: env, bucket: s3.bucket });
    try {
      await uploadByEndpoint({
        endpoint: { url: endpoint.url, token: undefined },
        ...{ path, size: CONTENT.length, filename: 'large.zip', dataset: 'skin', home },
        onProgress: () => undefined,
      });
    } finally {
      await endpoint.stop();
    }
    const [created] = creates().filter(({ method }) => method === 'POST');
    expect(created?.headers['x-amz-checksum-algorithm']).toBeUndefined();
    expect(parts().map(checksumOf)).toEqual([undefined, undefined, undefined]);
    expect(checksumsAtComplete()).toEqual([]);
  });
});
