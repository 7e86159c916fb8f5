import { z } from 'zod';
import type { App } from '../app.js';
import { noContent, problems } from '../describe-responses.js';
import { Problem } from '../problems.js';
import { authenticatedSchema } from '../schemas.js';
import { isAllowed, isSession, sessionOf } from '../tokens.js';

export const SESSION_COOKIE = 'curator_session';
const SESSION_SECS = 12 * 3600;
const ATTEMPTS_PER_MINUTE = 20;

/** Session cookies: a page cannot set the Authorization header on an EventSource or an image. */
export function sessionRoutes(app: App, tokens: readonly string[], path: string): void {
  const cookie = { path, httpOnly: true, sameSite: 'strict', secure: 'auto' } as const;

  app.get(
    '/session',
    {
      config: { open: true },
      schema: {
        tags: ['session'],
        summary: 'Whether the request is authenticated',
        response: { 200: authenticatedSchema },
      },
    },
    async ({ headers, cookies }) => ({
      authenticated: isAllowed(tokens, headers.authorization) || isSession(tokens, cookies[SESSION_COOKIE]),
    }),
  );

  app.post(
    '/session',
    {
      config: { open: true, rateLimit: { max: ATTEMPTS_PER_MINUTE } },
      schema: {
        tags: ['session'],
        summary: 'Exchange a token for a session cookie',
        body: z.object({ token: z.string().min(1).max(1000) }),
        response: { 204: noContent('Sets a cookie that is valid for 12 hours'), ...problems(401) },
      },
    },
    async ({ body }, reply) => {
      if (!isAllowed(tokens, `Bearer ${body.token}`)) throw new Problem(401, 'Invalid token.');
      const expires = Math.floor(Date.now() / 1000) + SESSION_SECS;
      return await reply
        .setCookie(SESSION_COOKIE, sessionOf(body.token, expires), { ...cookie, maxAge: SESSION_SECS })
        .code(204)
        .send();
    },
  );

  app.delete(
    '/session',
    {
      config: { open: true },
      schema: {
        tags: ['session'],
        summary: 'Delete the session cookie',
        response: { 204: noContent('The cookie is deleted') },
      },
    },
    async (_request, reply) => await reply.clearCookie(SESSION_COOKIE, cookie).code(204).send(),
  );
}
