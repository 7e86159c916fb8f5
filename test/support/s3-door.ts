import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the door answers itself; undefined lets a request through to the server behind it. */
export type DoorRule = (request: {
  method: string;
  /** Path with bucket and key, decoded. */
  path: string;
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
    const { pathname } = new URL(incoming.url ?? '/', endpoint);
    const refusal = rule({ method: incoming.method ?? 'GET', path: decodeURIComponent(pathname) });
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
