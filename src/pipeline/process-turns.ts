import pLimit from 'p-limit';

/**
 * One process at a time that inspects an archive or curates a dataset, so that several hostile archives need the memory of
 * one. Datasets of many images, which may take minutes and much memory, wait for each other only: small ones do not wait
 * behind them.
 */
const small = pLimit(1);
const large = pLimit(1);

/**
 * Runs a task that starts such a process when no other of its size runs. An abort ends the wait at once; once the task has
 * started, it has to end its process, which has ended when this returns.
 * @throws the reason of `signal` if it is aborted before the task starts
 */
export async function inProcessTurn<T>(
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
        listening.abort();
        return await task();
      }).then(resolve, reject);
    });
  } finally {
    listening.abort();
  }
}
