import { z } from 'zod';
import { RefusedError, UnavailableError } from '../client/errors.js';
import { errorMessage } from '../lib/error-message.js';

/** What the endpoint answers where Temporal or S3 is away, and a proxy where the endpoint is. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

/** The HTTP endpoint of a Curator on another machine. */
export interface RemoteEndpoint {
  readonly url: string;
  /** Bearer token that requests carry, where the endpoint requires one. */
  readonly token: string | undefined;
}

const problemSchema = z.object({ detail: z.string() });

/**
 * Sends a request to the HTTP endpoint and returns its validated response.
 * @throws RefusedError with the endpoint's own words, UnavailableError where there are none
 */
export async function callEndpoint<T>(
  { url: base, token }: RemoteEndpoint,
  path: string,
  schema: z.ZodType<T>,
  body?: object,
): Promise<T> {
  const url = new URL(path, base.endsWith('/') ? base : `${base}/`);
  const response = await fetch(url, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
  }).catch((error: unknown) => {
    throw new UnavailableError(`The endpoint ${url.origin} does not answer: ${reasonOf(error)}.`);
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return schema.parse(answer);
  const problem = problemSchema.safeParse(answer);
  const message = problem.success
    ? problem.data.detail
    : `The endpoint answered with status ${response.status}.`;
  throw AWAY.has(response.status) ? new UnavailableError(message) : new RefusedError(message);
}

/** What fetch throws says only that it failed; its cause says why. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return errorMessage(cause);
}
