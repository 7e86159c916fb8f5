import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestEndpoint, type TestEndpoint } from '../support/endpoint.js';

const PRESIGN = '/data-presign?filename=a.zip&dataset=skin';
const APPROVAL = '/datasets/skin/approval';
const notified = (settings: object) => ({ key: 'landing/skin/a/a.zip', dataset: 'skin', settings });

describe('messages for invalid requests', () => {
  let endpoint: TestEndpoint;
  beforeAll(async () => {
    endpoint = await startTestEndpoint({});
  });
  afterAll(async () => await endpoint.stop());

  it.each<[string, unknown, string]>([
    [PRESIGN, undefined, 'size in the query must be a number.'],
    [`${PRESIGN}&size=many`, undefined, 'size in the query must be a number.'],
    [`${PRESIGN}&size=1.5`, undefined, 'size in the query must be an integer.'],
    [`${PRESIGN}&size=0`, undefined, 'size in the query must be at least 1.'],
    [`${PRESIGN}&size=9&multipart=yes`, undefined, 'multipart in the query must be true or false.'],
    [
      '/data-presign?filename=&size=9',
      undefined,
      'filename in the query must not be empty. dataset in the query must be a string.',
    ],
    [
      '/datasets/Skin!',
      undefined,
      'name in the path is not a valid dataset name: use a-z, 0-9, dots, dashes and underscores, up to 100 characters, starting with a letter or digit.',
    ],
    [
      '/datasets/skin/report?version=1',
      undefined,
      'version in the query must be a version: 16 hexadecimal digits.',
    ],
    ['/notify-upload', [], 'The body must be an object.'],
    ['/notify-upload', notified({ valSplit: 3 }), 'settings.valSplit in the body must be below 1.'],
    ['/notify-upload', notified({ seed: '1' }), 'settings.seed in the body must be a number.'],
    [
      '/notify-upload',
      notified({ valsplit: 0.1 }),
      'settings in the body must not have valsplit: unknown field.',
    ],
    [
      APPROVAL,
      { decision: 'maybe', by: 'x'.repeat(201) },
      'decision in the body must be approve or reject. by in the body must have at most 200 characters.',
    ],
    [
      '/uploads/parts',
      { key: 'a.zip', uploadId: 'u', parts: [0] },
      'key in the body must be a key that /data-presign returned. parts[0] in the body must be at least 1.',
    ],
    [
      '/uploads/parts',
      { key: 'a.zip', uploadId: 'u', parts: Array.from({ length: 101 }, () => 1) },
      'key in the body must be a key that /data-presign returned. parts in the body must have at most 100 items.',
    ],
    [
      '/notify-upload',
      notified({ groupBy: 'patient' }),
      'settings.groupBy in the body: the expression has no group: put the part that names the group in parentheses.',
    ],
  ])('names the field and its rule for %s %j', async (path, body, detail) => {
    expect(await endpoint.call(path, body)).toMatchObject({ status: 400, body: { status: 400, detail } });
  });

  const post = async (body: string | Buffer, headers: Readonly<Record<string, string>> = {}) =>
    await fetch(`${endpoint.url}/notify-upload`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });

  it.each(['{"__proto__":{"a":1}}', '{"constructor":{"prototype":{}}}', '{"a":'])(
    'says what is wrong with the body %s',
    async (body) => {
      const answer = await post(body);
      expect([answer.status, await answer.json()]).toEqual([
        400,
        expect.objectContaining({
          detail: expect.stringMatching(/not valid JSON, or has a field named __proto__/),
        }),
      ]);
    },
  );

  it.each(['gzip', 'br', 'identity, gzip'])('refuses a body with Content-Encoding %s', async (encoding) => {
    const answer = await post(gzipSync('{}'), { 'content-encoding': encoding });
    expect([answer.status, await answer.json()]).toEqual([
      415,
      expect.objectContaining({ detail: expect.stringContaining(`Content-Encoding ${encoding} is not`) }),
    ]);
    expect((await post('{}', { 'content-encoding': 'identity' })).status).toBe(400);
  });
});
