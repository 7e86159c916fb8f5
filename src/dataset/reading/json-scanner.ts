import { DatasetError } from '../model/errors.js';
import { type Dialect, dialectOf, REMOVE_AROUND } from './json-dialects.js';
import { withLargeIntegersAsText, withoutPythonNumbers } from './json-numbers.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const LETTER_N = 0x6e;
const LETTER_U = 0x75;
/** Byte order marks, more than one if tools convert a file twice, and spaces that JSON does not allow. */
const BLANK = /^[\s\ufeff\u200b]*/;
const MAX_BLANK_BYTES = 64;
/** Bytes behind a problem that show which notation it is. */
const DIALECT_BYTES = 64;
const ONE_OBJECT = 'Write each object into a JSON file of its own.';
/** COCO nests 5 levels (polygons); JSON.parse would overflow the stack at some thousand levels. */
const MAX_DEPTH = 64;
/** The mask of a huge image has some MB; a record must fit into V8's longest string, which is 512 MB. */
const MAX_VALUE_BYTES = 64 * 1024 * 1024;

/**
 * Walks the top-level object of a JSON file without parsing it as one value: V8's longest string is 512 MB, and a COCO
 * file of millions of annotations is larger. Elements of arrays are parsed one by one.
 */
export class JsonScanner {
  private at: number;

  constructor(
    private readonly path: string,
    private readonly bytes: Uint8Array,
  ) {
    const start = Buffer.from(bytes.subarray(0, MAX_BLANK_BYTES)).toString('utf8');
    this.at = Buffer.byteLength(BLANK.exec(start)?.[0] ?? '');
  }

  /**
   * Goes to the first object: the top level, or the first element of a list. Returns undefined if the list begins with
   * something else.
   * @throws DatasetError CocoInvalid if the file is empty or begins with neither an object nor a list
   */
  enter(): 'object' | 'list' | undefined {
    const first = this.peek();
    if (first === undefined) this.fail('it is empty');
    if (this.isObject()) return 'object';
    if (!this.isArray()) {
      const start = Buffer.from(this.bytes.subarray(this.at, this.at + 40)).toString('utf8');
      this.fail(
        `it begins with ${JSON.stringify(start.split(/[\r\n]/)[0])}`,
        this.bytes.includes(OPEN_OBJECT, this.at) ? REMOVE_AROUND : undefined,
      );
    }
    this.at += 1;
    return this.isObject() ? 'list' : undefined;
  }

  /**
   * Returns what follows the object that `enter` found, once all its members are consumed: `lines` if another object is
   * on the next line, `elements` if the list has more.
   * @throws DatasetError CocoInvalid if it is something else
   */
  rest(entered: 'object' | 'list'): 'nothing' | 'lines' | 'elements' {
    if (entered === 'list' && !this.listEnds(CLOSE_ARRAY)) return 'elements';
    const end = this.at;
    if (this.peek() === undefined) return 'nothing';
    const isOnNextLine = this.bytes.subarray(end, this.at).includes(0x0a);
    if (entered === 'object' && this.isObject() && isOnNextLine) return 'lines';
    const isObject = entered === 'object' && this.isObject();
    return this.fail(
      isObject ? 'another object follows its end' : 'something follows its end',
      isObject ? ONE_OBJECT : REMOVE_AROUND,
    );
  }

  /** Yields the names of the next value's members; it must be an object. The caller must consume each member's value. */
  *members(): Generator<string, void> {
    this.at += 1;
    if (this.peek() === CLOSE_OBJECT) {
      this.at += 1;
      return;
    }
    do {
      if (this.peek() !== QUOTE) this.fail('a member name is missing');
      const key = this.value();
      if (this.peek() !== COLON) this.fail('a colon is missing');
      this.at += 1;
      yield String(key);
    } while (!this.listEnds(CLOSE_OBJECT));
  }

  /** Whether the next value is an object. */
  isObject(): boolean {
    return this.peek() === OPEN_OBJECT;
  }

  /** Whether the next value is an object whose first member is an object. */
  isObjectOfObjects(): boolean {
    if (!this.isObject()) return false;
    const start = this.at;
    this.at += 1;
    const hasMember = this.peek() === QUOTE;
    if (hasMember) this.skipString();
    const hasColon = hasMember && this.peek() === COLON;
    this.at += 1;
    const isNested = hasColon && this.isObject();
    this.at = start;
    return isNested;
  }

