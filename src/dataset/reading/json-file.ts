import type { Steps } from '../../lib/steps.js';

/** A JSON file of the archive that may be COCO. It is read in pieces, possibly several times. */
export interface JsonFile {
  readonly path: string;
  /** Starts to read the file from its beginning. */
  open(): ByteChunks;
}

/** The bytes of a file in pieces. */
export interface ByteChunks {
  /**
   * Returns the next piece, at once or later; undefined at the end.
   * @throws DatasetError ArchiveUnreadable if the file is damaged
   */
  next(): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Releases what reading needs. */
  close(): void;
}

/** A JSON file whose bytes are in memory. */
export function jsonInMemory(path: string, bytes: Uint8Array): JsonFile {
  return {
    path,
    open: () => {
      let left: Uint8Array | undefined = bytes;
      return {
        next: () => {
          const piece = left;
          left = undefined;
          return piece;
        },
        close: () => undefined,
      };
    },
  };
}

/** Reads the next piece; pauses until it is there. */
export function* nextChunk(chunks: ByteChunks): Steps<Uint8Array | undefined> {
  const next = chunks.next();
  if (!(next instanceof Promise)) return next;
  let result: { readonly chunk: Uint8Array | undefined } | { readonly error: unknown } | undefined;
  yield next.then(
    (chunk) => {
      result = { chunk };
    },
    (error: unknown) => {
      result = { error };
    },
  );
  if (result === undefined) throw new Error('A computation continued before its promise was settled.');
  if ('error' in result) throw result.error;
  return result.chunk;
}

/** Returns the first bytes of a file, at most `length`. */
export function* headOf(file: JsonFile, length: number): Steps<Uint8Array> {
  const chunks = file.open();
  try {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    while (bytes < length) {
      const chunk = yield* nextChunk(chunks);
      if (chunk === undefined) break;
      parts.push(chunk.subarray(0, length - bytes));
      bytes += chunk.length;
    }
    return Buffer.concat(parts);
  } finally {
    chunks.close();
  }
}
