import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', env: { PATH: process.env.PATH } });

it('docs/api.md describes the types of the built package', () => {
  expect(run('scripts/write-api-docs.mjs', '--check')).toMatchObject({ stderr: '', status: 0 });
});

it.each(['client', 'coco', 'ground-truth', 'metrics', 'splitting'])('curator/%s can be imported', (name) => {
  const source = `console.log(Object.keys(await import('curator/${name}')).length > 0)`;
  expect(run('--input-type=module', '--eval', source).stdout).toBe('true\n');
});

it.each(['curator', 'curator/dist/api/coco.js', 'curator/dataset'])('%s cannot be imported', (name) => {
  const { status, stderr } = run('--input-type=module', '--eval', `await import('${name}')`);
  expect(status).toBe(1);
  expect(stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
});
