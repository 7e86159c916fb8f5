import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRandom } from '../../src/lib/random.js';

/** Shares of requests, 0 to 1. */
const ERRORS = 0.05;
const RESETS = 0.02;
const HANGS = 0.02;
/** Load balancers close connections without traffic after such a time. */
const HANG_MS = 20_000;
const BURST_EVERY_MS = 20_000;
const BURST_MS = 3_000;

export interface FaultyProxy {
  readonly endpoint: string;
  /** Number of faults by kind. */
  readonly faults: ReadonlyMap<string, number>;
  setFaulty(isFaulty: boolean): void;
  stop(): Promise<void>;
}

/**
 * Starts a proxy in front of S3. While it is faulty, 5 % of requests fail with 500 or 503, 2 % of responses are reset in
 * their body, 2 % of requests hang, and for 3 of every 20 seconds all requests are told to slow down.
 */
export async function startFaultyProxy(target: string, seed: number): Promise<FaultyProxy> {
  const random = createRandom(seed);
  const faults = new Map<string, number>();
  let isFaulty = false;
  const count = (kind: string) => faults.set(kind, (faults.get(kind) ?? 0) + 1);

  const fail = (incoming: IncomingMessage, outgoing: ServerResponse, status: number, code: string) => {
    count(`${status} ${code}`);
    incoming.resume();
    outgoing.writeHead(status, { 'content-type': 'application/xml' });
    const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>injected</Message></Error>`;
    outgoing.end(incoming.method === 'HEAD' ? undefined : body);
  };
  const server = createServer((incoming, outgoing) => {
    outgoing.on('error', () => undefined);
    if (isFaulty && Date.now() % BURST_EVERY_MS < BURST_MS) return fail(incoming, outgoing, 503, 'SlowDown');
    const draw = isFaulty ? random.next() : 1;
    if (draw < ERRORS / 2) return fail(incoming, outgoing, 500, 'InternalError');
    if (draw < ERRORS) return fail(incoming, outgoing, 503, 'ServiceUnavailable');
    if (draw < ERRORS + HANGS) {
      count('hang');
      setTimeout(() => outgoing.destroy(), HANG_MS).unref();
      return;
    }
    const isReset = draw < ERRORS + HANGS + RESETS;
    if (isReset) count('reset in a body');
    forward(target, incoming, outgoing, isReset);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    setFaulty: (faulty) => {
      isFaulty = faulty;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Forwards a request. With `isReset` the connection is reset in the middle of the response. */
function forward(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  isReset: boolean,
): void {
  const { hostname, port } = new URL(target);
  const { method, url, headers } = incoming;
  const forwarded = request({ hostname, port, method, path: url, headers }, (response) => {
    outgoing.writeHead(response.statusCode ?? 500, response.headers);
    if (!isReset) return void response.pipe(outgoing);
    response.once('data', (chunk: Buffer) => {
      outgoing.write(chunk.subarray(0, chunk.length / 2), () => outgoing.socket?.resetAndDestroy());
    });
    response.once('end', () => outgoing.socket?.resetAndDestroy());
  });
  forwarded.once('error', () => outgoing.destroy());
  incoming.once('close', () => incoming.complete || forwarded.destroy());
  incoming.pipe(forwarded);
}
