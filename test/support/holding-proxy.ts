import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type Hold, Holds } from './holds.js';

/** A call to the service, or the response to it. */
export interface Passing {
  readonly operation: string;
  readonly phase: 'request' | 'response';
  /** Body of the request. */
  readonly sent: string;
  /** Body of the response; empty in the phase `request`. */
  readonly received: string;
}

/**
 * Starts an HTTP proxy that holds all matching calls or responses until they are released. Retries by the SDK are held
 * too.
 */
export async function startHoldingProxy(target: string) {
  const holds = new Holds<Passing>();

  const server = createServer(async (incoming, outgoing) => {
    const delivered = once(outgoing, 'close').then(() => undefined);
    const sent = await buffer(incoming);
    const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
    const passing = { operation, sent: sent.toString('utf8') };
    await holds.pass({ ...passing, phase: 'request', received: '' }, delivered);
    if (outgoing.destroyed) return;
    const forwarded = httpRequest(new URL(incoming.url ?? '/', target), {
      method: incoming.method,
      headers: incoming.headers,
    });
    forwarded.end(sent);
    const [response] = await once(forwarded, 'response');
    const body = await buffer(response);
    await holds.pass({ ...passing, phase: 'response', received: body.toString('utf8') }, delivered);
    if (!outgoing.destroyed) outgoing.writeHead(response.statusCode, response.headers).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: (matches: (passing: Passing) => boolean): Hold => holds.hold(matches),
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Starts a TCP proxy. After `mute` it forwards nothing from its clients, as if they had crashed. */
export async function startMutingProxy(port: number) {
  let muted = false;
  const sockets = new Set<Socket>();
  const server = createTcpServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes) => {
      if (!muted) upstream.write(bytes);
    });
    upstream.on('data', (bytes) => client.write(bytes));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    mute: () => {
      muted = true;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
