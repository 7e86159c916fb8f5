import { setImmediate } from 'node:timers/promises';

/**
 * Runs a long computation that yields regularly, and returns its result. Between steps the event loop runs, so that
 * heartbeats and other tasks of the process are not blocked.
 * @throws the reason of `signal` if it is aborted
 */
export async function drive<R>(computation: Iterator<unknown, R>, signal?: AbortSignal): Promise<R> {
  let step = computation.next();
  while (!step.done) {
    await setImmediate();
    signal?.throwIfAborted();
    step = computation.next();
  }
  return step.value;
}
