import pLimit from 'p-limit';

/**
 * One inspection at a time, so that several hostile archives need the memory of one. Archives of many files, which may
 * take minutes and much memory, wait for each other only: small ones do not wait behind them.
 */
const small = pLimit(1);
const large = pLimit(1);

/**
 * Runs an inspection when no other of its kind runs.
 * @throws the reason of `signal` as soon as it is aborted, also while waiting
 */
export async function inInspectionTurn<T>(
  isLarge: boolean,
  signal: AbortSignal | undefined,
  task: () => Promise<T>,
): Promise<T> {
  const listening = new AbortController();
  try {
    return await new Promise<T>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { signal: listening.signal });
      (isLarge ? large : small)(async () => {
        signal?.throwIfAborted();
        return await task();
      }).then(resolve, reject);
    });
  } finally {
    listening.abort();
  }
}
