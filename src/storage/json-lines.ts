import type { ZodType } from 'zod';
import { type S3Location, s3Uri } from '../lib/s3-uri.js';
import { LineTooLongError, streamByteLines } from '../lib/stream-lines.js';
import { MalformedError, storageError } from './errors.js';
import { parseJson } from './json.js';
import type { ObjectStore } from './object-store.js';

/** Maximum bytes of a line: five times the service's maximum for a line of a manifest. */
export const MAX_LINE_BYTES = 512 * 1024;

export interface LineOptions {
  /** Maximum number of lines. */
  readonly maxLines: number;
  readonly signal?: AbortSignal;
}

/** A line of an object with its place. */
export interface Line {
  readonly text: string;
  /** Number of the line, from 1. */
  readonly number: number;
  /** The bytes of the line without its end: from `start` to `end` (exclusive). */
  readonly start: number;
  readonly end: number;
}

/**
 * The lines of a text object, read as they arrive, so that an object of any size takes little memory and other work goes
 * on meanwhile.
 * @throws MalformedError if there are too many lines or one is too long, StorageError
 */
export async function* readLines(
  store: ObjectStore,
  { bucket, key }: S3Location,
  { maxLines, signal }: LineOptions,
): AsyncGenerator<Line> {
  const uri = s3Uri({ bucket, key });
  const { body } = await store.open(bucket, key, signal ? { signal } : {});
  const decoder = new TextDecoder();
  let [number, start] = [0, 0];
  try {
    for await (const bytes of streamByteLines(body, MAX_LINE_BYTES)) {
      number += 1;
      if (number > maxLines) throw new MalformedError(`${uri} has more than ${maxLines} lines.`);
      const end = start + bytes.length;
      yield { text: decoder.decode(bytes), number, start, end };
      start = end + 1;
    }
  } catch (error) {
    if (!(error instanceof LineTooLongError)) throw storageError(error, 'read', bucket, key);
    throw new MalformedError(`${uri} has a line of more than ${error.maximum} bytes: line ${error.line}.`);
  } finally {
    body.destroy();
  }
}

/**
 * The values of an object with one JSON document per line, read like `readLines` and checked. Empty lines are skipped.
 * @throws MalformedError if a line does not match the schema, StorageError
 */
export async function* readJsonLines<T>(
  store: ObjectStore,
  location: S3Location,
  schema: ZodType<T>,
  options: LineOptions,
): AsyncGenerator<Omit<Line, 'text'> & { readonly value: T }> {
  for await (const { text, ...place } of readLines(store, location, options)) {
    if (text === '') continue;
    const value = parseJson(text, schema, `Line ${place.number} of ${s3Uri(location)}`);
    yield { ...place, value };
  }
}
