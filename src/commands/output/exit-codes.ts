import type { Outcome } from '../../contracts.js';

/** What the exit codes of every command mean. */
export const EXIT = { done: 0, failed: 1, usage: 2, waitingForApproval: 3, detached: 130 } as const;

export const EXIT_HELP = `
Exit codes: 0 done, 1 refused or failed with a message, 2 wrong usage, 3 waiting for approval, 130 detached by Ctrl-C.`;

export function exitCodeOf(outcome: Outcome): number {
  return outcome === 'done' ? EXIT.done : EXIT.failed;
}
