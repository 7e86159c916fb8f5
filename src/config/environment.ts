import { UsageError } from '../lib/usage-error.js';

/** The bucket of this environment. */
export function bucketOf(env: NodeJS.ProcessEnv): string {
  if (!env.BUCKET) throw new UsageError('BUCKET is not set: name the bucket that datasets live in.');
  return env.BUCKET;
}

/** envconfig takes variables that are set only. */
export function definedOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
