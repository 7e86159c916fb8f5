import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the door answers itself; undefined lets a request through to the server behind it. */
export type DoorRule = (request: {
  method: string;
  /** Path with bucket and key, decoded. */
  path: string;
  /** Of an upload in parts, counted from 1. */
  part?: number;
}) => { status: number; headers?: Record<string, string>; body?: string } | undefined;

export const ACCESS_DENIED = {
  status: 403,
  headers: { 'content-type': 'application/xml' },
  body: '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
};

/** Stands before an S3 server and refuses what a rule refuses, as S3 would. */
export async function startS3Door(
  endpoint: string,
  rule: DoorRule,
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
    if (refusal) {
      incoming.resume();
      outgoing.writeHead(refusal.status, refusal.headers);
      outgoing.end(incoming.method === 'HEAD' ? undefined : refusal.body);
      return;
    }
    // The host stays the one that was signed.
    const { method, url, headers } = incoming;
    const onward = request({ hostname, port, method, path: url, headers }, (answer: IncomingMessage) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.destroy());
    incoming.once('close', () => incoming.complete || onward.destroy());
    incoming.pipe(onward);
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
