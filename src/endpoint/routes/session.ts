import { z } from 'zod';
import type { App } from '../app.js';
import { Problem } from '../problems.js';
import { isAllowed, isSession, sessionOf } from '../tokens.js';

export const SESSION_COOKIE = 'curator_session';
const SESSION_SECS = 12 * 3600;
const ATTEMPTS_A_MINUTE = 20;

/** A page can't send a header with an EventSource or an image; a cookie of its own goes with them. */
export function sessionRoutes(app: App, tokens: readonly string[], path: string): void {
  const cookie = { path, httpOnly: true, sameSite: 'strict', secure: 'auto' } as const;

  app.get(
    '/session',
    { config: { open: true }, schema: { tags: ['session'], summary: 'Whether this browser needs no token' } },
    async ({ headers, cookies }) => ({
      authenticated: isAllowed(tokens, headers.authorization) || isSession(tokens, cookies[SESSION_COOKIE]),
    }),
  );

  app.post(
    '/session',
    {
      config: { open: true, rateLimit: { max: ATTEMPTS_A_MINUTE } },
      schema: {
        tags: ['session'],
        summary: 'Exchange a token for a cookie of 12 hours',
        body: z.object({ token: z.string().min(1).max(1000) }),
      },
    },
    async ({ body }, reply) => {
      if (!isAllowed(tokens, `Bearer ${body.token}`))
        throw new Problem(401, 'That is no token of this endpoint.');
      const expires = Math.floor(Date.now() / 1000) + SESSION_SECS;
      return await reply
        .setCookie(SESSION_COOKIE, sessionOf(body.token, expires), { ...cookie, maxAge: SESSION_SECS })
        .code(204)
        .send();
    },
  );

  app.delete(
    '/session',
    { config: { open: true }, schema: { tags: ['session'], summary: 'Forget the cookie' } },
    async (_request, reply) => await reply.clearCookie(SESSION_COOKIE, cookie).code(204).send(),
  );
}
