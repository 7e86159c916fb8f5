import type { Steps } from '../../lib/steps.js';
import type { Dialect } from './json-dialects.js';
import type { JsonText } from './json-text.js';
import { EXPORT_AGAIN, JsonError, MAX_VALUE_BYTES, parseValue, tooLarge } from './json-value.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** COCO nests 5 levels (polygons); JSON.parse would overflow the stack at some thousand levels. */
const MAX_DEPTH = 64;

/**
 * A position in a JSON file that comes in pieces. Only the current piece and the value that is being parsed are in
 * memory, so the file may have gigabytes.
 */
export class JsonCursor {
  #piece: Uint8Array = new Uint8Array();
  /** Index in the piece; beyond its end if the next piece begins with an escaped character. */
  #at = 0;
  /** Offset of the piece in the file. */
  #start = 0;
  #hasEnded = false;
  /** State of the value that is being skipped. */
  #isScalar = false;
  #depth = 0;
  #isInText = false;
  /** Commas between its elements. */
  #commas = 0;

  constructor(private readonly text: JsonText) {}

  /** Offset in the file, in bytes. */
  get offset(): number {
    return this.#start + Math.min(this.#at, this.#piece.length);
  }

  /** Goes to an offset that another cursor in the same file had. */
  *goTo(offset: number): Steps<void> {
    this.#at = offset - this.#start;
    while (this.#at > this.#piece.length && (yield* this.#nextPiece())) yield;
  }

  /** Returns the next `length` bytes, fewer at the end of the file, as text without consuming them. */
  *ahead(length: number): Steps<string> {
    while (this.#piece.length - this.#at < length) {
      const left = this.#piece.subarray(this.#at);
      this.#at = this.#piece.length;
      if (!(yield* this.#nextPiece())) {
        this.#restore(left);
        break;
      }
      this.#restore(left);
    }
    return Buffer.from(this.#piece.subarray(this.#at, this.#at + length)).toString('utf8');
  }

  /** Whether the byte is in the rest of the current piece. */
  hasInPiece(byte: number): boolean {
    return this.#piece.includes(byte, this.#at);
  }

  /** Skips blanks and returns the next byte without consuming it; undefined at the end of the file. */
  *peek(): Steps<number | undefined> {
    let byte = this.#skipBlanks();
    while (byte === undefined) {
      if (!(yield* this.#nextPiece())) return undefined;
      byte = this.#skipBlanks();
    }
    return byte;
  }

  /** Consumes the byte that `peek` returned. */
  take(): void {
    this.#at += 1;
  }

  /** Consumes the next byte if it is the given one, and inside the current piece. */
  takeNow(byte: number): boolean {
    if (this.#piece[this.#at] !== byte) return false;
    this.#at += 1;
    return true;
  }

  /** Skips the next value without parsing it, and returns the first bytes of its text, at most `length`. */
  *skip(length = 0): Steps<string> {
    yield* this.peek();
    let start = this.#at;
    let text = Buffer.alloc(0);
    this.#begin();
    for (;;) {
      const isWhole = this.#proceed();
      const part = this.#piece.subarray(start, Math.min(this.#at, start + length - text.length));
      if (text.length < length) text = Buffer.concat([text, part]);
      if (isWhole || !(yield* this.#continues())) return text.toString('utf8');
      start = 0;
      yield;
    }
  }

  /** Skips the next value. Calls `onPart` with the number of its elements so far, once per piece of the file. */
  *skipCounting(onPart: (elements: number) => void): Steps<void> {
    yield* this.peek();
    this.#begin();
    for (;;) {
      const isWhole = this.#proceed();
      onPart(this.#commas + 1);
      if (isWhole || !(yield* this.#continues())) return;
      yield;
    }
  }

  /** Parses the next value. */
  *value(): Steps<unknown> {
    yield* this.peek();
    const offset = this.offset;
    let start = this.#at;
    let bytes = 0;
    const parts: Uint8Array[] = [];
    this.#begin();
    for (let isWhole = false; !isWhole; start = 0) {
      isWhole = this.#proceed();
      const part = this.#piece.subarray(start, this.#at);
      parts.push(part);
      bytes += part.length;
      if (bytes > MAX_VALUE_BYTES) throw tooLarge(offset);
      isWhole ||= !(yield* this.#continues());
    }
    return parseValue(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts), offset);
  }

  /**
   * Parses the next value if all of it is in the current piece, which takes no generator. Else returns undefined, and
   * `value` must be called.
   */
  valueNow(): unknown {
    if (this.#skipBlanks() === undefined) return undefined;
    const start = this.#at;
    this.#begin();
    const isWhole = this.#proceed();
    const end = this.#at;
    if (!isWhole || end - start > MAX_VALUE_BYTES) {
      this.#at = start;
      return undefined;
    }
    return parseValue(this.#piece.subarray(start, end), this.#start + start);
  }

  /** Throws an error at the current position. */
  fail(what: string, advice?: string | Dialect): never {
    throw new JsonError(what, this.offset, advice);
  }

  #skipBlanks(): number | undefined {
    let byte = this.#piece[this.#at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      this.#at += 1;
      byte = this.#piece[this.#at];
    }
    return byte;
  }

  /** Starts a value at the current position. */
  #begin(): void {
    const first = this.#piece[this.#at];
    this.#depth = 0;
    this.#commas = 0;
    this.#isInText = first === QUOTE;
    this.#isScalar = !this.#isInText && first !== OPEN_OBJECT && first !== OPEN_ARRAY;
    if (this.#isScalar && !isScalarByte(first)) this.fail('a value is missing');
    if (this.#isInText) this.#at += 1;
  }

  /** Goes on in the value to its end, or to the end of the piece. Returns whether the end of the value was found. */
  #proceed(): boolean {
    if (this.#isScalar) {
      while (isScalarByte(this.#piece[this.#at])) this.#at += 1;
      return this.#at < this.#piece.length;
    }
    for (;;) {
      if (this.#isInText) {
        if (!this.#proceedInText()) return false;
        if (this.#depth === 0) return true;
      }
      const isAtEnd = this.#proceedInBrackets();
      if (!this.#isInText) return isAtEnd;
    }
  }

  #proceedInText(): boolean {
    const piece = this.#piece;
    const { length } = piece;
    let at = this.#at;
    while (at < length) {
      const byte = piece[at];
      at += byte === BACKSLASH ? 2 : 1;
      if (byte !== QUOTE) continue;
      this.#isInText = false;
      break;
    }
    this.#at = at;
    return !this.#isInText;
  }

  /** Returns whether the outermost bracket was closed; else a text begins, or the piece ends. */
  #proceedInBrackets(): boolean {
    const piece = this.#piece;
    const { length } = piece;
    let at = this.#at;
    let depth = this.#depth;
    let commas = this.#commas;
    while (at < length) {
      const byte = piece[at];
      at += 1;
      if (byte === QUOTE) {
        this.#isInText = true;
        break;
      }
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1;
      else {
        if (byte === COMMA && depth === 1) commas += 1;
        continue;
      }
      if (depth === 0 || depth > MAX_DEPTH) break;
    }
    this.#at = at;
    this.#depth = depth;
    this.#commas = commas;
    if (depth > MAX_DEPTH) this.fail(`it nests more than ${MAX_DEPTH} levels`, EXPORT_AGAIN);
    return depth === 0;
  }

  /** Gets the next piece inside a value. Returns false if a number or word ends with the file. */
  *#continues(): Steps<boolean> {
    if (yield* this.#nextPiece()) return true;
    if (this.#isScalar) return false;
    return this.fail(this.#isInText ? 'it ends in the middle of a text' : 'it ends in the middle');
  }

  /** Replaces the current piece, all of which is consumed, by the next one; false at the end of the file. */
  *#nextPiece(): Steps<boolean> {
    this.#start += this.#piece.length;
    this.#at -= this.#piece.length;
    this.#piece = new Uint8Array();
    if (!this.#hasEnded) {
      const next = yield* this.text.next();
      this.#hasEnded = next === undefined;
      this.#piece = next ?? this.#piece;
    }
    return !this.#hasEnded;
  }

  /** Puts bytes that were not consumed before the current piece. */
  #restore(bytes: Uint8Array): void {
    this.#piece = Buffer.concat([bytes, this.#piece]);
    this.#start -= bytes.length;
  }
}

/** Whether the byte can be part of a number, true, false, null, NaN or Infinity. */
function isScalarByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e
  );
}
