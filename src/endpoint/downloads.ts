import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import pLimit from 'p-limit';

/** Sends streams, so many at once: each holds sockets to S3 or memory for as long as its client reads. Others wait. */
export class Downloads {
  readonly #slots: ReturnType<typeof pLimit>;

  constructor(readonly maximum: number) {
    this.#slots = pLimit(maximum);
  }

  get isFull(): boolean {
    return this.#slots.activeCount >= this.maximum;
  }

  /**
   * Sends a stream once it is its turn, and returns once its client has it or is gone.
   * @param open sets the headers and opens the stream
   */
  async send<R extends FastifyReply>(reply: R, open: () => Promise<Readable>): Promise<R> {
    return await this.#slots(async () => {
      if (reply.request.socket.destroyed) return reply.hijack();
      const body = await open();
      const closed = new Promise((resolve) => reply.raw.once('close', resolve));
      void reply.send(body);
      await closed;
      return reply;
    });
  }
}
