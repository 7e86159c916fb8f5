import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Problem } from './problems.js';

/** Maximum requests of one connection without a complete response. Browsers send the next one after the response. */
const MAX_AT_ONCE = 16;

/** The requests of a connection that have no complete response yet. */
interface Line {
  length: number;
  /** Resolves once the response to the newest of them has ended. */
  last: Promise<void>;
}

/**
 * Bounds what one connection can hold: it gets one response after another, and it is closed once its client has read
 * nothing of a response for `unreadMs`.
 */
export function guardConnections(app: FastifyInstance, unreadMs: number): void {
  const lines = new WeakMap<Socket, Line>();
  // In preParsing, so that the rate limit comes first.
  app.addHook('preParsing', async ({ socket }, reply) => {
    const line = lines.get(socket) ?? { length: 0, last: Promise.resolve() };
    lines.set(socket, line);
    if (line.length >= MAX_AT_ONCE) {
      throw new Problem(
        429,
        `A connection may have at most ${MAX_AT_ONCE} requests at once. Wait for their responses.`,
      );
    }
    const before = line.last;
    let end = () => {};
    line.last = new Promise<void>((resolve) => {
      end = resolve;
    }).then(() => {
      line.length -= 1;
    });
    line.length += 1;
    reply.raw.once('close', end);
    await before;
    // Node does not tell a response whose turn has not come that its connection is closed: what it holds would stay open.
    if (socket.destroyed) {
      end();
      reply.hijack();
    }
  });
  app.addHook('onRequest', async ({ socket }, reply) => {
    reply.raw.setTimeout(unreadMs, () => {
      // Otherwise the response waits for Curator, or for the next event of a stream.
      if (socket.writableLength > 0) socket.destroy();
    });
  });
}
