import { once } from 'node:events';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startTestEndpoint, type TestEndpoint } from '../support/endpoint.js';

const LOCAL = 'Host: localhost\r\nConnection: close\r\n';
/** The start of a TLS handshake. */
const TLS_HELLO = '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03';

/** No S3 and no Temporal: no request reaches a route that needs them. */
describe('requests that reach no route of the endpoint', () => {
  let endpoint: TestEndpoint;
  afterEach(async () => await endpoint.stop());

  const open = () => connect(Number(new URL(endpoint.url).port), '127.0.0.1');

  async function answerTo(sent: string): Promise<{ status: number; headers: string; body: string }> {
    const socket = open();
    socket.write(sent, 'latin1');
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    return { status: Number(head.split(' ')[1]), headers: head.toLowerCase(), body };
  }

  it.each([
    ['a path that is no percent-encoding', `GET /% HTTP/1.1\r\n${LOCAL}\r\n`, 400],
    ['a path that is no UTF-8', `GET /%ff HTTP/1.1\r\n${LOCAL}\r\n`, 400],
    [
      'a parameter that is too long',
      `POST /datasets/${'a'.repeat(200)}/approval HTTP/1.1\r\n${LOCAL}\r\n`,
      414,
    ],
    ['headers that are too long', `GET /healthz HTTP/1.1\r\n${LOCAL}X: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['headers that do not end', 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ', 408],
    [
      'a body with two lengths',
      `POST /s3-events HTTP/1.1\r\n${LOCAL}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
      400,
    ],
    ['text that is not HTTP', 'hello\r\n\r\n', 400],
    ['a TLS handshake', TLS_HELLO, 400],
    ['an unknown expectation', `GET /healthz HTTP/1.1\r\n${LOCAL}Expect: tea\r\n\r\n`, 417],
    ['no Host header', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ])(
    'are answered with a problem document and the headers against injection: %s',
    async (_, sent, status) => {
      endpoint = await startTestEndpoint({}, { requestTimeoutMs: 300 });
      const answer = await answerTo(sent);
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.body)).toMatchObject({ status, detail: expect.stringMatching(/\.$/) });
      expect(answer.headers).toContain('content-type: application/problem+json');
      expect(answer.headers).toContain('x-content-type-options: nosniff');
      expect(answer.headers).toContain("content-security-policy: default-src 'none'");
    },
  );

  it('show at most 200 characters of an address that has no route', async () => {
    endpoint = await startTestEndpoint({});
    const { status, body } = await answerTo(`PUT /${'a'.repeat(10_000)} HTTP/1.1\r\n${LOCAL}\r\n`);
    expect(status).toBe(404);
    expect(body.length).toBeLessThan(400);
  });

  it('count for the rate limit, so that tokens cannot be guessed at addresses without a route', async () => {
    endpoint = await startTestEndpoint({}, { tokens: ['a-token-of-this-test'], rateLimit: 2 });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) {
      statuses.push((await answerTo(`PUT /nowhere HTTP/1.1\r\n${LOCAL}\r\n`)).status);
    }
    expect(statuses).toEqual([401, 401, 429, 429]);
  });

  it('cause no entry in the log if their client is gone', async () => {
    const log = new PassThrough();
    endpoint = await startTestEndpoint({}, { log });
    const requests = `GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(300);
    for (let i = 0; i < 20; i++) {
      const socket = open();
      await once(socket, 'connect');
      socket.write(requests);
      socket.resetAndDestroy();
    }
    expect((await endpoint.call('/healthz')).status).toBe(200);
    expect(String(log.read() ?? '')).toBe('');
  });
});
