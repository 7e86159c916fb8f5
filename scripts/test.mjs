// Runs the tests after set-up. Without a flag: lint, types, then the whole suite. --long adds test/long. --unit runs only
// the tests that need no server and no build, without lint and types; slow ones only if an argument names what to test.
// Other arguments go to jest.
import { spawnSync } from 'node:child_process';

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

if (!isUnit) {
  step('scripts/lint.mjs', []);
  step('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.json']);
  step('node_modules/typescript/bin/tsc', ['-p', 'web/tsconfig.json']);
}
step('node_modules/jest/bin/jest.js', args);

function step(script, stepArgs) {
  const { status } = spawnSync(process.execPath, [script, ...stepArgs], { stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
}
