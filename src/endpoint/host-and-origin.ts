import type { FastifyRequest } from 'fastify';
import { shortText } from '../lib/short-text.js';
import { Problem } from './problems.js';
import { isLoopback } from './tokens.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** A name, an IPv4 address or an IPv6 address in brackets, and an optional port. */
const HOST = /^(?:([a-z0-9._-]+)|\[([0-9a-f:.]+)\])(?::\d{1,5})?$/i;
/** A request line may name the host too, as requests to proxies do. */
const ABSOLUTE_URL = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i;
/** Maximum characters of a header in a message. */
const MAX_SHOWN = 100;

/**
 * Prevents DNS rebinding: without tokens, a page must not reach the endpoint by a host name that resolves to this machine.
 * Only the Host header counts, since pages cannot set it.
 * @throws Problem
 */
export function checkHost({ raw }: FastifyRequest, tokens: readonly string[]): void {
  // Node keeps the first of several Host headers, but a proxy may have chosen another (RFC 9112, 3.2).
  if (raw.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length > 1) {
    throw new Problem(400, 'The request has several Host headers.');
  }
  const { host } = raw.headers;
  if (host === undefined) {
    // Health checks of load balancers use HTTP/1.0, which has no Host header.
    if (tokens.length > 0 && raw.httpVersion === '1.0') return;
    throw new Problem(400, 'The request has no Host header.');
  }
  const [isHost, name, address] = HOST.exec(host) ?? [];
  if (isHost === undefined) {
    throw new Problem(400, 'The Host header is not valid: it must be a host name or address, or host:port.');
  }
  const absolute = ABSOLUTE_URL.exec(raw.url ?? '')?.[1];
  if (absolute !== undefined && absolute.toLowerCase() !== host.toLowerCase()) {
    throw new Problem(400, 'The request line and the Host header name different hosts.');
  }
  const named = name ?? address ?? '';
  if (tokens.length > 0 || isLoopback(named.toLowerCase())) return;
  throw new Problem(
    421,
    `Without CURATOR_TOKENS this endpoint accepts requests to localhost only, not to ${shortText(named, MAX_SHOWN)}.`,
  );
}

/**
 * Prevents cross-site request forgery: a request that changes something must come from the endpoint's own page or a
 * listed origin.
 * @throws Problem
 */
export function checkOrigin(request: FastifyRequest, origins: readonly string[]): void {
  const { writes = false } = request.routeOptions.config ?? {};
  if (SAFE_METHODS.has(request.method) && !writes) return;
  const { origin, 'sec-fetch-site': site } = request.headers;
  // Browsers send no Origin with the GET requests of images and links, but say where they come from.
  if (origin === undefined && (site === 'cross-site' || site === 'same-site')) {
    throw new Problem(403, 'Requests from pages of other origins are refused.');
  }
  if (origin === undefined || origins.includes(origin)) return;
  if (origin === originOf(request.protocol, request.host)) return;
  // Behind a proxy that ends TLS, the endpoint does not know its own scheme, but the browser says that it is the same.
  if (site === 'same-origin' && origin === originOf('https', request.host)) return;
  throw new Problem(
    403,
    `Requests from pages of ${shortText(origin, MAX_SHOWN)} are refused. To allow them, add the origin to CURATOR_CORS_ORIGINS.`,
  );
}

/** An origin as browsers send it: without the scheme's default port, in lower case; undefined if the host is not valid. */
function originOf(protocol: string, host: string): string | undefined {
  const url = `${protocol}://${host}`;
  return HOST.test(host) && URL.canParse(url) ? new URL(url).origin : undefined;
}
