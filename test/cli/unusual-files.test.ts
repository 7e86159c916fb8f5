import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { credentialsOf, readRunningStack } from '../../src/local/state.js';
import { roboflowArchive } from '../support/archives.js';
import { CLI, cleanEnv } from '../support/cli.js';
import { useCommands } from '../support/commands.js';

describe('a command', () => {
  const cli = useCommands();
  let folder: string;
  let pipe: string;
  let zip: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'curator-unusual-'));
    pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    zip = join(folder, 'a.zip');
    writeFileSync(zip, await roboflowArchive(24));
    writeFileSync(join(folder, 'large.json'), '');
    truncateSync(join(folder, 'large.json'), 5 * 1024 ** 3);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['a device without end', () => '/dev/zero', /\/dev\/zero cannot be read: it is a device, not a file/],
    ['a named pipe', () => pipe, /cannot be read: it is a named pipe, not a file/],
    ['a folder', () => folder, /cannot be read: it is a folder, not a file/],
    ['a file of 5 GB', () => join(folder, 'large.json'), /cannot be read: it has more than 1048576 bytes/],
  ])('refuses a configuration file that is %s', async (_what, path, message) => {
    const { code, stderr } = await cli(['config'], { CURATOR_CONFIG: path() });
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  it.each(['check', 'ingest'])('says what a device or a pipe is that %s gets as an archive', async (name) => {
    const env = { CURATOR_HOME: folder };
    expect((await cli([name, '/dev/zero'], env)).stderr).toMatch(/\/dev\/zero is a device\. Name a file/);
    const piped = await cli([name, pipe], env);
    expect([piped.code, piped.stderr]).toEqual([
      2,
      expect.stringMatching(/pipe is a named pipe\. Name a file/),
    ]);
  });

  it('replaces credentials that are a named pipe, and takes such a record of a stack for none', () => {
    const home = join(folder, 'home');
    mkdirSync(home);
    execFileSync('mkfifo', [join(home, 'credentials.json'), join(home, 'stack.json')]);
    const created = credentialsOf(home);
    expect(credentialsOf(home)).toEqual(created);
    expect(readRunningStack(home)).toBeUndefined();
  });

  it.each([['/proc/x'], ['/proc/1/fd/x'], ['/dev/null']])('refuses CURATOR_HOME=%s', async (home) => {
    const { code, stderr } = await cli(['up'], { CURATOR_HOME: home });
    expect(stderr).toMatch(/^curator: CURATOR_HOME: \/.* Set CURATOR_HOME to another folder\.\n$/);
    expect(code).toBe(2);
  });

  /** Runs a command whose stdout, or stderr too, is on a full disk. */
  async function onFullDisk(args: readonly string[], isErrorFull: boolean) {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [CLI, ...args], {
      env: cleanEnv({}),
      stdio: ['ignore', full, isErrorFull ? full : 'pipe'],
    });
    const [stderr, [code]] = await Promise.all([
      child.stderr ? text(child.stderr) : '',
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { code, stderr };
  }

  it.each([
    ['config', () => ['config']],
    ['config --json', () => ['config', '--json']],
    ['check --json', () => ['check', zip, '--min-class-images', '2', '--json']],
    ['--help', () => ['--help']],
  ])('fails with one line if its output is on a full disk: %s', async (_what, args) => {
    const { code, stderr } = await onFullDisk(args(), false);
    expect(stderr).toMatch(/^curator: The output cannot be written: the disk is full\. .*another disk\.\n$/m);
    expect(stderr).not.toMatch(/^ +at |node:|Error/m);
    expect(code).toBe(1);
    expect((await onFullDisk(args(), true)).code).toBe(1);
  });
});
