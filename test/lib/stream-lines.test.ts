import { Readable } from 'node:stream';
import { expect, it } from '@jest/globals';
import { streamLines } from '../../src/lib/stream-lines.js';

/** Reads a text whose bytes arrive in chunks of this size. */
async function linesOf(text: string, size: number): Promise<string[]> {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
  const lines: string[] = [];
  for await (const line of streamLines(Readable.from(chunks))) lines.push(line);
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
