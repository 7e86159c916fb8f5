import { EventEmitter, once } from 'node:events';
import type { CuratorClient } from '../client/curator-client.js';

/** An event for the clients that follow a dataset: its progress document as JSON, or why there is none at present. */
export type WatchEvent =
  | { readonly kind: 'progress'; readonly document: string }
  | { readonly kind: 'unavailable'; readonly message: string };

/** One watch of a dataset, shared by all its followers. */
interface Watch {
  /** Emits `change` after one of the fields below has changed. */
  readonly emitter: EventEmitter;
  readonly stop: AbortController;
  followers: number;
  latest: WatchEvent | undefined;
  ended: boolean;
  failure: unknown;
}

/** Follows runs: one watch per dataset, however many clients follow it. */
export class Watchers {
  private readonly watches = new Map<string, Watch>();

  constructor(private readonly client: Pick<CuratorClient, 'watch'>) {}

  /**
   * Yields the current state, then each change, until the run has ended or `signal` aborts. A slow reader gets only the
   * latest state.
   * @throws NoRunError, or RefusedError for a run that was terminated outside Curator
   */
  async *follow(dataset: string, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const watch = this.watches.get(dataset) ?? this.start(dataset);
    watch.followers += 1;
    let lastSent: WatchEvent | undefined;
    try {
      while (!signal.aborted) {
        if (watch.latest !== undefined && watch.latest !== lastSent) {
          lastSent = watch.latest;
          yield lastSent;
        } else if (watch.failure !== undefined) {
          throw watch.failure;
        } else if (watch.ended) {
          return;
        } else {
          await once(watch.emitter, 'change', { signal });
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      watch.followers -= 1;
      if (watch.followers === 0) this.end(dataset, watch);
    }
  }

  /** Ends all streams, for which a closing server would wait. */
  stop(): void {
    for (const [dataset, watch] of this.watches) this.end(dataset, watch);
  }

  private start(dataset: string): Watch {
    const emitter = new EventEmitter().setMaxListeners(0);
    const stop = new AbortController();
    const watch = { emitter, stop, followers: 0, latest: undefined, ended: false, failure: undefined };
    this.watches.set(dataset, watch);
    void this.run(dataset, watch);
    return watch;
  }

  private async run(dataset: string, watch: Watch): Promise<void> {
    const publish = (event: WatchEvent) => {
      if (JSON.stringify(event) === JSON.stringify(watch.latest)) return;
      watch.latest = event;
      watch.emitter.emit('change');
    };
    try {
      const steps = this.client.watch(dataset, {
        signal: watch.stop.signal,
        onUnavailable: (message) => publish({ kind: 'unavailable', message }),
      });
      for await (const progress of steps) publish({ kind: 'progress', document: JSON.stringify(progress) });
    } catch (error) {
      if (!watch.stop.signal.aborted) watch.failure = error;
    } finally {
      this.end(dataset, watch);
    }
  }

  private end(dataset: string, watch: Watch): void {
    if (this.watches.get(dataset) === watch) this.watches.delete(dataset);
    watch.stop.abort();
    watch.ended = true;
    watch.emitter.emit('change');
  }
}
