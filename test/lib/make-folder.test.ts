import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolder } from '../../src/lib/make-folder.js';

describe('makeFolder', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'curator-folder-'));
    writeFileSync(at('file'), '');
    symlinkSync(at('nowhere'), at('dangling'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('creates a folder and its parents for their owner only', () => {
    makeFolder(at('a/b/c'), 'CURATOR_HOME');
    for (const name of ['a', 'a/b', 'a/b/c']) expect(statSync(at(name)).mode & 0o777).toBe(0o700);
  });

  it('keeps an existing folder and its permissions, also behind a link', () => {
    mkdirSync(at('open'), { mode: 0o755 });
    symlinkSync(at('open'), at('link'));
    makeFolder(at('link'), 'CURATOR_HOME');
    expect(statSync(at('open')).mode & 0o777).toBe(0o755);
  });

  it.each([
    ['a folder in /proc', () => '/proc/x/y', /^CURATOR_HOME: \/proc\/x cannot be created: its file system/],
    ['a file', () => at('file'), /file is a file, not a folder\. Set CURATOR_HOME to another folder\.$/],
    ['a folder below a file', () => at('file/home'), /file is a file, not a folder\./],
    ['a device', () => '/dev/null', /is a device, not a folder\./],
    ['a link to nothing', () => at('dangling'), /dangling cannot be created: /],
    ['a name that is too long', () => at('x'.repeat(300)), /cannot be created: its name is too long\./],
  ])('refuses %s and names the setting', (_what, path, message) => {
    expect(() => makeFolder(path(), 'CURATOR_HOME')).toThrow(message);
  });
});
