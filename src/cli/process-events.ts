/** How this process answers signals, and streams that were closed, unless a command handles them. Importing it is enough. */

import { constants } from 'node:os';
import { sentence } from '../lib/error-message.js';
import { ENDING_SIGNALS } from '../lib/interruption.js';
import { EXIT } from './output/exit-codes.js';
import { sayLine } from './output/terminal.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Free space, or redirect the output to another disk.',
  EDQUOT: 'your disk quota is used up. Free space, or redirect the output to another disk.',
};

// `curator … | head` closes the pipe early, which is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  // stderr may be full too, which changes nothing.
  const reason = REASONS[error.code ?? ''] ?? sentence(error.message);
  sayLine(`curator: The output cannot be written: ${reason}`);
  process.exit(EXIT.failed);
});
// A terminal that was closed takes no messages. What was started must still be stopped.
process.stderr.on('error', () => undefined);

// Node's default for these signals runs no exit handlers, which remove temporary files and end servers. A command that
// handles a signal itself has further listeners.
for (const name of ENDING_SIGNALS) {
  process.on(name, () => {
    if (process.listenerCount(name) === 1) process.exit(128 + constants.signals[name]);
  });
}
