import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** The part of `node:crypto` that checking uses: synchronous hashes, which browsers do not offer. */
export function createHash(algorithm: 'sha256') {
  if (algorithm !== 'sha256') throw new Error(`There is no ${algorithm} here.`);
  const hash = sha256.create();
  const self = {
    update(data: string | Uint8Array) {
      hash.update(typeof data === 'string' ? new TextEncoder().encode(data) : data);
      return self;
    },
    digest: (_encoding: 'hex'): string => bytesToHex(hash.digest()),
  };
  return self;
}
