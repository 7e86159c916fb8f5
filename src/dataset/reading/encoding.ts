import { utf16Of } from '../../lib/utf16.js';
import { CODE_PAGES } from '../model/code-pages.js';

/** Reading JSON as UTF-8, and telling which code page a file that is not UTF-8 has. */

const CHUNK_BYTES = 1024 * 1024;

/** Returns JSON bytes as UTF-8: UTF-16, which PowerShell writes, is converted; everything else is returned as it is. */
export function toUtf8(bytes: Uint8Array): Uint8Array {
  const encoding = utf16Of(bytes);
  if (encoding === undefined) return bytes;
  const decoder = new TextDecoder(encoding);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = bytes.subarray(at, at + CHUNK_BYTES);
    parts.push(Buffer.from(decoder.decode(chunk, { stream: at + CHUNK_BYTES < bytes.length }), 'utf8'));
  }
  return Buffer.concat(parts);
}

/** Returns the offset of the first byte that is not valid UTF-8; undefined if all are. Yields regularly. */
export function* invalidUtf8At(bytes: Uint8Array): Generator<undefined, number | undefined> {
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + CHUNK_BYTES);
    while (at < end) {
      const length = sequenceLength(bytes, at);
      if (length === 0) return at;
      at += length;
    }
    yield;
  }
  return undefined;
}

/** Bytes of the UTF-8 sequence at `at`; 0 if it is not valid (RFC 3629). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  for (let i = 1; i < length; i++) {
    if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  const second = bytes[at + 1] ?? 0;
  const isOverlong = (first === 0xe0 && second < 0xa0) || (first === 0xf0 && second < 0x90);
  const isOutside = (first === 0xed && second > 0x9f) || (first === 0xf4 && second > 0x8f);
  return isOverlong || isOutside ? 0 : length;
}

const SAMPLE_BYTES = 64 * 1024;
const MAX_WORDS = 200;

/** Names the most likely code page of text that is not UTF-8; undefined if none fits. */
export function likelyCodePage(bytes: Uint8Array, invalidAt: number): string | undefined {
  const words = wordsOf(bytes.subarray(Math.max(0, invalidAt - 256), invalidAt + SAMPLE_BYTES));
  let [best, bestScore] = [undefined as string | undefined, 0.5];
  for (const { encoding, name, letters } of CODE_PAGES) {
    const score = letters ? scoreOf(words, encoding, letters) : 0;
    if (score > bestScore) [best, bestScore] = [name, score];
  }
  return best;
}

/** Share of the characters beyond ASCII that are expected in this code page; 0 if the bytes are not valid in it. */
function scoreOf(words: readonly Uint8Array[], encoding: string, letters: RegExp): number {
  let [foreign, expected] = [0, 0];
  try {
    const decoder = new TextDecoder(encoding, { fatal: true });
    for (const word of words) {
      const text = decoder.decode(word);
      foreign += text.match(/[\u0080-\u{10ffff}]/gu)?.length ?? 0;
      expected += text.match(letters)?.length ?? 0;
    }
  } catch {
    return 0;
  }
  return foreign === 0 ? 0 : expected / foreign;
}

/** Texts between quotes that have a byte beyond ASCII. */
function wordsOf(bytes: Uint8Array): Uint8Array[] {
  const words: Uint8Array[] = [];
  let start = -1;
  let isForeign = false;
  for (let at = 0; at < bytes.length && words.length < MAX_WORDS; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80) isForeign = true;
    if (byte !== 0x22) continue;
    if (start >= 0 && isForeign) words.push(bytes.subarray(start, at));
    start = at + 1;
    isForeign = false;
  }
  return words;
}
