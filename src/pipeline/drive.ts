import { setImmediate } from 'node:timers/promises';
import type { Steps } from '../lib/steps.js';

/**
 * Runs a long computation that yields regularly, and returns its result. Between steps the event loop runs, so that
 * heartbeats and other tasks of the process are not blocked.
 * @throws the reason of `signal` if it is aborted
 */
export async function drive<R>(computation: Steps<R>, signal?: AbortSignal): Promise<R> {
  let step = computation.next();
  while (!step.done) {
    await step.value;
    await setImmediate();
    // Thrown inside the computation, so that it closes the files that it has open.
    step = signal?.aborted ? computation.throw(signal.reason) : computation.next();
  }
  return step.value;
}
