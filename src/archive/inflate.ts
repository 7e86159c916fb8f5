import { pipeline } from 'node:stream';
import zlib from 'node:zlib';

const CHUNK_BYTES = 1024 * 1024;

/**
 * Unpacks deflated data in pieces. Data is read only as fast as pieces are taken.
 * @throws InflateError if the data is invalid, and errors of `data`
 */
export async function* inflateChunks(data: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflate = zlib.createInflateRaw({ chunkSize: CHUNK_BYTES });
  try {
    for await (const chunk of pipeline(data, inflate, () => undefined)) yield chunk as Buffer;
  } catch (error) {
    throw isZlibError(error) ? new InflateError('The data is not deflated, or not complete.') : error;
  } finally {
    inflate.destroy();
  }
}

/** Data that is not deflated, or not complete. */
export class InflateError extends Error {
  override readonly name = 'InflateError';
}

const isZlibError = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('Z_');
