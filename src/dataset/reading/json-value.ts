/** Parses one value of a JSON file. */
import { type Dialect, dialectOf } from './json-dialects.js';
import { withLargeIntegersAsText, withoutPythonNumbers } from './json-numbers.js';

/** A COCO file's largest values are masks of huge images, with some MB, and images that tools embed in records. */
export const MAX_VALUE_BYTES = 32 * 1024 * 1024;
/** Maximum numbers and other values in one record: a polygon of a million points. */
const MAX_VALUES = 2_000_000;

const COMMA = 0x2c;
/** Values shorter than this cannot have more than MAX_VALUES values. */
const COUNTED_FROM_BYTES = 2 * MAX_VALUES;

/** Characters of an invalid record that are searched for the notation of another language. */
const MAX_DIALECT_CHARACTERS = 64 * 1024;
export const EXPORT_AGAIN = 'Export it again.';

/** Text that is not JSON, or that exceeds a limit of this reader. */
export class JsonError extends Error {
  override readonly name = 'JsonError';

  /**
   * @param offset where, in bytes from the start of the file
   * @param advice what to do, or the notation of another language that the text has; undefined if the text around the
   *   offset may show one
   * @param isLimit whether the text may be JSON, but exceeds a limit
   */
  constructor(
    readonly what: string,
    readonly offset: number,
    readonly advice: string | Dialect | undefined,
    readonly isLimit = false,
  ) {
    super(what);
  }
}

/**
 * Parses a value that is at an offset of the file.
 * @throws JsonError if it is not JSON, or has too many values
 */
export function parseValue(bytes: Uint8Array, offset: number): unknown {
  if (hasTooManyValues(bytes)) {
    throw limitError(`a record has more than ${MAX_VALUES} values`, offset);
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  const value = parseJson(text);
  if (value === undefined) {
    const what = `${JSON.stringify(text.slice(0, 60))} is not JSON`;
    throw new JsonError(what, offset, dialectOf(text.slice(0, MAX_DIALECT_CHARACTERS)));
  }
  return value;
}

/** The error of a value of more than MAX_VALUE_BYTES. */
export function tooLarge(offset: number): JsonError {
  return limitError(`a record is larger than ${MAX_VALUE_BYTES / 1024 / 1024} MB`, offset);
}

const SIMPLIFY =
  'Simplify the polygons of this record, or remove data from it that is no label, such as an image inside the JSON file.';

const limitError = (what: string, offset: number) => new JsonError(what, offset, SIMPLIFY, true);

/** Whether a record has more values than any use of it needs. Parsing multiplies the memory of many small values. */
function hasTooManyValues(bytes: Uint8Array): boolean {
  if (bytes.length < COUNTED_FROM_BYTES) return false;
  let commas = 0;
  for (let at = bytes.indexOf(COMMA); at >= 0; at = bytes.indexOf(COMMA, at + 1)) commas += 1;
  return commas >= MAX_VALUES;
}

/**
 * Parses a value; undefined if it is not JSON. Python's NaN and Infinity become null, so that they invalidate a record
 * and not the file. Integers above 2^53, which a double cannot hold, become their text.
 */
function parseJson(utf8: string): unknown {
  const text = withLargeIntegersAsText(utf8);
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(withoutPythonNumbers(text));
    } catch {
      return undefined;
    }
  }
}
