import { z } from 'zod';
import { RefusedError } from '../client/errors.js';

const problemSchema = z.object({ detail: z.string() });

/**
 * A request to the HTTP endpoint with the token of CURATOR_TOKEN, and its answer, checked.
 * @throws RefusedError with the endpoint's own words
 */
export async function callEndpoint<T>(
  endpoint: string,
  path: string,
  schema: z.ZodType<T>,
  body?: object,
): Promise<T> {
  const url = new URL(path, endpoint.endsWith('/') ? endpoint : `${endpoint}/`);
  const token = process.env.CURATOR_TOKEN;
  const response = await fetch(url, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
  }).catch((error: unknown) => {
    throw new RefusedError(`The endpoint ${url.origin} does not answer: ${String(error)}`);
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return schema.parse(answer);
  const problem = problemSchema.safeParse(answer);
  throw new RefusedError(
    problem.success ? problem.data.detail : `The endpoint answered with status ${response.status}.`,
  );
}
