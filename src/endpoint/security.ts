import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { App } from './app.js';
import { checkHost, checkOrigin } from './host-and-origin.js';
import { Problem } from './problems.js';
import { SESSION_COOKIE } from './routes/session.js';
import { isAllowed, isSession } from './tokens.js';

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
  const limitRate = app.rateLimit();
  app.addHook('onRequest', async (request, reply) => {
    // The client has closed the connection, so that it reads no response and has no address for the rate limit.
    if (request.socket.remoteAddress === undefined) return reply.hijack();
    checkHost(request, tokens);
    checkOrigin(request, origins);
    // The plugin limits routes only. Without this, tokens could be guessed at addresses that have no route.
    if (request.is404) await limitRate.call(app, request, reply);
    return;
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
