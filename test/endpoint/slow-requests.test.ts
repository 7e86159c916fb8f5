import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startTestEndpoint, type TestEndpoint } from '../support/endpoint.js';

const SLOW_REQUESTS = 200;
/** A JSON body of which only a part arrives. */
const HALF_BODY =
  'POST /notify-upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{';
const HALF_HEADERS = 'POST /notify-upload HTTP/1.1\r\nHost: localhost\r\nX-Slow: ';

/** No S3 and no Temporal: slow requests reach no route. */
describe('slow requests to the endpoint', () => {
  let endpoint: TestEndpoint;
  const sockets: Socket[] = [];
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await endpoint.stop();
  });

  async function open(start: string): Promise<Socket> {
    const socket = connect(Number(new URL(endpoint.url).port), '127.0.0.1');
    sockets.push(socket);
    await once(socket, 'connect');
    socket.write(start);
    return socket;
  }

  it.each([
    ['bodies that do not end', HALF_BODY, /^HTTP\/1\.1 408 /],
    ['headers that do not end', HALF_HEADERS, /^HTTP\/1\.1 408 /],
    ['connections that send nothing', '', /^(HTTP\/1\.1 408 .*)?/],
  ])('closes %s', async (_, start, answer) => {
    endpoint = await startTestEndpoint({}, { requestTimeoutMs: 300 });
    const slow = await Promise.all(Array.from({ length: SLOW_REQUESTS }, () => open(start)));
    for (const received of await Promise.all(slow.map((socket) => text(socket)))) {
      expect(received).toMatch(answer);
    }
    expect((await endpoint.call('/healthz')).status).toBe(200);
  });

  it('closes a body that arrives byte by byte', async () => {
    endpoint = await startTestEndpoint({}, { requestTimeoutMs: 300 });
    const socket = await open(HALF_BODY);
    const drip = setInterval(() => socket.write(' '), 20);
    socket.once('close', () => clearInterval(drip));
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('keeps an event stream open for longer than a request may take', async () => {
    endpoint = await startTestEndpoint({}, { requestTimeoutMs: 300 });
    const stream = await open('GET /datasets/skin/events HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(String(await once(stream, 'data'))).toContain('text/event-stream');
    let closed = false;
    stream.once('close', () => {
      closed = true;
    });
    // Begun later than the stream, so the stream is older than the timeout when they are closed.
    await text(await open(HALF_BODY));
    expect(closed).toBe(false);
  });

  it('closes connections beyond its maximum, and accepts new ones when others end', async () => {
    endpoint = await startTestEndpoint({}, { maxConnections: 3 });
    const held = await Promise.all([1, 2, 3].map(() => open(HALF_BODY)));
    const refused = await open('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await text(refused).catch(() => '')).toBe('');
    const [first] = held;
    first?.destroy();
    const served = async () =>
      await fetch(`${endpoint.url}/healthz`).then(
        ({ status }) => status,
        () => undefined,
      );
    // The endpoint notices the end of a connection a little later than this side.
    let status = await served();
    while (status === undefined) status = await served();
    expect(status).toBe(200);
  });
});
