import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { z } from 'zod';
import { NO_AWS, startTestEndpoint, type TestEndpoint } from '../support/endpoint.js';
import { byteEdits, drawn, editBytes, editJson, jsonEdits } from './edits.js';
import { check, type FuzzTarget } from './target.js';

const PATHS = [
  ...[
    '/',
    '/healthz',
    '/readyz',
    '/datasets',
    '/session',
    '/openapi.json',
    '/data-presign',
    '/notify-upload',
  ],
  ...['/s3-events', '/uploads/parts', '/uploads/complete', '/uploads/abort', '/datasets/d'],
  ...['/datasets/d/workflow', '/datasets/d/approval', '/datasets/d/cancel', '/datasets/d/detect'],
  ...['/datasets/d/models', '/datasets/d/models/v', '/datasets/d/report', '/datasets/d/rejected'],
  ...['/datasets/d/images', '/datasets/d/image'],
];
const QUERY = {
  filename: 'a.zip',
  bytes: 5,
  dataset: 'd',
  version: 'v',
  key: 'landing/d/x/a.zip',
  path: 'a.jpg',
  page: 1,
};
const BODY = {
  ...{ key: 'landing/d/x/a.zip', uploadId: 'u', bytes: 5, dataset: 'd', filename: 'a.zip', token: 't' },
  ...{
    parts: [{ part: 1, etag: '"e"' }],
    settings: { minClassImages: 2, split: 'own' },
    decision: 'approve',
  },
  ...{ by: 'x', note: 'y', version: 'v', Records: [{ eventName: 's3:ObjectCreated:Put', s3: {} }] },
};

const requestSchema = z.object({
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
  url: z.string(),
  type: z.string(),
  /** Base64. */
  body: z.string(),
});

const requests = fc.record({
  method: fc.constantFrom('GET', 'GET', 'POST', 'POST', 'POST', 'PUT', 'DELETE'),
  path: fc.constantFrom(...PATHS),
  type: fc.constantFrom(
    'application/json',
    'application/json',
    'image/jpeg',
    'text/plain',
    'application/x\0',
  ),
  isQueryText: fc.boolean(),
  isBodyEdited: fc.boolean(),
});

/** Starts the endpoint with an S3 server that has no object, and without Temporal. */
async function startFuzzedEndpoint(): Promise<TestEndpoint> {
  const s3 = createServer((incoming, outgoing) => {
    incoming.resume();
    outgoing.writeHead(404, { 'content-type': 'application/xml' });
    outgoing.end(incoming.method === 'HEAD' ? undefined : '<Error><Code>NoSuchKey</Code></Error>');
  });
  s3.listen(0, '127.0.0.1').unref();
  await once(s3, 'listening');
  const { port } = s3.address() as AddressInfo;
  return await startTestEndpoint(
    {
      s3: { ...NO_AWS, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}` },
      deadlines: { queryMs: 200, changeMs: 200 },
    },
    { log: new PassThrough().resume() },
  );
}

/** Requests to the endpoint, which finds nothing in its services. */
export function httpTarget(): FuzzTarget {
  let endpoint: Promise<TestEndpoint> | undefined;
  return {
    make: async (seed) => {
      const { path, isQueryText, isBodyEdited, ...request } = drawn(requests, seed);
      const query = editJson(QUERY, drawn(jsonEdits, seed));
      const text = Object.entries(query ?? {}).map(([name, value]) => {
        const plain = typeof value === 'string' && !isQueryText ? value : String(JSON.stringify(value));
        return [name, plain].map(escaped).join('=');
      });
      const json = Buffer.from(JSON.stringify(editJson(BODY, drawn(jsonEdits, seed + 1))) ?? '');
      const body = isBodyEdited ? editBytes(json, drawn(byteEdits, seed)) : json;
      const url = seed % 5 === 0 ? editedPath(path, seed) : `${path}?${text.join('&')}`;
      return Buffer.from(JSON.stringify({ ...request, url, body: body.toString('base64') }));
    },
    run: async (input) => {
      endpoint ??= startFuzzedEndpoint();
      const { app } = await endpoint;
      const { method, url, type, body } = requestSchema.parse(JSON.parse(input.toString('utf8')));
      const hasBody = method !== 'GET';
      const { statusCode } = await app.inject({
        ...{ method, url, remoteAddress: addressOf(input) },
        ...(hasBody ? { payload: Buffer.from(body, 'base64'), headers: { 'content-type': type } } : {}),
      });
      check(statusCode !== 500, `${method} ${url} gives ${statusCode}.`);
    },
    stop: async () => await (await endpoint)?.stop(),
  };
}

const escaped = (text: string) => encodeURIComponent(Buffer.from(text).toString('utf8'));

/** The path with changed bytes, still a path that a client can send. With a second slash it would be a host for `inject`. */
function editedPath(path: string, seed: number): string {
  const bytes = editBytes(Buffer.from(path), drawn(byteEdits, seed)).toString('latin1');
  return `/${bytes
    .replace(/^[/\\]+/, '')
    .replace(/[^\x21-\x7e]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .slice(0, 4_000)}`;
}

/** An address that differs between inputs, so that the rate limit does not answer instead of the route. */
const addressOf = (input: Buffer) =>
  `10.${input.length % 251}.${(input.at(-9) ?? 0) % 251}.${(input.at(20) ?? 0) % 251}`;
