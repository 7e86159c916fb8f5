import { ApiError } from '../api.js';

export interface Patience {
  readonly signal: AbortSignal;
  /** What is waited out at present; null when it goes on. */
  readonly onWaiting: (reason: string | null) => void;
}

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 20_000;
/** The store answers 403 where a URL has expired, and again where it is really forbidden. */
const MAX_FORBIDDEN = 3;

/** Tries again what a lost connection, a busy server or an expired URL ended, later each time, until it is stopped. */
export async function persist<T>(
  { signal, onWaiting }: Patience,
  work: (again: boolean) => Promise<T>,
): Promise<T> {
  let forbidden = 0;
  for (let pause = FIRST_PAUSE_MS, again = false; ; pause = Math.min(MAX_PAUSE_MS, pause * 2), again = true) {
    signal.throwIfAborted();
    try {
      const answer = await work(again);
      if (again) onWaiting(null);
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 403) forbidden += 1;
      const passes = error.status === 0 || error.status === 429 || error.status >= 500;
      if (!passes && !(error.status === 403 && forbidden < MAX_FORBIDDEN)) throw error;
      onWaiting(error.message);
      await sleep(pause, signal);
    }
  }
}

/** Ends early when the network comes back, or when nobody waits any more. */
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