  /** Whether the next value is null. */
  isNull(): boolean {
    return this.peek() === LETTER_N && this.bytes[this.at + 1] === LETTER_U;
  }

  /** Whether the next value is an array. */
  isArray(): boolean {
    return this.peek() === OPEN_ARRAY;
  }

  /** Yields the parsed elements of the next value, which must be an array. */
  *elements(): Generator<unknown, void> {
    this.at += 1;
    if (this.peek() === CLOSE_ARRAY) {
      this.at += 1;
      return;
    }
    do {
      yield this.value();
    } while (!this.listEnds(CLOSE_ARRAY));
  }

  /**
   * Parses the next value. Python's NaN and Infinity become null, so that they invalidate a record and not the file.
   * Integers above 2^53, which a double cannot hold, become their text.
   */
  value(): unknown {
    this.peek();
    const start = this.at;
    this.skip();
    if (this.at - start > MAX_VALUE_BYTES) {
      this.at = start;
      this.fail(`a record is larger than ${MAX_VALUE_BYTES / 1024 / 1024} MB`);
    }
    const bytes = Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, this.at - start);
    const text = withLargeIntegersAsText(bytes.toString('utf8'));
    try {
      return JSON.parse(text);
    } catch {
      try {
        return JSON.parse(withoutPythonNumbers(text));
      } catch {
        this.at = start;
        return this.fail(`${JSON.stringify(text.slice(0, 60))} is not JSON`, dialectOf(text));
      }
    }
  }

  /** Skips the next value and returns the beginning of its text. */
  skipped(maxBytes: number): string {
    this.peek();
    const start = this.at;
    this.skip();
    const end = Math.min(this.at, start + maxBytes);
    return Buffer.from(this.bytes.subarray(start, end)).toString('utf8');
  }

  /** Skips the next value without parsing it. */
  skip(): void {
    const first = this.peek();
    if (first === QUOTE) this.skipString();
    else if (first === OPEN_OBJECT || first === OPEN_ARRAY) this.skipNested();
    else this.skipScalar();
  }

  private skipNested(): void {
    let depth = 0;
    while (this.at < this.bytes.length) {
      const byte = this.bytes[this.at];
      if (byte === QUOTE) {
        this.skipString();
        continue;
      }
      this.at += 1;
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1;
      if (depth === 0) return;
      if (depth > MAX_DEPTH) this.fail(`it nests more than ${MAX_DEPTH} levels`);
    }
    this.fail('it ends in the middle');
  }

  private skipString(): void {
    this.at += 1;
    while (this.at < this.bytes.length) {
      const byte = this.bytes[this.at];
      this.at += byte === BACKSLASH ? 2 : 1;
      if (byte === QUOTE) return;
    }
    this.fail('it ends in the middle of a text');
  }

  private skipScalar(): void {
    const start = this.at;
    while (this.at < this.bytes.length && isScalarByte(this.bytes[this.at])) this.at += 1;
    if (this.at === start) this.fail('a value is missing');
  }

  /** Reads what follows an element. Returns true at the closing bracket, false at a comma. */
  private listEnds(close: number): boolean {
    const byte = this.peek();
    if (byte !== close && byte !== COMMA) this.fail('a comma or a closing bracket is missing');
    this.at += 1;
    return byte === close;
  }

  private peek(): number | undefined {
    let byte = this.bytes[this.at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      this.at += 1;
      byte = this.bytes[this.at];
    }
    return byte;
  }

  /** Throws an error that names the notation of another language, if the text at this place shows one. */
  private fail(what: string, advice: string | Dialect = this.dialect() ?? 'Export it again.'): never {
    const at = Math.min(this.at, this.bytes.length);
    const problem = typeof advice === 'string' ? { what, advice } : advice;
    throw new DatasetError(
      'CocoInvalid',
      `${this.path} is not valid JSON: ${problem.what}, at byte ${at} of ${this.bytes.length}. ${problem.advice}`,
      { file: this.path, record: `byte ${at}` },
    );
  }

  /** What the text from the last sign before this place shows. */
  private dialect(): Dialect | undefined {
    let start = this.at - 1;
    while (start > 0 && /\s/.test(String.fromCharCode(this.bytes[start] ?? 0))) start -= 1;
    const part = this.bytes.subarray(Math.max(0, start), this.at + DIALECT_BYTES);
    return dialectOf(new TextDecoder().decode(part));
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
