import { z } from 'zod';
import { RefusedError, UnavailableError } from '../client/errors.js';
import { errorMessage } from '../lib/error-message.js';

/** Too many requests; Temporal or S3 is unavailable; or a proxy cannot reach the endpoint. The same request may succeed later. */
const UNAVAILABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** The HTTP endpoint of a Curator on another machine. */
export interface RemoteEndpoint {
  readonly url: string;
  /** Bearer token that requests carry, if the endpoint requires one. */
  readonly token: string | undefined;
}

const problemSchema = z.object({ detail: z.string() });

/**
 * Sends a request to the HTTP endpoint and returns its validated response.
 * @throws RefusedError with the detail of the problem document; UnavailableError if the request may succeed later
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
    throw new UnavailableError(`The endpoint ${url.origin} does not respond: ${reasonOf(error)}.`);
  });
  const document: unknown = await response.json().catch(() => undefined);
  if (response.ok) return schema.parse(document);
  const problem = problemSchema.safeParse(document);
  const message = problem.success ? problem.data.detail : `The endpoint returned status ${response.status}.`;
  throw UNAVAILABLE.has(response.status) ? new UnavailableError(message) : new RefusedError(message);
}

/** The error of fetch says only that it failed; its cause has the reason. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return errorMessage(cause);
}
