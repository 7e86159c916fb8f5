import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { z } from 'zod';
import type { WatchOptions } from '../../src/client/watch.js';
import type { Progress } from '../../src/contracts/workflow-io.js';
import { Watchers } from '../../src/endpoint/watchers.js';
import { drawn, editJson, jsonEdits } from './edits.js';
import { check, type FuzzTarget } from './target.js';

const DATASETS = ['skin', 'teeth'];

/** What happens to the streams of progress: runs change, clients come and leave, the endpoint stops. */
const actionSchema = z.object({
  kind: z.enum(['follow', 'leave', 'progress', 'unavailable', 'failure', 'end', 'stop', 'pause']),
  /** Chooses a dataset or a client. */
  at: z.int(),
  /** The news of a run. */
  news: z.unknown().optional(),
});
type Action = z.infer<typeof actionSchema>;

const actions = fc.array(
  fc.record({
    kind: fc.constantFrom<Action['kind']>(
      ...(['follow', 'follow', 'follow', 'leave', 'progress', 'progress', 'progress'] as const),
      ...(['unavailable', 'failure', 'end', 'stop', 'pause', 'pause'] as const),
    ),
    at: fc.nat(7),
  }),
  { minLength: 3, maxLength: 40 },
);

const PROGRESS = {
  stage: 'preprocessing',
  images: { done: 1, total: 9, rejected: 0 },
  message: 'data: x\n\n',
};

/** A run whose news the input decides. */
class FakeRuns {
  /** Watches that have not ended, by dataset. */
  readonly open = new Map<string, number>();
  readonly #queues = new Map<string, Action[]>();
  #wake = new Set<() => void>();

  /** Gives news to the watch of a dataset. */
  tell(dataset: string, action: Action): void {
    this.#queues.set(dataset, [...(this.#queues.get(dataset) ?? []), action]);
    const waiting = this.#wake;
    this.#wake = new Set();
    for (const wake of waiting) wake();
  }

  async *watch(
    dataset: string,
    { signal, onUnavailable }: WatchOptions = {},
  ): AsyncGenerator<Progress, void> {
    this.open.set(dataset, (this.open.get(dataset) ?? 0) + 1);
    try {
      for (;;) {
        signal?.throwIfAborted();
        const next = this.#queues.get(dataset)?.shift();
        if (next?.kind === 'end') return;
        if (next?.kind === 'failure') throw new Error('No run.');
        if (next?.kind === 'unavailable') onUnavailable?.(JSON.stringify(next.news) ?? '');
        else if (next) yield next.news as Progress;
        else await this.#news(signal);
      }
    } finally {
      this.open.set(dataset, (this.open.get(dataset) ?? 0) - 1);
    }
  }

  async #news(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((wake) => {
      this.#wake.add(wake);
      signal?.addEventListener('abort', () => wake(), { once: true });
    });
  }
}

interface Follower {
  readonly leave: AbortController;
  /** Settles when the stream has ended. */
  readonly ended: Promise<void>;
}

function follow(watchers: Watchers, dataset: string): Follower {
  const leave = new AbortController();
  const read = async () => {
    for await (const event of watchers.follow(dataset, leave.signal)) {
      check(
        event.kind !== 'progress' || !/[\r\n]/.test(event.document),
        'A document has a line break, which would end its event.',
      );
    }
  };
  const ended = read().catch((error: unknown) => {
    if (!(error instanceof Error) || error.message !== 'No run.') throw error;
  });
  // Awaited at the end; until then a failure must not count as an unhandled rejection.
  ended.catch(() => undefined);
  return { leave, ended };
}

/** Streams of progress to clients that come and leave while runs change, fail and end. */
export function watcherTarget(): FuzzTarget {
  return {
    make: async (seed) => {
      const all = drawn(actions, seed).map((action, n) => ({
        ...action,
        news: editJson(PROGRESS, drawn(jsonEdits, seed + n)),
      }));
      return Buffer.from(JSON.stringify(all));
    },
    run: async (input) => {
      const runs = new FakeRuns();
      const watchers = new Watchers({ watch: (dataset, options) => runs.watch(dataset, options) });
      const followers: Follower[] = [];
      const all = z.array(actionSchema).parse(JSON.parse(input.toString('utf8')));
      for (const action of all) {
        await act(action, { runs, watchers, followers });
        for (const dataset of DATASETS) {
          const open = runs.open.get(dataset) ?? 0;
          check(open <= 1 || action.kind !== 'pause', `${dataset} has ${open} watches at once.`);
        }
      }
      // A watch ends with the endpoint, or with its last follower.
      if (all.length % 2 === 0) watchers.stop();
      for (const { leave } of followers) leave.abort();
      await Promise.all(followers.map(({ ended }) => ended));
      await pause();
      for (const [dataset, open] of runs.open) check(open === 0, `The watch of ${dataset} goes on.`);
    },
  };
}

async function act(
  action: Action,
  { runs, watchers, followers }: { runs: FakeRuns; watchers: Watchers; followers: Follower[] },
): Promise<void> {
  const dataset = DATASETS[action.at % DATASETS.length] ?? '';
  const follower = followers[action.at % Math.max(1, followers.length)];
  if (action.kind === 'follow') followers.push(follow(watchers, dataset));
  else if (action.kind === 'leave') follower?.leave.abort();
  else if (action.kind === 'stop') watchers.stop();
  else if (action.kind === 'pause') await pause();
  else runs.tell(dataset, action);
}

/** Lets all streams take what is there. */
async function pause(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await setImmediate();
}
