// Prepares a checkout: dependencies, build, binaries. Each step is skipped if its inputs did not change. A second set-up
// waits for the first.
// Runs before `npm ci`, so it uses only Node itself.
//   node scripts/setup.mjs dependencies   for the unit tests: no build, no binaries
//   node scripts/setup.mjs build          for the demo and the commands
//   node scripts/setup.mjs test           for the whole suite: the time-skipping test server too
//   node scripts/setup.mjs image          for the package and the Docker image: no binaries
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILD_LOCK, releaseBuildLock, takeBuildLock } from './build-lock.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BINARIES = {
  dependencies: [],
  build: ['temporal', 'weed'],
  test: ['temporal', 'weed', 'temporal-test-server'],
  image: [],
};

const say = (message) => process.stderr.write(`setup: ${message}\n`);
const fail = (message) => {
  say(message);
  process.exit(1);
};

const [target] = process.argv.slice(2);
const names = BINARIES[target] ?? fail('usage: node scripts/setup.mjs dependencies|build|test|image');
checkNode();
takeBuildLock(BUILD_LOCK, say);
installDependencies();
if (target !== 'dependencies') build();
releaseBuildLock(BUILD_LOCK);
if (target !== 'dependencies') await fetchBinaries();

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 15)) {
    fail(`Node ${process.versions.node} is too old: install 20.15 or later.`);
  }
}

function installDependencies() {
  once('node_modules/.curator-setup', ['package-lock.json'], () => {
    say('installing dependencies (npm ci) …');
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  });
}

function build() {
  const sources = [
    'src',
    'tsconfig.json',
    'tsconfig.build.json',
    'package-lock.json',
    'scripts/bundle.mjs',
    'web',
    'scripts/build-web.mjs',
  ];
  once('dist/.curator-setup', sources, () => {
    say('building …');
    rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
    run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']);
    run(process.execPath, ['scripts/bundle.mjs']);
    run(process.execPath, ['scripts/build-web.mjs']);
  });
}

async function fetchBinaries() {
  const { resolveBinary } = await import('../dist/local/binaries.js');
  for (const name of names) {
    try {
      const { source } = await resolveBinary(name, { say });
      if (source === 'PATH') say(`using ${name} from PATH`);
    } catch (error) {
      // There is no time-skipping server for Linux on ARM. The tests that need it are skipped with a message.
      if (name === 'temporal-test-server') say(error.message);
      else fail(error.message);
    }
  }
}

/** Runs `work`, then writes a hash of `inputs` to `stampFile`. Does nothing if the stamp has that hash already. */
function once(stampFile, inputs, work) {
  const stamp = join(ROOT, stampFile);
  const hash = hashOf(inputs);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  work();
  mkdirSync(join(stamp, '..'), { recursive: true });
  writeFileSync(stamp, hash);
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesOf)) hash.update(path).update(readFileSync(join(ROOT, path)));
  return hash.digest('hex');
}

function filesOf(path) {
  if (/\.\w+$/.test(path)) return [path];
  return readdirSync(join(ROOT, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(ROOT.length))
    .sort();
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (error) fail(`${command} could not be run: ${error.message}`);
  if (status !== 0) fail(`${command} ${args[0]} failed.`);
}
