import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { startTestEndpoint } from '../support/endpoint.js';
import { startTestSeaweedFs, startTestTemporal, type TestS3 } from '../support/servers.js';

const presignedSchema = z.object({
  url: z.string(),
  bucket: z.string(),
  key: z.string(),
  expiresAt: z.string(),
});
const TOKEN = 'a-token-of-this-test';

describe('the HTTP endpoint', () => {
  let s3: TestS3;
  let url: string;
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
    ends.push(s3.stop);
    const temporal = await startTestTemporal();
    ends.push(temporal.stop);
    const endpoint = await startTestEndpoint(
      { s3: s3.env, bucket: s3.bucket, temporal: temporal.address },
      { tokens: ['old', TOKEN] },
    );
    ends.push(endpoint.stop);
    url = endpoint.url;
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: await response.json(),
    };
  };
  const presign = async (size: number, dataset = 'skin') => {
    const filename = encodeURIComponent('Face Skin.zip');
    const { body } = await call(`/data-presign?filename=${filename}&size=${size}&dataset=${dataset}`);
    return presignedSchema.parse(body);
  };

  it('signs a URL that accepts one file of the announced length under landing/', async () => {
    const presigned = await presign(5);
    expect(presigned).toMatchObject({
      bucket: s3.bucket,
      key: expect.stringMatching(/^landing\/skin\/[0-9a-f-]{36}\/Face-Skin\.zip$/),
    });
    const minutes = (Date.parse(presigned.expiresAt) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(14);
    expect(minutes).toBeLessThanOrEqual(15);
    const tooLong = await fetch(presigned.url, { method: 'PUT', body: 'too long a body' });
    expect(tooLong.status).toBe(403);
    expect((await fetch(presigned.url, { method: 'PUT', body: '12345' })).status).toBe(200);
  });

  it('starts one run per upload, also if it is announced twice', async () => {
    const presigned = await presign(5);
    await fetch(presigned.url, { method: 'PUT', body: '12345' });
    const body = JSON.stringify({ key: presigned.key, dataset: 'skin', settings: { valSplit: 0.2 } });
    const first = await call('/notify-upload', { method: 'POST', body });
    const second = await call('/notify-upload', { method: 'POST', body });
    expect(first).toMatchObject({
      status: 202,
      body: { workflowId: 'ingest/skin', statusUrl: 'datasets/skin' },
    });
    expect(second).toEqual(first);
  });

  it('starts no run for the request.json or the folder of an upload', async () => {
    const { key } = await presign(5, 'folders');
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    for (const other of [`${folder}request.json`, folder]) {
      const body = JSON.stringify({ key: other, dataset: 'folders' });
      expect(await call('/notify-upload', { method: 'POST', body })).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining('name a ZIP under landing/') },
      });
    }
  });

  it('handles the S3 events behind one whose key S3 refuses', async () => {
    const record = (key: string) => ({
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: s3.bucket }, object: { key } },
    });
    const keys = ['landing/a/nul%00.zip', 'landing/a/../b.zip', 'landing/a/a%5Cb.zip', 'landing/a/none.zip'];
    const body = JSON.stringify({ Records: keys.map(record) });
    expect(await call('/s3-events', { method: 'POST', body })).toMatchObject({
      status: 200,
      body: { events: [...keys].fill('ignored').map((outcome) => ({ outcome })) },
    });
  });

  it.each([
    ['/data-presign?filename=a.zip&size=0&dataset=skin', undefined, 400],
    ['/data-presign?filename=a.zip&size=10&dataset=../up', undefined, 400],
    ['/notify-upload', { key: 'datasets/skin/raw/a.jpg', dataset: 'skin' }, 400],
    ['/notify-upload', { key: 'landing/skin/none/a.zip', dataset: 'skin' }, 404],
    ['/notify-upload', { key: 'landing/skin/a/nul\u0000.zip', dataset: 'skin' }, 400],
    ['/notify-upload', { key: 'landing/skin/a/half\ud800.zip', dataset: 'skin' }, 400],
    ['/notify-upload', { key: 'landing/skin/a\\b.zip', dataset: 'skin' }, 400],
    ['/notify-upload', { key: 'landing/skin/../other/a.zip', dataset: 'skin' }, 400],
    ['/notify-upload', { key: 'landing/skin//a.zip', dataset: 'skin' }, 400],
    ['/datasets/skin/image?key=datasets/skin/raw/nul%00.jpg', undefined, 400],
    ['/datasets/skin/image?key=datasets/skin/raw/a%5Cb.jpg', undefined, 400],
    ['/datasets/skin/image?key=datasets/skin/raw/../a.jpg', undefined, 400],
    ['/notify-upload', { key: 'landing/skin/a/a.zip', dataset: 'skin', settings: { valSplit: 3 } }, 400],
    ['/notify-upload', { key: 'landing/skin/a/a.zip', dataset: 'skin', settings: { unknown: 1 } }, 400],
    ['/s3-events', { hello: 1 }, 400],
    ['/s3-events', { Type: 'Notification', TopicArn: 'arn:aws:sns:us-east-1:1:t', Message: '{}' }, 400],
    ['/datasets/unheard-of', undefined, 404],
    ['/nowhere', undefined, 404],
  ])('returns a problem document for %s %j with status %i', async (path, body, status) => {
    const answer = await call(path, body ? { method: 'POST', body: JSON.stringify(body) } : {});
    expect(answer).toMatchObject({
      status,
      body: { status, title: expect.any(String), detail: expect.any(String) },
    });
    expect(answer.type).toContain('application/problem+json');
  });

  it.each([undefined, 'Bearer wrong', 'Basic abc'])('refuses authorization %s', async (authorization) => {
    const headers = authorization ? { authorization } : {};
    expect((await fetch(`${url}/datasets/skin`, { headers })).status).toBe(401);
  });

  it('accepts each of several tokens', async () => {
    const { status } = await fetch(`${url}/data-presign?filename=a.zip&size=1&dataset=idle`, {
      headers: { authorization: 'Bearer old' },
    });
    expect(status).toBe(200);
  });

  it('needs no token for the liveness check and the API description', async () => {
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const api = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: object };
    expect(Object.keys(api.paths)).toEqual(
      expect.arrayContaining(['/data-presign', '/notify-upload', '/datasets/{name}']),
    );
  });
});
