import { EventEmitter, once } from 'node:events';
import type { CuratorClient } from '../client/curator-client.js';

/** What those who follow a dataset are told. */
export type WatchEvent =
  | { readonly kind: 'progress'; readonly document: string }
  | { readonly kind: 'unavailable'; readonly message: string };

/** One look at a dataset for all who follow it. */
interface Watch {
  /** Emits `change` when one of the fields below has changed. */
  readonly emitter: EventEmitter;
  readonly stop: AbortController;
  followers: number;
  latest: WatchEvent | undefined;
  ended: boolean;
  failure: unknown;
}

/** Follows runs, each dataset once however many listen. */
export class Watchers {
  private readonly watches = new Map<string, Watch>();

  constructor(private readonly client: Pick<CuratorClient, 'watch'>) {}

  /**
   * What is known now, then each change, until the run has ended or `signal` aborts. Who reads slowly gets the
   * newest only.
   * @throws what the client throws: NoRunError, or RefusedError for a run that was ended from outside
   */
  async *follow(dataset: string, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const watch = this.watches.get(dataset) ?? this.start(dataset);
    watch.followers += 1;
    let told: WatchEvent | undefined;
    try {
      while (!signal.aborted) {
        if (watch.latest !== undefined && watch.latest !== told) {
          told = watch.latest;
          yield told;
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

  /** Ends all streams: a server that closes would wait for them. */
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
    const tell = (news: WatchEvent) => {
      if (JSON.stringify(news) === JSON.stringify(watch.latest)) return;
      watch.latest = news;
      watch.emitter.emit('change');
    };
    try {
      const steps = this.client.watch(dataset, {
        signal: watch.stop.signal,
        onUnavailable: (message) => tell({ kind: 'unavailable', message }),
      });
      for await (const progress of steps) tell({ kind: 'progress', document: JSON.stringify(progress) });
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
