import type { Readable } from 'node:stream';

/**
 * Reads a body of a known length into one buffer, which costs less memory than collecting its pieces. Returns fewer bytes if
 * the body is shorter, and one byte more than `length` if it is longer.
 */
export async function readBody(body: Readable, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length + 1);
  let filled = 0;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    const fitting = piece.subarray(0, bytes.length - filled);
    bytes.set(fitting, filled);
    filled += fitting.length;
    if (fitting.length < piece.length) break;
  }
  return bytes.subarray(0, filled);
}
