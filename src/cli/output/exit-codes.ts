import type { Outcome } from '../../contracts/workflow-io.js';

/** The exit codes of all commands. */
export const EXIT = { done: 0, failed: 1, usage: 2, waitingForApproval: 3, detached: 130 } as const;

/** Help text with the exit codes of commands that follow a run. */
export const EXIT_HELP = `
Exit codes: 0 done, 1 refused or failed with a message, 2 wrong usage, 3 waiting for approval, 130 detached by Ctrl-C.`;

/** Help text with the exit codes of other commands. */
const PLAIN_EXIT_HELP = '\nExit codes: 0 done, 1 failed with a message, 2 wrong usage.';

/** The end of every command's help: exit codes and an example. */
export function helpEnd(example: string, exits: string = PLAIN_EXIT_HELP): string {
  return `${exits}\n\nExample:\n  $ ${example}`;
}

export function exitCodeOf(outcome: Outcome): number {
  return outcome === 'done' ? EXIT.done : EXIT.failed;
}
