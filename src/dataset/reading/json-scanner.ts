import type { Steps } from '../../lib/steps.js';
import { JsonCursor } from './json-cursor.js';
import { ENCODED_TWICE, isEncodedTwice, REMOVE_AROUND } from './json-dialects.js';
import type { JsonText } from './json-text.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** Byte order marks, more than one if tools convert a file twice, and spaces that JSON does not allow. */
const BLANK = /^[\s\ufeff\u200b]*/;
const MAX_BLANK_BYTES = 64;
/** What to do about a file with several objects. */
export const ONE_OBJECT =
  'A program may have added to the file instead of replacing it. Keep only the right object, or write each object into a JSON file of its own.';
/** Elements of a list, or members of an object, between two yields: a few tens of milliseconds of work. */
const ELEMENTS_PER_STEP = 10_000;

/** Walks the top-level object of a JSON file. Elements of arrays are parsed one by one. */
export class JsonScanner {
  readonly #cursor: JsonCursor;

  constructor(text: JsonText) {
    this.#cursor = new JsonCursor(text);
  }

  /** Offset in the file, in bytes. */
  get offset(): number {
    return this.#cursor.offset;
  }

  /** Goes to an offset that another scanner of the same file had. */
  *goTo(offset: number): Steps<void> {
    yield* this.#cursor.goTo(offset);
  }

  /** Returns the next bytes as text without consuming them. */
  *ahead(length: number): Steps<string> {
    return yield* this.#cursor.ahead(length);
  }

  /**
   * Goes to the first object: the top level, or the first element of a list. Returns undefined if the list begins with
   * something else.
   * @throws JsonError if the file is empty or begins with neither an object nor a list
   */
  *enter(): Steps<'object' | 'list' | undefined> {
    const cursor = this.#cursor;
    const start = yield* cursor.ahead(MAX_BLANK_BYTES);
    yield* cursor.goTo(Buffer.byteLength(BLANK.exec(start)?.[0] ?? ''));
    const first = yield* cursor.peek();
    if (first === undefined) cursor.fail('it is empty');
    if (first === OPEN_OBJECT) return 'object';
    if (first !== OPEN_ARRAY) {
      const begin = yield* cursor.ahead(40);
      if (isEncodedTwice(begin)) cursor.fail(ENCODED_TWICE.what, ENCODED_TWICE.advice);
      const [line] = begin.split(/[\r\n]/);
      const advice = cursor.hasInPiece(OPEN_OBJECT) ? REMOVE_AROUND : undefined;
      cursor.fail(`it begins with ${JSON.stringify(line)}`, advice);
    }
    cursor.take();
    return (yield* this.isObject()) ? 'list' : undefined;
  }

  /**
   * Returns what follows the object that `enter` found, once all its members are consumed: `lines` if another object is
   * on the next line, `elements` if the list has more.
   * @throws JsonError if it is something else
   */
  *rest(entered: 'object' | 'list'): Steps<'nothing' | 'lines' | 'elements'> {
    const cursor = this.#cursor;
    if (entered === 'list' && !(yield* this.#listEnds(CLOSE_ARRAY))) return 'elements';
    const blanks = yield* cursor.ahead(MAX_BLANK_BYTES);
    const next = yield* cursor.peek();
    if (next === undefined) return 'nothing';
    const isObject = entered === 'object' && next === OPEN_OBJECT;
    if (isObject && /^[ \t\r]*\n/.test(blanks)) return 'lines';
    return isObject ? this.failBetweenObjects() : cursor.fail('something follows its end', REMOVE_AROUND);
  }

  /** @throws JsonError since another object begins here */
  failBetweenObjects(): never {
    return this.#cursor.fail('another object follows its end', ONE_OBJECT);
  }

  /**
   * Calls `onMember` with the name of each member of the next value, which must be an object. `onMember` must consume
   * the member's value.
   */
  *members(onMember: (name: string) => Steps<void>): Steps<void> {
    const cursor = this.#cursor;
    cursor.take();
    if ((yield* cursor.peek()) === CLOSE_OBJECT) {
      cursor.take();
      return;
    }
    for (let count = 1; ; count++) {
      if ((yield* cursor.peek()) !== QUOTE) cursor.fail('a member name is missing');
      const name = yield* cursor.value();
      if ((yield* cursor.peek()) !== COLON) cursor.fail('a colon is missing');
      cursor.take();
      yield* onMember(String(name));
      if (count % ELEMENTS_PER_STEP === 0) yield;
      if (yield* this.#listEnds(CLOSE_OBJECT)) return;
    }
  }

  /** Whether the next value is an object. */
  *isObject(): Steps<boolean> {
    return (yield* this.#cursor.peek()) === OPEN_OBJECT;
  }

  /** Whether the next value is null. */
  *isNull(): Steps<boolean> {
    yield* this.#cursor.peek();
    return (yield* this.#cursor.ahead(2)) === 'nu';
  }

  /** Whether the next value is an array. */
  *isArray(): Steps<boolean> {
    return (yield* this.#cursor.peek()) === OPEN_ARRAY;
  }

  /** Calls `onElement` with each element of the next value, which must be an array. */
  *elements(onElement: (value: unknown) => void): Steps<void> {
    const cursor = this.#cursor;
    cursor.take();
    if ((yield* cursor.peek()) === CLOSE_ARRAY) {
      cursor.take();
      return;
    }
    for (let count = 1; ; count++) {
      const value = cursor.valueNow();
      onElement(value === undefined ? yield* cursor.value() : value);
      if (count % ELEMENTS_PER_STEP === 0) yield;
      if (!cursor.takeNow(COMMA) && (yield* this.#listEnds(CLOSE_ARRAY))) return;
    }
  }

  /** Parses the next value. */
  *value(): Steps<unknown> {
    return yield* this.#cursor.value();
  }

  /** Skips the next value without parsing it. */
  *skip(): Steps<void> {
    yield* this.#cursor.skip();
  }

  /** Skips the next value. Calls `onPart` regularly with the number of its elements so far. */
  *skipCounting(onPart: (elements: number) => void): Steps<void> {
    yield* this.#cursor.skipCounting(onPart);
  }

  /** Skips the next value and returns the first bytes of its text. */
  *skipped(maxBytes: number): Steps<string> {
    return yield* this.#cursor.skip(maxBytes);
  }

  /** Throws a JsonError at the current position. */
  fail(what: string, advice?: string): never {
    this.#cursor.fail(what, advice);
  }

  /** Reads what follows an element. Returns true at the closing bracket, false at a comma. */
  *#listEnds(close: number): Steps<boolean> {
    const cursor = this.#cursor;
    const byte = yield* cursor.peek();
    if (byte !== close && byte !== COMMA) cursor.fail('a comma or a closing bracket is missing');
    cursor.take();
    return byte === close;
  }
}
