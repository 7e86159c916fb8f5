import type { ZodType } from 'zod';
import { MalformedError } from './errors.js';

/** Parses and checks a JSON document that Curator wrote; `uri` names it in the error. @throws MalformedError */
export function parseJson<T>(text: string, schema: ZodType<T>, uri: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedError(`${uri} is not JSON. Delete it and start the run again.`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new MalformedError(
    `${uri} does not match Curator's schema: ${issue?.path.join('.')}: ${issue?.message}. Delete it and start the run again.`,
  );
}
