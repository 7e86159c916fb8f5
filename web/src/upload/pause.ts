/** Waits. Ends early when the network returns or the signal aborts. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      removeEventListener('online', wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    addEventListener('online', wake);
    signal.addEventListener('abort', wake);
  });
}

/**
 * Waits before the next attempt; while the browser is offline, until it is online, so that no attempts are used up.
 * @throws the reason of the signal once it aborts
 */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  do await sleep(milliseconds, signal);
  while (!navigator.onLine && !signal.aborted);
  signal.throwIfAborted();
}
