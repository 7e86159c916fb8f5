import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Returns the response of the proxy; `hold` gives none, and undefined forwards the request to the server. */
export type ProxyRule = (request: {
  method: string;
  /** Path with bucket and key, decoded. */
  path: string;
  /** Part number of a multipart upload, from 1. */
  part?: number;
}) => { status: number; headers?: Record<string, string>; body?: string } | 'hold' | undefined;

export const ACCESS_DENIED = {
  status: 403,
  headers: { 'content-type': 'application/xml' },
  body: '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
};

/** Starts a proxy in front of an S3 server that responds itself to the requests that `rule` selects. */
export async function startS3Proxy(
  endpoint: string,
  rule: ProxyRule,
): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const { hostname, port } = new URL(endpoint);
  const server = createServer((incoming, outgoing) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', endpoint);
    const { method: asked = 'GET' } = incoming;
    const part = searchParams.get('partNumber');
    const refusal = rule({
      ...{ method: asked, path: decodeURIComponent(pathname) },
      ...(part === null ? {} : { part: Number(part) }),
    });
    if (refusal === 'hold') return;
    if (refusal) {
      incoming.resume();
      outgoing.writeHead(refusal.status, refusal.headers);
      outgoing.end(incoming.method === 'HEAD' ? undefined : refusal.body);
      return;
    }
    // The Host header is signed, so it is forwarded unchanged.
    const { method, url, headers } = incoming;
    const forwarded = request({ hostname, port, method, path: url, headers }, (response: IncomingMessage) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(outgoing);
    });
    forwarded.once('error', () => outgoing.destroy());
    incoming.once('close', () => incoming.complete || forwarded.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
