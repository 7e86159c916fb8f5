import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cacheFolder, resolveBinary } from '../../src/local/binaries.js';
import { PINS } from '../../src/local/pins.js';

describe('cacheFolder', () => {
  const inHome = join(homedir(), '.cache/curator');
  it.each([
    [{}, inHome],
    [{ CURATOR_CACHE: '', XDG_CACHE_HOME: '' }, inHome],
    [{ XDG_CACHE_HOME: 'relative' }, inHome],
    [{ XDG_CACHE_HOME: '/caches' }, '/caches/curator'],
    [{ CURATOR_CACHE: '/own', XDG_CACHE_HOME: '/caches' }, '/own'],
  ])('binaries for the environment %j are in %s', (env, folder) => {
    expect(cacheFolder(env)).toBe(folder);
  });
});

describe('resolveBinary', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'curator-binaries-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function executable(...path: string[]): string {
    const file = join(folder, ...path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, 0o755);
    return file;
  }
  const cached = () => executable('cache', `weed-${PINS.weed.version}`);
  const env = (more: object = {}) => ({
    CURATOR_CACHE: join(folder, 'cache'),
    PATH: join(folder, 'bin'),
    ...more,
  });

  it('prefers the binary that the environment names', async () => {
    const named = executable('named', 'weed');
    executable('bin', 'weed');
    cached();
    expect(await resolveBinary('weed', { env: env({ CURATOR_WEED_BIN: named }) })).toEqual({
      path: named,
      source: 'CURATOR_WEED_BIN',
    });
  });

  it('prefers PATH to the cache, and the cache to a download', async () => {
    const path = executable('bin', 'weed');
    const cache = cached();
    expect(await resolveBinary('weed', { env: env() })).toEqual({ path, source: 'PATH' });
    expect(await resolveBinary('weed', { env: env({ PATH: '' }) })).toEqual({ path: cache, source: 'cache' });
  });

  it('refuses a named file that is not executable', async () => {
    const file = join(folder, 'plain');
    writeFileSync(file, '');
    await expect(resolveBinary('weed', { env: env({ CURATOR_WEED_BIN: file }) })).rejects.toThrow(
      `CURATOR_WEED_BIN is ${file}, which is not an executable file.`,
    );
  });
});
