import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A call on its way to the service, or its answer on the way back. */
export interface Passing {
  readonly operation: string;
  readonly phase: 'request' | 'response';
  /** What was sent, and what was answered; empty before there is an answer. */
  readonly sent: string;
  readonly answered: string;
}

export interface Hold {
  /** Resolves once a call is held. */
  readonly reached: Promise<void>;
  /** Lets what is held through; resolves once the answers have been delivered, or their callers are gone. */
  release(): Promise<void>;
}

/**
 * An HTTP proxy that holds calls or answers that match until they are released or the caller is gone. All of them:
 * the SDK's own retry of a call that takes long must not slip past.
 */
export async function startHoldingProxy(target: string) {
  const holds: {
    readonly matches: (passing: Passing) => boolean;
    readonly held: (delivered: Promise<void>) => Promise<void>;
  }[] = [];
  const pass = async (passing: Passing, delivered: Promise<void>) => {
    await holds.find(({ matches }) => matches(passing))?.held(delivered);
  };

  const server = createServer(async (incoming, outgoing) => {
    const delivered = once(outgoing, 'close').then(() => undefined);
    const body = await buffer(incoming);
    const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
    const passing = { operation, sent: body.toString('utf8') };
    await pass({ ...passing, phase: 'request', answered: '' }, delivered);
    if (outgoing.destroyed) return;
    const forwarded = httpRequest(new URL(incoming.url ?? '/', target), {
      method: incoming.method,
      headers: incoming.headers,
    });
    forwarded.end(body);
    const [answer] = await once(forwarded, 'response');
    const answered = await buffer(answer);
    await pass({ ...passing, phase: 'response', answered: answered.toString('utf8') }, delivered);
    if (!outgoing.destroyed) outgoing.writeHead(answer.statusCode, answer.headers).end(answered);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: (matches: (passing: Passing) => boolean): Hold => {
      const deliveries: Promise<void>[] = [];
      let [reach, open] = [() => {}, () => {}];
      const reached = new Promise<void>((resolve) => {
        reach = resolve;
      });
      const released = new Promise<void>((resolve) => {
        open = resolve;
      });
      holds.push({
        matches,
        held: async (delivered) => {
          deliveries.push(delivered);
          reach();
          await released;
        },
      });
      return {
        reached,
        release: async () => {
          open();
          await Promise.all(deliveries);
        },
      };
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A TCP proxy that can stop passing on what its clients say, as if they had died. */
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
