#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

// A checkout has no dist/ until it is built; an installed package always has it.
if (!existsSync(at('dist/cli/main.js'))) {
  const { status } = spawnSync(process.execPath, [at('scripts/setup.mjs'), 'build'], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
}
// On Node 20 the AWS SDK prints a warning at every start. `curator doctor` reports the version of Node instead.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
await import('../dist/cli/main.js');
