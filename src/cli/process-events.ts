/** How this process answers signals, and streams that were closed, unless a command handles them. Importing it is enough. */

import { constants } from 'node:os';
import { ENDING_SIGNALS } from '../lib/interruption.js';

// `curator … | head` closes the pipe early, which is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
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
