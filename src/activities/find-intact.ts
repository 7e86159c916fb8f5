import type { ZodType } from 'zod';
import { MalformedError } from '../storage/errors.js';
import type { ObjectStore } from '../storage/object-store.js';

/** Reads a JSON object that can be made again; returns undefined if it is missing or damaged. */
export async function findIntact<T>(
  store: ObjectStore,
  bucket: string,
  key: string,
  schema: ZodType<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  try {
    return await store.findJson(bucket, key, schema, { signal });
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}
