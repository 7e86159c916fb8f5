import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { registerSample } from '../../src/cli/commands/sample.js';

let directory: string;
let printed: string;

function run(...args: string[]): Promise<Command> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  registerSample(program);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program.parseAsync(['sample', ...args], { from: 'user' });
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'curator-sample-command-'));
  printed = '';
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await rm(directory, { recursive: true });
});

describe('curator sample', () => {
  it('prints one JSON document with counts and size', async () => {
    const out = join(directory, 'a.zip');
    await run('--out', out, '--images', '10', '--seed', '4', '--json');
    const { bytes, ...rest } = JSON.parse(printed) as { bytes: number };
    expect(rest).toMatchObject({ out, seed: 4, images: 10 });
    expect((await readFile(out)).length).toBe(bytes);
    expect(await readdir(directory)).toEqual(['a.zip']);
  });

  it('replaces an existing file only with --force', async () => {
    const out = join(directory, 'a.zip');
    await writeFile(out, 'mine');
    await expect(run('--out', out, '--images', '10')).rejects.toThrow(/already exists\..*--force/);
    expect(await readFile(out, 'utf8')).toBe('mine');
    await run('--out', out, '--images', '10', '--force');
    expect((await readFile(out)).subarray(0, 2).toString()).toBe('PK');
  });

  it.each([['9'], ['1e2'], ['-20'], ['ten'], ['5001']])('refuses --images %s', async (images) => {
    await expect(run('--out', join(directory, 'a.zip'), '--images', images)).rejects.toMatchObject({
      code: 'commander.invalidArgument',
    });
  });
});
