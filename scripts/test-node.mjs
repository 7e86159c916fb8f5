// Runs the whole suite on another version of Node, from npm's package `node`.
//   npm run test:node -- 24
//   npm run test:node -- 22 --unit           only the unit tests
//   npm run test:node -- 24 test/workflows   arguments after the version go to scripts/test.mjs, then to jest
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const [version = '', ...args] = process.argv.slice(2);
if (!/^\d+(\.\d+){0,2}$/.test(version)) {
  process.stderr.write('usage: npm run test:node -- <version, such as 24> [arguments of the tests]\n');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'curator-node-'));
try {
  process.exitCode = testWith(install());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Installs Node into the temporary folder. Returns the folder of its binary. */
function install() {
  // A lock file or npmrc of the checkout must not apply here.
  mkdirSync(join(folder, 'node_modules'));
  const options = ['--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', ...options, `node@${version}`], { cwd: folder, stdio: ['ignore', 2, 2] });
  return join(folder, 'node_modules/node/bin');
}

/** Sets up and tests with that Node, which child processes find in PATH too. Returns the exit code. */
function testWith(bin) {
  const node = join(bin, 'node');
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  const run = (script, scriptArgs) =>
    spawnSync(node, [script, ...scriptArgs], { cwd: ROOT, env, stdio: 'inherit' }).status ?? 1;
  const actual = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  process.stderr.write(`test:node: running on Node ${actual}\n`);
  const target = args.includes('--unit') ? 'dependencies' : 'test';
  return run('scripts/setup.mjs', [target]) || run('scripts/test.mjs', args);
}
