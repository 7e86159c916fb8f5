import type { ZodType } from 'zod';
import { MalformedError } from './errors.js';

/** A JSON document of ours, checked; `place` says in the error which one it is. */
export function parseJson<T>(text: string, schema: ZodType<T>, place: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedError(`${place} is not JSON. Delete it and start the run again.`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new MalformedError(
    `${place} doesn't have the form that Curator writes: ${issue?.path.join('.')}: ${issue?.message}. Delete it and start the run again.`,
  );
}
