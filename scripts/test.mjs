// The test command after set-up: lint and format, types, tests. Arguments go to jest; --long adds test/long.
import { spawnSync } from 'node:child_process';

const args = process.argv.slice(2).filter((arg) => arg !== '--long');
const env = {
  ...process.env,
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  ...(process.argv.includes('--long') ? { CURATOR_TEST_LONG: '1' } : {}),
};

step('node_modules/@biomejs/biome/bin/biome', [
  'ci',
  '--error-on-warnings',
  ...(process.stdout.isTTY ? [] : ['--colors=off']),
  '.',
]);
step('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.json']);
step('node_modules/typescript/bin/tsc', ['-p', 'web/tsconfig.json']);
step('node_modules/jest/bin/jest.js', args);

function step(script, stepArgs) {
  const { status } = spawnSync(process.execPath, [script, ...stepArgs], { stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
}
