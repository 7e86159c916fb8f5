import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { byCodePoint } from '../../src/lib/order.js';
import { setupBucket } from '../../src/storage/bucket.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { createPresignClient, presignPut } from '../../src/storage/presign.js';
import { awsOf } from '../support/aws.js';
import { startTestSeaweedFs, type TestS3 } from '../support/servers.js';

describe('ObjectStore', () => {
  let s3: TestS3;
  let store: ObjectStore;
  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
    store = new ObjectStore(createS3Client(awsOf(s3.env)));
  });
  afterAll(async () => await s3.stop());

  const text = async (key: string, range = {}) => (await store.getBytes(s3.bucket, key, range)).toString();

  it('reads an object that it wrote, whole and in part', async () => {
    await store.put(s3.bucket, 'ünïcode name.txt', 'abcdef', { metadata: { sha256: '1' } });
    expect(await text('ünïcode name.txt')).toBe('abcdef');
    expect(await text('ünïcode name.txt', { start: 2, end: 4 })).toBe('cd');
    expect(await store.head(s3.bucket, 'ünïcode name.txt')).toMatchObject({
      bytes: 6,
      metadata: { sha256: '1' },
    });
  });

  it('keeps an existing object with ifNoneMatch', async () => {
    const put = async (body: string) => await store.put(s3.bucket, 'once', body, { ifNoneMatch: true });
    expect([await put('first'), await put('second')]).toEqual(['written', 'exists']);
    expect(await text('once')).toBe('first');
  });

  it('signs a body with the hash that the caller knows instead of computing it', async () => {
    const client = createS3Client(awsOf(s3.env));
    const signed: unknown[] = [];
    client.middlewareStack.add(
      (next) => async (args) => {
        signed.push((args.request as { headers: Record<string, string> }).headers['x-amz-content-sha256']);
        return await next(args);
      },
      { step: 'deserialize' },
    );
    // AWS refuses a hash that is not that of the body; SeaweedFS does not compare them.
    const sha256 = 'f'.repeat(64);
    await new ObjectStore(client).put(s3.bucket, 'hashed', 'body', { sha256 });
    expect(signed).toEqual([sha256]);
  });

  it('lets exactly one of many concurrent writers write with ifNoneMatch', async () => {
    const writers = Array.from({ length: 12 }, (_, i) =>
      store.put(s3.bucket, 'race', `${i}`, { ifNoneMatch: true }),
    );
    const outcomes = await Promise.all(writers);
    expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
  });

  it('writes a stream in parts and reports the bytes sent', async () => {
    const part = Buffer.alloc(1024 * 1024, 1);
    const sent: number[] = [];
    await store.putStream(
      s3.bucket,
      'large',
      Array.from({ length: 20 }, () => part),
      {
        onProgress: (bytes) => sent.push(bytes),
      },
    );
    expect((await store.head(s3.bucket, 'large'))?.bytes).toBe(20 * part.length);
    expect(Math.max(...sent)).toBe(20 * part.length);
    expect(sent.length).toBeGreaterThan(1);
  });

  it('copies, lists and removes objects', async () => {
    await store.put(s3.bucket, 'list/a b', '1');
    await store.copy(s3.bucket, 'list/a b', 'list/c');
    const keys = async () => {
      const found: string[] = [];
      for await (const { key } of store.list(s3.bucket, 'list/')) found.push(key);
      return found.sort(byCodePoint);
    };
    expect(await keys()).toEqual(['list/a b', 'list/c']);
    await store.remove(s3.bucket, 'list/c');
    expect(await keys()).toEqual(['list/a b']);
  });

  it('returns undefined for a missing object, and throws if the object is required', async () => {
    expect(await store.head(s3.bucket, 'none')).toBeUndefined();
    expect(await store.findJson(s3.bucket, 'none', z.any())).toBeUndefined();
    await expect(store.getBytes(s3.bucket, 'none')).rejects.toMatchObject({
      kind: 'missing',
      message: expect.stringContaining(`s3://${s3.bucket}/none`),
    });
  });

  it('refuses JSON that does not match the schema and names the field', async () => {
    await store.put(s3.bucket, 'odd.json', '{"count":"three"}');
    const schema = z.object({ count: z.number() });
    await expect(store.getJson(s3.bucket, 'odd.json', schema)).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/odd\.json .*count/),
    });
  });

  it.each([
    [{ AWS_SECRET_ACCESS_KEY: 'wrong' }, 'AWS_SECRET_ACCESS_KEY'],
    [{ AWS_ACCESS_KEY_ID: 'nobody' }, 'AWS_ACCESS_KEY_ID'],
  ])('names the wrong credential and does not retry: %j', async (change, variable) => {
    const stranger = new ObjectStore(createS3Client(awsOf({ ...s3.env, ...change })));
    await expect(stranger.getBytes(s3.bucket, 'once')).rejects.toMatchObject({
      kind: 'refused',
      retryable: false,
      message: expect.stringContaining(variable),
    });
  });

  it('reports a server that does not respond as unavailable and retryable', async () => {
    const nowhere = new ObjectStore(
      createS3Client(awsOf({ ...s3.env, AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' })),
    );
    await expect(nowhere.getBytes(s3.bucket, 'once')).rejects.toMatchObject({
      kind: 'unavailable',
      retryable: true,
    });
  });

  it('aborts a request on its signal', async () => {
    const stop = AbortSignal.abort(new Error('stop'));
    await expect(store.getBytes(s3.bucket, 'once', { signal: stop })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('allows uploads only from pages of the configured origins', async () => {
    const client = createS3Client(awsOf(s3.env));
    await setupBucket(client, {
      bucket: 'page-bucket',
      manifestAccess: 'private',
      origins: ['https://page.example'],
    });
    const { url } = await presignPut(createPresignClient(awsOf(s3.env)), {
      ...{ bucket: 'page-bucket', key: 'landing/x.zip', bytes: 3, expiresInSecs: 60 },
    });
    const preflight = async (origin: string) =>
      await fetch(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PUT' } });
    const allowed = await preflight('https://page.example');
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://page.example');
    expect(allowed.headers.get('access-control-expose-headers')).toMatch(/etag/i);
    expect((await preflight('https://evil.example')).status).toBe(403);
  });

  it('signs URLs that S3 refuses once they have expired, and for another length', async () => {
    const { url } = await presignPut(createPresignClient(awsOf(s3.env)), {
      ...{ bucket: s3.bucket, key: 'landing/late.zip', bytes: 3, expiresInSecs: 2 },
    });
    const put = async (body: string) => (await fetch(url, { method: 'PUT', body })).status;
    for (const other of ['', 'ab', 'abcd']) expect(await put(other)).toBe(403);
    let status = await put('abc');
    expect(status).toBe(200);
    while (status === 200) status = await put('abc');
    expect(status).toBe(403);
  });

  it('sets up a bucket repeatedly and reports settings that the server does not support', async () => {
    const client = createS3Client(awsOf(s3.env));
    const setup = async () =>
      await setupBucket(client, { bucket: 'fresh-bucket', manifestAccess: 'private' });
    expect((await setup())[0]).toMatchObject({ step: 'bucket', status: 'done' });
    const again = await setup();
    expect(again[0]).toMatchObject({ step: 'bucket', status: 'already' });
    expect(again.find(({ step }) => step === 'public access')).toMatchObject({ status: 'unsupported' });
  });
});
