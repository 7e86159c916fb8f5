import { setImmediate } from 'node:timers/promises';

/** Runs a pass that pauses, and lets heartbeats and the image batches of this process have the pauses. */
export async function drive<R>(pass: Iterator<unknown, R>, signal?: AbortSignal): Promise<R> {
  let step = pass.next();
  while (!step.done) {
    await setImmediate();
    signal?.throwIfAborted();
    step = pass.next();
  }
  return step.value;
}
