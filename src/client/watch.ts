import { setTimeout as delay } from 'node:timers/promises';
import { UnavailableError } from './errors.js';

export interface WatchOptions {
  readonly signal?: AbortSignal;
  /** Called once when nobody answers any more, with why. */
  readonly onSilence?: (message: string) => void;
}

/** What `look` sees, until it has a result; a worker or server that is away is waited for. */
export async function* watchUntilResult<T extends { readonly result: unknown }>(
  look: () => Promise<T>,
  intervalMs: number,
  { signal, onSilence }: WatchOptions,
): AsyncGenerator<T> {
  let silent = false;
  for (;;) {
    try {
      const progress = await look();
      silent = false;
      yield progress;
      if (progress.result) return;
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      if (!silent) onSilence?.(error.message);
      silent = true;
    }
    await delay(intervalMs, undefined, signal ? { signal } : {});
  }
}
