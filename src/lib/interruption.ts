/** A signal ended the work before it was complete. Commands exit with code 130. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** Signals that ask a process to end: Ctrl-C, a service manager, and a terminal that is closed. */
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does `work` with a signal that the first of the signals to end aborts. The next one has the effect that it has without
 * this function, so that a person can end a process whose orderly end takes too long.
 */
export async function interruptibly<T>(
  say: (message: string) => void,
  work: (interrupted: AbortSignal) => Promise<T>,
): Promise<T> {
  const interrupted = new AbortController();
  const unlisten = () => {
    for (const name of ENDING_SIGNALS) process.removeListener(name, interrupt);
  };
  const interrupt = () => {
    unlisten();
    say('Stopping … Press Ctrl-C again to stop at once.');
    interrupted.abort();
  };
  for (const name of ENDING_SIGNALS) process.on(name, interrupt);
  try {
    return await work(interrupted.signal);
  } finally {
    unlisten();
  }
}

/** Resolves when `signal` is aborted; at once if it already is. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
