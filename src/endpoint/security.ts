import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import type { App } from './app.js';
import { Problem } from './problems.js';
import { SESSION_COOKIE } from './routes/session.js';
import { isAllowed, isLoopback, isSession } from './tokens.js';

export interface SecurityOptions {
  /** Bearer tokens; empty: none asked for. */
  readonly tokens: readonly string[];
  /** [CURATOR_CORS_ORIGINS] Other origins whose pages may use the endpoint. */
  readonly origins: readonly string[];
  /** Requests a minute from one address. */
  readonly rateLimit: number;
  /** Where pages send uploads to. */
  readonly uploadOrigins: readonly string[];
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Everything that stands before the routes: limits, headers, origins, tokens. */
export async function addSecurity(app: App, options: SecurityOptions): Promise<void> {
  const { tokens, origins } = options;
  await app.register(rateLimit, { max: options.rateLimit, timeWindow: '1 minute' });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'blob:', 'data:'],
        connectSrc: ["'self'", ...options.uploadOrigins],
        workerSrc: ["'self'"],
        frameSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
  });
  if (origins.length > 0) {
    await app.register(cors, {
      origin: [...origins],
      methods: ['GET', 'POST', 'DELETE'],
      allowedHeaders: ['authorization', 'content-type'],
      maxAge: 600,
    });
  }
  await app.register(cookie);
  app.addHook('onRequest', async (request) => {
    checkHost(request, tokens);
    checkOrigin(request, origins);
  });
  // After the rate limit, which works on request: guessing tokens is limited too.
  app.addHook('preParsing', async (request) => {
    if (request.routeOptions.config?.open) return;
    const { authorization } = request.headers;
    if (isAllowed(tokens, authorization)) return;
    if (authorization === undefined && isSession(tokens, request.cookies[SESSION_COOKIE])) return;
    throw new Problem(401, 'Send one of the tokens of this endpoint: Authorization: Bearer <token>.');
  });
}

/** Where no token is asked for, a web page must not get here under a name of its own that resolves to this machine. */
function checkHost(request: FastifyRequest, tokens: readonly string[]): void {
  if (tokens.length > 0 || isLoopback(request.hostname.replace(/^\[|\]$/g, ''))) return;
  throw new Problem(
    421,
    `Without CURATOR_TOKENS this endpoint answers to localhost only, not to ${request.hostname}.`,
  );
}

/** Browsers send cookies, and need none on loopback; so what changes something must come from a page of ours. */
function checkOrigin(request: FastifyRequest, origins: readonly string[]): void {
  const { origin } = request.headers;
  if (origin === undefined || SAFE_METHODS.has(request.method)) return;
  const host = URL.canParse(origin) ? new URL(origin).host : undefined;
  if (origins.includes(origin) || host === request.host) return;
  throw new Problem(403, `Pages of ${origin} may not do this; CURATOR_CORS_ORIGINS lists who may.`);
}
