import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as it was sent. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Starts a proxy in front of a server that keeps all requests, headers and bodies included. */
export async function startRecordingProxy(
  target: string,
): Promise<{ endpoint: string; requests: readonly Recorded[]; stop(): Promise<void> }> {
  const requests: Recorded[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const { method = 'GET', url = '/', headers } = incoming;
    const { pathname: path, searchParams: query } = new URL(url, target);
    requests.push({ method, path, query, headers, body });
    const forwarded = httpRequest(new URL(url, target), { method, headers }).end(body);
    const [response] = await once(forwarded, 'response');
    outgoing.writeHead(response.statusCode, response.headers);
    response.pipe(outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
