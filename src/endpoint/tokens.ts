import { createHash, timingSafeEqual } from 'node:crypto';
import { UsageError } from '../config.js';

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/**
 * The bearer tokens that are accepted, several for rotation; none on loopback where none are set.
 * @throws UsageError where the endpoint would listen beyond loopback without a token
 */
export function tokensOf(env: NodeJS.ProcessEnv, host: string): string[] {
  const tokens = (env.CURATOR_TOKENS ?? '')
    .split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '');
  if (tokens.length === 0 && !LOOPBACK.test(host)) {
    throw new UsageError(
      `Listening on ${host} needs bearer tokens: set CURATOR_TOKENS to one or more, separated by commas.`,
    );
  }
  return tokens;
}

/** Compared by hashes of one length in constant time, each token whatever the others say. */
export function isAllowed(tokens: readonly string[], authorization: string | undefined): boolean {
  if (tokens.length === 0) return true;
  const given = hashOf(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
  return tokens.map((token) => timingSafeEqual(hashOf(token), given)).some((equal) => equal);
}

const hashOf = (text: string) => createHash('sha256').update(text).digest();
