import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { RefusedError } from './client/errors.js';
import { registerBucket } from './commands/bucket.js';
import { registerCheck } from './commands/check.js';
import { registerConfig } from './commands/config.js';
import { registerDemo } from './commands/demo.js';
import { registerEmulate } from './commands/emulate.js';
import { registerIngest } from './commands/ingest.js';
import { EXIT, EXIT_HELP } from './commands/output/exit-codes.js';
import { registerRuns } from './commands/runs.js';
import { registerSample } from './commands/sample.js';
import { registerServers } from './commands/servers.js';
import { registerUp } from './commands/up.js';
import { UsageError } from './config.js';
import { StorageError } from './storage/errors.js';

const { version } = z
  .object({ version: z.string() })
  .parse(createRequire(import.meta.url)('../package.json'));

const program = new Command('curator')
  .description(
    'A ZIP of COCO-labelled images in, a trained and evaluated Rekognition Custom Labels model out.',
  )
  .version(version)
  .addHelpText('after', EXIT_HELP)
  .exitOverride();
for (const register of [
  registerDemo,
  registerCheck,
  registerIngest,
  registerRuns,
  registerConfig,
  registerUp,
  registerBucket,
  registerServers,
  registerSample,
  registerEmulate,
]) {
  register(program);
}
for (const command of program.commands) {
  command.exitOverride();
  for (const subcommand of command.commands) subcommand.exitOverride();
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** One clear line for what a person can act on; answers the exit code. */
function report(error: unknown): number {
  // Commander has printed its own message. Its codes for wrong usage end in 1, help and version in 0.
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    return error.code === 'commander.error' ? error.exitCode : EXIT.usage;
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`curator: ${message}\n`);
  if (process.env.DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  if (error instanceof UsageError) return EXIT.usage;
  if (!(error instanceof RefusedError || error instanceof StorageError) && !process.env.DEBUG) {
    process.stderr.write('Set DEBUG=1 to see where this came from.\n');
  }
  return EXIT.failed;
}
