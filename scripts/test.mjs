// Runs the tests after set-up. Without a flag: lint, types, then the whole suite. --long adds test/long. --unit runs only
// the tests that need no server and no build, without lint and types; slow ones only if an argument names what to test.
// Other arguments go to jest.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

const flags = ['--long', '--unit'];
const args = process.argv.slice(2).filter((arg) => !flags.includes(arg));
const [isLong, isUnit] = flags.map((flag) => process.argv.includes(flag));
const env = {
  ...process.env,
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  ...(isLong ? { CURATOR_TEST_LONG: '1' } : {}),
  ...(isUnit ? { CURATOR_TEST_UNIT: args.some((arg) => !arg.startsWith('-')) ? 'all' : 'fast' } : {}),
};

const TSC = 'node_modules/typescript/bin/tsc';
if (!isUnit) {
  // Side by side, since each of them computes on one core most of the time.
  const checks = [['scripts/lint.mjs'], [TSC, '-p', 'tsconfig.json'], [TSC, '-p', 'web/tsconfig.json']];
  const codes = await Promise.all(checks.map(check));
  const code = codes.find((one) => one !== 0);
  if (code !== undefined) process.exit(code);
}
const { status } = spawnSync(process.execPath, ['node_modules/jest/bin/jest.js', ...args], {
  stdio: 'inherit',
  env,
});
process.exitCode = status ?? 1;

/** Runs a script, and prints its output once it has ended. Returns its exit code. */
async function check(script) {
  const child = spawn(process.execPath, script, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  process.stdout.write(out);
  process.stderr.write(err);
  return code ?? 1;
}
