import { describe, expect, it } from '@jest/globals';
import { freePort } from '../../src/local/ports.js';

describe('free ports', () => {
  it('differ for servers that start at once', async () => {
    const ports = await Promise.all(Array.from({ length: 60 }, () => freePort()));
    expect(new Set(ports).size).toBe(60);
  });

  it('are not those that an earlier call preferred, though nothing listens there yet', async () => {
    const other = await freePort();
    const preferred = await freePort({ preferred: other + 1 });
    const ports = await Promise.all(Array.from({ length: 60 }, () => freePort()));
    expect(ports).not.toContain(preferred);
  });
});
