import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { StorageError } from '../storage/errors.js';

/** Work outlasts a restart of S3: it tries again this often, for ten minutes. */
const S3_PAUSE_MS = 2_000;
const S3_ATTEMPTS = 300;

/** Work that goes on after its call was answered. */
export class Jobs {
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(private readonly log: (message: string) => void) {
    // Each request of each job listens to it: however many there are, they are no leak.
    setMaxListeners(0, this.stopping.signal);
  }

  /**
   * Runs `work` until it answers and hands that to `done`; undefined stands for work that can't be done. Where the
   * emulator stops first `done` isn't called: the work is taken up at the next start.
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
        const isAway = error instanceof StorageError && error.retryable;
        if (!isAway || attempt === S3_ATTEMPTS) return done(undefined);
        await delay(S3_PAUSE_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.idle();
  }

  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }
}
