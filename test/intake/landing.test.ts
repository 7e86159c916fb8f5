import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openInput } from '../../src/input/input.js';
import { landInput } from '../../src/intake/landing.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { awsOf } from '../support/aws.js';
import { SMALL_DATASET } from '../support/pipeline.js';
import { startTestSeaweedFs, type TestS3 } from '../support/servers.js';

describe('landInput', () => {
  let s3: TestS3;
  let store: ObjectStore;
  let home: string;
  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
    store = new ObjectStore(createS3Client(awsOf(s3.env)));
    home = mkdtempSync(join(tmpdir(), 'curator-landing-'));
    await store.client.send(new CreateBucketCommand({ Bucket: 'elsewhere' }));
  });
  afterAll(async () => {
    rmSync(home, { recursive: true });
    await s3.stop();
  });

  /** A client whose connection is lost after `count` parts; `sent` returns the number of parts that were sent. */
  function losingClient(count: number): { client: S3Client; sent: () => number } {
    const client = createS3Client(awsOf(s3.env));
    let sent = 0;
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName !== 'UploadPartCommand') return await next(args);
          if (sent >= count) throw new Error('The connection was lost.');
          sent += 1;
          return await next(args);
        },
      { step: 'initialize' },
    );
    return { client, sent: () => sent };
  }

  const land = async (named: string, dataset = 'skin', into = store) =>
    await landInput(
      into,
      s3.bucket,
      await openInput(named, () => undefined),
      { dataset, settings: SMALL_DATASET },
      () => undefined,
    );

  it('uploads a file once for the same dataset and settings', async () => {
    const path = join(home, 'Skin Photos.zip');
    writeFileSync(path, 'an archive');
    const first = await land(path);
    expect(first.key).toMatch(/^landing\/skin\/[0-9a-f]{16}\/Skin-Photos\.zip$/);
    expect(await land(path)).toEqual(first);
    expect((await land(path, 'other')).key).not.toBe(first.key);
    const request = await store.getBytes(s3.bucket, first.key.replace(/[^/]+$/, 'request.json'));
    expect(JSON.parse(request.toString())).toEqual({ dataset: 'skin', settings: SMALL_DATASET });
  });

  it('sends only the missing parts of an interrupted upload', async () => {
    const path = join(home, 'large.zip');
    const bytes = Buffer.alloc(40 * 1024 * 1024, 'forty megabytes ');
    writeFileSync(path, bytes);
    const cut = losingClient(2);
    const failed = land(path, 'cut', new ObjectStore(cut.client));
    await expect(failed).rejects.toThrow(/write a part/);
    const counted = losingClient(Number.POSITIVE_INFINITY);
    const { key } = await land(path, 'cut', new ObjectStore(counted.client));
    expect([cut.sent(), counted.sent()]).toEqual([2, 1]);
    expect((await store.getBytes(s3.bucket, key)).equals(bytes)).toBe(true);
  });

  it('copies an S3 object of any bucket, and copies it again after it was replaced', async () => {
    await store.put('elsewhere', 'exports/skin v1.zip', 'an archive in S3');
    const first = await land('s3://elsewhere/exports/skin v1.zip');
    expect((await store.getBytes(s3.bucket, first.key)).toString()).toBe('an archive in S3');
    expect(await land('s3://elsewhere/exports/skin v1.zip')).toEqual(first);
    await store.put('elsewhere', 'exports/skin v1.zip', 'another archive');
    const second = await land('s3://elsewhere/exports/skin v1.zip');
    expect(second.key).not.toBe(first.key);
    expect((await store.getBytes(s3.bucket, first.key)).toString()).toBe('an archive in S3');
  });

  it.each([
    ['s3://elsewhere/nothing.zip', /s3:\/\/elsewhere\/nothing\.zip: the object does not exist/],
    ['s3://missing-bucket/a.zip', /s3:\/\/missing-bucket\/a\.zip: the bucket missing-bucket does not exist/],
    ['s3://elsewhere', /does not name an S3 object/],
    ['/nowhere/a.zip', /no such file or folder/],
  ])('refuses %s, which does not exist', async (named, message) => {
    await expect(land(named)).rejects.toThrow(message);
  });
});
