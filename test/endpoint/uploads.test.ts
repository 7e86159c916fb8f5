import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { uploadByEndpoint } from '../../src/endpoint-client/upload.js';
import { createPresignClient, presignPut } from '../../src/storage/presign.js';
import { awsOf } from '../support/aws.js';
import { startTestEndpoint, type TestEndpoint } from '../support/endpoint.js';
import { startTestSeaweedFs, type TestS3, temporaryHome } from '../support/servers.js';

const PART = 16 * 1024 * 1024;
const openedSchema = z.object({
  key: z.string(),
  multipart: z.object({ uploadId: z.string(), partBytes: z.number(), parts: z.number() }),
});
const signedSchema = z.object({
  parts: z.array(z.object({ part: z.number(), url: z.string(), headers: z.record(z.string(), z.string()) })),
  expiresAt: z.string(),
});

describe('multipart uploads over HTTP', () => {
  let s3: TestS3;
  let endpoint: TestEndpoint;
  let home: string;
  beforeAll(async () => {
    ({ home } = await temporaryHome());
    s3 = await startTestSeaweedFs();
    endpoint = await startTestEndpoint({ s3: s3.env, bucket: s3.bucket });
  });
  afterAll(async () => {
    await endpoint.stop();
    await s3.stop();
    await rm(home, { recursive: true });
  });

  async function open(size: number) {
    const query = `filename=big.zip&size=${size}&dataset=skin&multipart=true`;
    const { body } = await endpoint.call(`/data-presign?${query}`);
    const { key, multipart } = openedSchema.parse(body);
    return { key, uploadId: multipart.uploadId, multipart };
  }
  async function sign(ref: { key: string; uploadId: string }, parts: number[]) {
    const { body } = await endpoint.call('/uploads/parts', { ...ref, parts });
    return signedSchema.parse(body).parts;
  }
  const put = async (url: string, body: Buffer) => await fetch(url, { method: 'PUT', body });

  it('opens a multipart upload for more than 100 MB, and signs one PUT for less', async () => {
    const presign = async (size: number) =>
      (await endpoint.call(`/data-presign?filename=a.zip&size=${size}&dataset=skin`)).body;
    expect(await presign(100 * 1024 * 1024)).toHaveProperty('url');
    const large = await presign(100 * 1024 * 1024 + 1);
    expect(large).toMatchObject({ multipart: { partBytes: PART, parts: 7 } });
    expect(large).not.toHaveProperty('url');
    expect(await presign(2 * 1024 ** 4)).toMatchObject({ multipart: { partBytes: 210 * 1024 * 1024 } });
  });

  it('accepts parts in any order, resumes after an interruption, and completes to the same bytes', async () => {
    const content = randomBytes(PART + 1000);
    const { multipart, ...ref } = await open(content.length);
    expect(multipart.parts).toBe(2);
    const [second] = await sign(ref, [2]);
    expect((await put(second?.url ?? '', content.subarray(PART))).status).toBe(200);

    // As after a reload of the page, when only key and upload id are known.
    const there = await endpoint.call(`/uploads/parts?${new URLSearchParams(ref)}`);
    expect(there.body).toEqual([{ part: 2, etag: expect.any(String), bytes: 1000 }]);
    expect(await endpoint.call('/uploads/complete', ref)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('Part 1 of 2 is missing') },
    });
    const [first] = await sign(ref, [1]);
    expect((await put(first?.url ?? '', content.subarray(0, PART))).status).toBe(200);
    const parts = z
      .array(z.object({ part: z.number(), etag: z.string(), bytes: z.number() }))
      .parse((await endpoint.call(`/uploads/parts?${new URLSearchParams(ref)}`)).body);

    const completed = await endpoint.call('/uploads/complete', { ...ref, parts });
    expect(completed).toMatchObject({ status: 200, body: { key: ref.key, bytes: content.length } });
    expect((await endpoint.store.getBytes(s3.bucket, ref.key)).equals(content)).toBe(true);
    expect((await endpoint.call('/uploads/complete', ref)).body).toEqual(completed.body);
  });

  it('binds each part to its length and signs no part beyond the upload', async () => {
    const { multipart: _, ...ref } = await open(PART + 1000);
    const [second] = await sign(ref, [2]);
    expect((await put(second?.url ?? '', randomBytes(1001))).status).toBe(403);
    expect(await endpoint.call('/uploads/parts', { ...ref, parts: [3] })).toMatchObject({ status: 400 });
  });

  it('answers 400 if S3 refuses the ETag of a part, and completes the upload with the right one', async () => {
    const content = randomBytes(1000);
    const { multipart: _, ...ref } = await open(content.length);
    const [signed] = await sign(ref, [1]);
    const etag = (await put(signed?.url ?? '', content)).headers.get('etag') ?? '';
    const complete = async (given: string) =>
      await endpoint.call('/uploads/complete', { ...ref, parts: [{ part: 1, etag: given }] });
    expect(await complete('"00000000000000000000000000000000"')).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining(ref.key) },
    });
    expect(await complete(etag)).toMatchObject({ status: 200, body: { bytes: content.length } });
  });

  it('aborts an upload, also if it is aborted twice', async () => {
    const { multipart: _, ...ref } = await open(PART + 1000);
    expect((await endpoint.call('/uploads/abort', ref)).status).toBe(204);
    expect((await endpoint.call('/uploads/abort', ref)).status).toBe(204);
    expect((await endpoint.call(`/uploads/parts?${new URLSearchParams(ref)}`)).status).toBe(404);
    expect(await endpoint.call('/uploads/complete', ref)).toMatchObject({ status: 404 });
  });

  it('uploads a file in parts by the client and reports progress', async () => {
    const content = randomBytes(PART + 1000);
    const path = join(home, 'big.zip');
    await writeFile(path, content);
    const sent: number[] = [];
    const key = await uploadByEndpoint({
      ...{ endpoint: { url: endpoint.url, token: undefined }, path, size: content.length },
      ...{ filename: 'big.zip', dataset: 'skin', home },
      onProgress: (n) => sent.push(n),
    });
    expect((await endpoint.store.getBytes(s3.bucket, key)).equals(content)).toBe(true);
    expect(Math.max(...sent)).toBe(content.length);
  });

  it('signs URLs for the public address of S3', async () => {
    const client = createPresignClient(
      awsOf({ ...s3.env, CURATOR_PUBLIC_S3_URL: 'https://s3.example:9000' }),
    );
    const { url } = await presignPut(client, {
      ...{ bucket: s3.bucket, key: 'landing/x.zip', bytes: 1, expiresInSecs: 60 },
    });
    expect(new URL(url).origin).toBe('https://s3.example:9000');
  });

  it.each([
    'datasets/skin/raw/a.zip',
    'landing/skin/a.zip',
    'landing/skin/../../datasets/x.zip',
    'landing/skin/00000000-0000-0000-0000-000000000000/request.json',
    'landing/skin/00000000-0000-0000-0000-000000000000/deeper/a.zip',
  ])('signs nothing for the key %s', async (key) => {
    const answer = await endpoint.call('/uploads/parts', { key, uploadId: 'x', parts: [1] });
    expect(answer).toMatchObject({ status: 400, body: { title: 'Bad Request' } });
  });
});
