import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('the installed package', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'curator-package-'));
    const { PATH, HOME, XDG_CACHE_HOME, CURATOR_CACHE } = process.env;
    env = { PATH: `${join(folder, 'prefix/bin')}:${PATH}`, HOME, XDG_CACHE_HOME, CURATOR_CACHE };
    for (const name of ['prefix', 'work']) mkdirSync(join(folder, name));
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT });
    const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    const install = [
      'install',
      '--global',
      '--silent',
      '--prefix',
      join(folder, 'prefix'),
      join(folder, tarball),
    ];
    execFileSync('npm', install, { cwd: folder });
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const curator = (...args: string[]) =>
    spawnSync('curator', args, { cwd: join(folder, 'work'), env, encoding: 'utf8' });

  it('contains the program and its documents, and nothing else', () => {
    const files = readdirSync(join(folder, 'prefix/lib/node_modules/curator'));
    const expected = [
      ...['CHANGELOG.md', 'LICENSE', 'README.md', 'bin', 'dist', 'docs', 'node_modules', 'package.json'],
    ];
    expect(new Set(files)).toEqual(new Set(expected));
  });

  it('checks an archive that it generated', () => {
    expect(curator('sample', '--out', 'skin.zip', '--images', '250').status).toBe(0);
    const { status, stdout } = curator('check', 'skin.zip', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ fit: true, images: { found: 250 } });
  }, 300_000);

  it('runs the demo from the generated dataset to the model card', () => {
    const { status, stdout } = curator('demo', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'done', training: { trainer: 'emulator' } });
  }, 600_000);
});
