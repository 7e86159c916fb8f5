import { setTimeout as delay } from 'node:timers/promises';
import { UnavailableError } from './errors.js';

/** Options of a watch. */
export interface WatchOptions {
  /** Ends the watch with an AbortError. */
  readonly signal?: AbortSignal;
  /** Called with the reason when a worker or server stops responding, once per outage. */
  readonly onUnavailable?: (message: string) => void;
}

/**
 * Yields what `read` returns, every `intervalMs` milliseconds, until it has a result. An `UnavailableError` is reported
 * and waited out; other errors end the watch.
 */
export async function* watchUntilResult<T extends { readonly result: unknown }>(
  read: () => Promise<T>,
  intervalMs: number,
  { signal, onUnavailable }: WatchOptions,
): AsyncGenerator<T> {
  let unavailable = false;
  for (;;) {
    try {
      const progress = await read();
      unavailable = false;
      yield progress;
      if (progress.result) return;
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      if (!unavailable) onUnavailable?.(error.message);
      unavailable = true;
    }
    await delay(intervalMs, undefined, signal ? { signal } : {});
  }
}
