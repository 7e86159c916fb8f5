/** Replaces `src/archive/inflate.ts` in the browser: unpacks with the browser's own decompression. */

export async function* inflateChunks(data: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const parts = data[Symbol.asyncIterator]();
  let sourceError: unknown;
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await parts.next();
        if (done) controller.close();
        else controller.enqueue(new Uint8Array(value));
      } catch (error) {
        sourceError = error;
        controller.error(error);
      }
    },
  });
  const reader = packed.pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch {
    throw sourceError ?? new InflateError('The data is not deflated, or not complete.');
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

export class InflateError extends Error {
  override readonly name = 'InflateError';
}
