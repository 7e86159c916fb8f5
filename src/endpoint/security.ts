import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import type { App } from './app.js';
import { Problem } from './problems.js';
import { SESSION_COOKIE } from './routes/session.js';
import { isAllowed, isLoopback, isSession } from './tokens.js';

/** Reports contain names and images from archives: they may not run scripts or load anything. */
export const REPORT_SANDBOX = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'";

export interface SecurityOptions {
  /** Accepted bearer tokens; with an empty list no token is needed. */
  readonly tokens: readonly string[];
  /** [CURATOR_CORS_ORIGINS] Origins, beside the endpoint's own, whose pages may call it. */
  readonly origins: readonly string[];
  /** Maximum requests per minute and client address. */
  readonly rateLimit: number;
  /** Origins of presigned URLs, to which pages upload. */
  readonly uploadOrigins: readonly string[];
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Adds the checks that run before the routes: rate limit, headers, host, origin, token. */
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
  // Later than the rate limit, which runs in onRequest, so that guessing tokens is limited too.
  app.addHook('preParsing', async (request) => {
    if (request.routeOptions.config?.open) return;
    const { authorization } = request.headers;
    if (isAllowed(tokens, authorization)) return;
    if (authorization === undefined && isSession(tokens, request.cookies[SESSION_COOKIE])) return;
    throw new Problem(401, 'A token is required. Send it as Authorization: Bearer <token>.');
  });
}

/**
 * Prevents DNS rebinding: without tokens, a page must not reach the endpoint by a host name that resolves to this machine.
 * Only the Host header counts, since pages cannot set it.
 */
function checkHost({ headers, raw }: FastifyRequest, tokens: readonly string[]): void {
  // Node keeps the first of several Host headers, but a proxy may have chosen another (RFC 9112, 3.2).
  if (raw.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length > 1) {
    throw new Problem(400, 'The request has several Host headers.');
  }
  const { host = '' } = headers;
  const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host;
  if (tokens.length > 0 || isLoopback(name.replace(/^\[|\]$/g, ''))) return;
  throw new Problem(
    421,
    `Without CURATOR_TOKENS this endpoint accepts requests to localhost only, not to ${name}.`,
  );
}

/** Prevents cross-site request forgery: a request that changes something must come from the endpoint's own page or a listed origin. */
function checkOrigin(request: FastifyRequest, origins: readonly string[]): void {
  const { writes = false } = request.routeOptions.config ?? {};
  if (SAFE_METHODS.has(request.method) && !writes) return;
  const { origin, 'sec-fetch-site': site } = request.headers;
  // Browsers send no Origin with the GET requests of images and links, but say where they come from.
  if (origin === undefined && (site === 'cross-site' || site === 'same-site')) {
    throw new Problem(403, 'Requests from pages of other origins are refused.');
  }
  if (origin === undefined) return;
  const host = URL.canParse(origin) ? new URL(origin).host : undefined;
  if (origins.includes(origin) || host === request.host) return;
  throw new Problem(
    403,
    `Requests from pages of ${origin} are refused. To allow them, add the origin to CURATOR_CORS_ORIGINS.`,
  );
}
