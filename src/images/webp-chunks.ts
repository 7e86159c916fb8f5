const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;

export interface WebpChunk {
  readonly type: string;
  /** Offsets of the whole chunk, from its type to its last byte. The file may end before that. */
  readonly start: number;
  readonly end: number;
}

/** Lists the chunks of a WebP. */
export function* webpChunks(webp: Buffer): Generator<WebpChunk> {
  let start = RIFF_HEADER_BYTES;
  while (start + CHUNK_HEADER_BYTES <= webp.length) {
    const length = webp.readUInt32LE(start + 4);
    const end = start + CHUNK_HEADER_BYTES + length + (length % 2);
    yield { type: webp.toString('latin1', start, start + 4), start, end };
    start = end;
  }
}
