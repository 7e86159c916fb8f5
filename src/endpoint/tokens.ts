import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { UsageError } from '../config/read-settings.js';

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** Shorter ones are words or passwords, which can be guessed. */
const MIN_TOKEN_CHARACTERS = 16;

export const isLoopback = (host: string) => LOOPBACK.test(host);

/**
 * The bearer tokens that are accepted, several for rotation; none on loopback where none are set.
 * @throws UsageError where the endpoint would listen beyond loopback without a token, or one could be guessed
 */
export function tokensOf(env: NodeJS.ProcessEnv, host: string): string[] {
  const tokens = listOf(env.CURATOR_TOKENS);
  if (tokens.length === 0 && !isLoopback(host)) {
    throw new UsageError(
      `Listening on ${host} needs bearer tokens: set CURATOR_TOKENS to one or more, separated by commas.`,
    );
  }
  if (tokens.some((token) => token.length < MIN_TOKEN_CHARACTERS)) {
    throw new UsageError(
      `CURATOR_TOKENS: each token must have at least ${MIN_TOKEN_CHARACTERS} characters, so that none can be guessed. Make one with \`openssl rand -hex 32\`.`,
    );
  }
  return tokens;
}

/**
 * Origins beside its own whose pages may use the endpoint, and upload to the bucket.
 * @throws UsageError where one isn't an origin: scheme, host and port
 */
export function originsOf(env: NodeJS.ProcessEnv): string[] {
  const origins = listOf(env.CURATOR_CORS_ORIGINS);
  for (const origin of origins) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) continue;
    throw new UsageError(
      `CURATOR_CORS_ORIGINS=${origin}: an origin is scheme, host and port, as https://example.com.`,
    );
  }
  return origins;
}

/** Compared by hashes of one length in constant time, each token whatever the others say. */
export function isAllowed(tokens: readonly string[], authorization: string | undefined): boolean {
  if (tokens.length === 0) return true;
  const given = hashOf(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
  return tokens.map((token) => timingSafeEqual(hashOf(token), given)).some((equal) => equal);
}

/** A value that shows until `expires` (seconds since 1970) that its bearer had the token, without holding it. */
export function sessionOf(token: string, expires: number): string {
  return `${expires}.${createHmac('sha256', token).update(`curator session ${expires}`).digest('hex')}`;
}

/** Whether a session was made with one of these tokens and hasn't expired. */
export function isSession(tokens: readonly string[], session: string | undefined): boolean {
  const expires = Number(/^(\d{1,12})\.[0-9a-f]{64}$/.exec(session ?? '')?.[1]);
  if (!(expires > Date.now() / 1000)) return false;
  const given = hashOf(session ?? '');
  return tokens
    .map((token) => timingSafeEqual(hashOf(sessionOf(token, expires)), given))
    .some((equal) => equal);
}

const hashOf = (text: string) => createHash('sha256').update(text).digest();

function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
