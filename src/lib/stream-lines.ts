/** A line is longer than its reader accepts. */
export class LineTooLongError extends Error {
  constructor(
    /** Number of the line, from 1. */
    readonly line: number,
    readonly maximum: number,
  ) {
    super(`Line ${line} has more than ${maximum} bytes.`);
  }
}

const LINE_END = 10;

/**
 * The lines of a stream as bytes, without line ends. A trailing line end does not start another line. Keeps no more than
 * one line and one chunk of the stream in memory.
 * @throws LineTooLongError if a line has more than `maxBytes` bytes
 */
export async function* streamByteLines(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let [line, bytes] = [1, 0];
  const add = (piece: Uint8Array) => {
    bytes += piece.length;
    if (bytes > maxBytes) throw new LineTooLongError(line, maxBytes);
    pieces.push(piece);
  };
  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_END); end !== -1; end = chunk.indexOf(LINE_END, start)) {
      add(chunk.subarray(start, end));
      yield pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces, bytes);
      [pieces, bytes, start] = [[], 0, end + 1];
      line += 1;
    }
    if (start < chunk.length) add(chunk.subarray(start));
  }
  if (bytes > 0) yield Buffer.concat(pieces, bytes);
}
