import type { ObjectStore } from '../storage/object-store.js';
import type { Chaos } from './chaos.js';
import type { EntryStore } from './entry-store.js';
import type { Jobs } from './jobs.js';
import type { State } from './state.js';

/** What every operation works with. */
export interface Context {
  readonly state: State;
  readonly store: ObjectStore;
  readonly region: string;
  /** How long a training is TRAINING_IN_PROGRESS at least, by `now`. */
  readonly trainingMs: number;
  /** How long starting, stopping, deleting and updating take, by `now`. */
  readonly transitionMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly chaos: Chaos;
  readonly jobs: Jobs;
  readonly entries: EntryStore;
  readonly log: (message: string) => void;
}

/** Takes a request's JSON and answers the response's. */
export type Operation = (request: unknown) => unknown;
export type Operations = Readonly<Record<string, Operation>>;
