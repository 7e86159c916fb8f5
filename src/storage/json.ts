import type { ZodType } from 'zod';
import { shortText } from '../lib/short-text.js';
import { MalformedError } from './errors.js';

/** Maximum bytes of a JSON document. Longer ones could not be held as one string. */
export const MAX_JSON_BYTES = 256 * 1024 * 1024;
/** Maximum bytes of a document about one run, upload or model, such as `status.json`: a hundred times the usual size. */
export const SMALL_JSON_BYTES = 8 * 1024 * 1024;
/** Paths and messages of a schema can contain names of the document. */
const MAX_SHOWN = 200;

/** Parses and checks a JSON document that Curator wrote; `name` names it in the error. @throws MalformedError */
export function parseJson<T>(text: string, schema: ZodType<T>, name: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedError(`${name} is not JSON.`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = shortText(issue?.path.join('.') || 'the document', MAX_SHOWN);
  const rule = shortText(issue?.message ?? '', MAX_SHOWN);
  throw new MalformedError(`${name} does not match Curator's schema: ${field}: ${rule}.`);
}

/** @throws MalformedError if a document has more bytes than its reader accepts */
export function assertSize(bytes: number, maximum: number, name: string): void {
  if (bytes <= maximum) return;
  throw new MalformedError(`${name} is too large: ${bytes} bytes, maximum ${maximum}.`);
}
