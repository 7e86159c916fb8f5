import type { Readable } from 'node:stream';
import type { RouteOptions } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type ProblemStatus, TITLES } from './problems.js';
import { problemSchema } from './schemas.js';

type ProblemResponses<S extends ProblemStatus> = { readonly [K in S]: typeof problemSchema };

/** Problem documents that a route itself may return, beside those that any route may. */
export function problems<const S extends ProblemStatus>(...statuses: S[]): ProblemResponses<S> {
  return Object.fromEntries(statuses.map((status) => [status, problemSchema])) as ProblemResponses<S>;
}

export const noContent = (description: string) => z.undefined().describe(description);

/** A body that is sent as a stream and is not JSON, or is not parsed before it is sent. */
export const streamed = z.custom<Readable>().meta({ type: 'string', format: 'binary' });

/** A response with such a body. */
export const bodyOf = (contentType: string, description: string) => ({
  description,
  content: { [contentType]: { schema: streamed } },
});

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Adds to a described route what every route of its kind may return: for rate limits, tokens, origins, bodies. */
export function describeCommonProblems(route: RouteOptions): void {
  const { schema, config } = route;
  if (!schema || schema.hide) return;
  const changes = ![route.method].flat().every((method) => SAFE_METHODS.has(method));
  const common: ProblemStatus[] = [421, 429, 500];
  if (config?.open) schema.security = [];
  else common.push(401);
  if (changes) common.push(400, 403, 413, 415);
  else if (schema.params || schema.querystring) common.push(400);
  schema.response = { ...problems(...common), ...(schema.response as object) };
}

/** zod's schemas as OpenAPI has them; errors get the content type and the title that they are sent with. */
export const describeRoute: typeof jsonSchemaTransform = (document) => {
  const { schema, url } = jsonSchemaTransform(document);
  const responses = Object.entries(schema.response ?? {}).map(([status, response]) => {
    const title = TITLES[Number(status) as ProblemStatus] as string | undefined;
    if (title === undefined) return [status, response];
    return [status, { description: title, content: { 'application/problem+json': { schema: response } } }];
  });
  return { schema: { ...schema, response: Object.fromEntries(responses) }, url };
};
