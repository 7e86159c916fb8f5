import { CODE_PAGES } from '../model/code-pages.js';

/** Reading JSON as UTF-8, and telling which code page a file that is not UTF-8 has. */

/** Bytes before and from the first invalid byte that show the code page. */
const SAMPLE_BEFORE = 256;
const SAMPLE_BYTES = 64 * 1024;

/** Looks for the first byte of a text that is not valid UTF-8. */
export class Utf8Check {
  /** The offset of the first invalid byte; undefined if all bytes so far are valid. */
  invalidAt: number | undefined;
  /** The bytes around it; it is at `sampleAt`. */
  #sample: Uint8Array[] = [];
  #sampleAt = 0;
  #sampleBytes = 0;
  /** Offset of the next piece. */
  #offset = 0;
  /** The bytes at the end of the last piece: those to look at, and an incomplete sequence. */
  #before: Uint8Array = new Uint8Array();
  #incomplete: Uint8Array = new Uint8Array();

  /** Checks the next piece. */
  write(piece: Uint8Array): void {
    if (this.invalidAt !== undefined) {
      this.#collect(piece);
      return;
    }
    const bytes = this.#incomplete.length === 0 ? piece : Buffer.concat([this.#incomplete, piece]);
    const start = this.#offset - this.#incomplete.length;
    this.#offset += piece.length;
    const end = validUntil(bytes);
    if (end < bytes.length && end + lengthBy(bytes[end] ?? 0) > bytes.length) {
      this.#incomplete = Buffer.from(bytes.subarray(end));
    } else {
      this.#incomplete = new Uint8Array();
      if (end < bytes.length) this.#found(start + end, bytes, end);
    }
    const before = bytes.subarray(0, end);
    this.#before =
      before.length < SAMPLE_BEFORE
        ? Buffer.concat([this.#before, before]).subarray(-SAMPLE_BEFORE)
        : Buffer.from(before.subarray(-SAMPLE_BEFORE));
  }

  /** Says that no further piece follows. */
  end(): void {
    const { length } = this.#incomplete;
    if (length > 0) this.#found(this.#offset - length, this.#incomplete, 0);
  }

  /** The first invalid byte, and the most likely code page of the text around it; undefined if all bytes are valid. */
  get invalid():
    | { readonly at: number; readonly byte: number; readonly page: string | undefined }
    | undefined {
    if (this.invalidAt === undefined) return undefined;
    const sample = Buffer.concat(this.#sample);
    const byte = sample[this.#sampleAt] ?? 0;
    return { at: this.invalidAt, byte, page: likelyCodePage(sample) };
  }

  #found(at: number, bytes: Uint8Array, index: number): void {
    this.invalidAt = at;
    const before = Buffer.concat([this.#before, bytes.subarray(Math.max(0, index - SAMPLE_BEFORE), index)]);
    this.#sample = [before.subarray(-SAMPLE_BEFORE)];
    this.#sampleAt = Math.min(SAMPLE_BEFORE, before.length);
    this.#collect(bytes.subarray(index));
  }

  #collect(piece: Uint8Array): void {
    const part = piece.subarray(0, SAMPLE_BYTES - this.#sampleBytes);
    this.#sampleBytes += part.length;
    if (part.length > 0) this.#sample.push(Buffer.from(part));
  }
}

/** Returns the offset of the first byte that is not valid UTF-8, or whose sequence is not complete; else the length. */
function validUntil(bytes: Uint8Array): number {
  const { length } = bytes;
  let at = 0;
  while (at < length) {
    if ((bytes[at] ?? 0) < 0x80) {
      at += 1;
      continue;
    }
    const sequence = sequenceLength(bytes, at);
    if (sequence === 0) return at;
    at += sequence;
  }
  return length;
}

/** Bytes of the UTF-8 sequence that starts with this byte. */
const lengthBy = (first: number) =>
  first < 0xc2 || first > 0xf4 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;

/** Bytes of the UTF-8 sequence at `at`; 0 if it is not valid (RFC 3629). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = lengthBy(first);
  if (length === 1) return 0;
  for (let i = 1; i < length; i++) {
    if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  const second = bytes[at + 1] ?? 0;
  const isOverlong = (first === 0xe0 && second < 0xa0) || (first === 0xf0 && second < 0x90);
  const isOutside = (first === 0xed && second > 0x9f) || (first === 0xf4 && second > 0x8f);
  return isOverlong || isOutside ? 0 : length;
}

const MAX_WORDS = 200;

/** Names the most likely code page of text that is not UTF-8; undefined if none fits. */
function likelyCodePage(sample: Uint8Array): string | undefined {
  const words = wordsOf(sample);
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
