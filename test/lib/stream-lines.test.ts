import { Readable } from 'node:stream';
import { expect, it } from '@jest/globals';
import { LineTooLongError, streamByteLines } from '../../src/lib/stream-lines.js';

/** Reads a text whose bytes arrive in chunks of this size. */
async function linesOf(text: string, size: number, maxBytes = 100): Promise<string[]> {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
  const lines: string[] = [];
  for await (const line of streamByteLines(Readable.from(chunks), maxBytes)) {
    lines.push(Buffer.from(line).toString());
  }
  return lines;
}

it.each([1, 2, 3, 1000])(
  'reads the lines of a stream in chunks of %d bytes, characters included',
  async (size) => {
    expect(await linesOf('größer\n\n木\nend', size)).toEqual(['größer', '', '木', 'end']);
    expect(await linesOf('one\ntwo\n', size)).toEqual(['one', 'two']);
    expect(await linesOf('', size)).toEqual([]);
  },
);

it.each([1, 2, 1000])(
  'refuses a line that is longer than the maximum, in chunks of %d bytes, and names it',
  async (size) => {
    expect(await linesOf('12345\n12345', size, 5)).toEqual(['12345', '12345']);
    await expect(linesOf('1\n123456\n2', size, 5)).rejects.toThrow(new LineTooLongError(2, 5));
    await expect(linesOf('1\n123456', size, 5)).rejects.toThrow(new LineTooLongError(2, 5));
  },
);
