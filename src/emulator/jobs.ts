import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { StorageError } from '../storage/errors.js';

/** Jobs retry for ten minutes, so they survive a restart of S3. */
const S3_PAUSE_MS = 2_000;
const S3_ATTEMPTS = 300;

/** Asynchronous jobs, which continue after the call that started them has returned. */
export class Jobs {
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(private readonly log: (message: string) => void) {
    // Every S3 request of every job adds a listener, so many listeners are not a leak.
    setMaxListeners(0, this.stopping.signal);
  }

  /**
   * Runs `work` and passes its result to `done`, or undefined if `work` failed. If the emulator stops first, `done` is
   * not called: the job is resumed at the next start.
   */
  start<T>(
    name: string,
    work: (signal: AbortSignal) => Promise<T>,
    done: (result: T | undefined) => void,
  ): void {
    const job = this.attempts(name, work, done).finally(() => this.running.delete(job));
    this.running.add(job);
  }

  private async attempts<T>(
    name: string,
    work: (signal: AbortSignal) => Promise<T>,
    done: (result: T | undefined) => void,
  ): Promise<void> {
    const { signal } = this.stopping;
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        return done(await work(signal));
      } catch (error) {
        if (signal.aborted) return;
        this.log(`${name}: ${error instanceof Error ? error.stack : String(error)}`);
        const isUnavailable = error instanceof StorageError && error.retryable;
        if (!isUnavailable || attempt === S3_ATTEMPTS) return done(undefined);
        await delay(S3_PAUSE_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Aborts all jobs and resolves when they have ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.idle();
  }

  /** Resolves when no job is running. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }
}
