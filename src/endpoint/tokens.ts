import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { UsageError } from '../lib/usage-error.js';

/** Whether a host name or address, in lower case, is one of this machine only. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));

/** @throws UsageError if the endpoint would listen beyond loopback without a token */
export function assertProtected(tokens: readonly string[], host: string): void {
  if (tokens.length > 0 || isLoopback(host)) return;
  throw new UsageError(
    `Listening on ${host} needs bearer tokens: set CURATOR_TOKENS to one or more, separated by commas.`,
  );
}

/** Whether the Authorization header has an accepted token. All tokens are compared, by hashes and in constant time. */
export function isAllowed(tokens: readonly string[], authorization: string | undefined): boolean {
  if (tokens.length === 0) return true;
  const given = hashOf(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
  return tokens.map((token) => timingSafeEqual(hashOf(token), given)).some((equal) => equal);
}

/** The value of a session cookie: proves until `expires` (seconds since 1970) that its bearer had the token, without containing it. */
export function sessionOf(token: string, expires: number): string {
  return `${expires}.${createHmac('sha256', token).update(`curator session ${expires}`).digest('hex')}`;
}

/** Whether a session cookie was signed with one of these tokens and has not expired. */
export function isSession(tokens: readonly string[], session: string | undefined): boolean {
  const expires = Number(/^(\d{1,12})\.[0-9a-f]{64}$/.exec(session ?? '')?.[1]);
  if (!(expires > Date.now() / 1000)) return false;
  const given = hashOf(session ?? '');
  return tokens
    .map((token) => timingSafeEqual(hashOf(sessionOf(token, expires)), given))
    .some((equal) => equal);
}

const hashOf = (text: string) => createHash('sha256').update(text).digest();
