import type { ObjectStore } from '../storage/object-store.js';
import type { Chaos } from './chaos.js';
import type { EntryStore } from './entry-store.js';
import type { FitAndTest } from './fit.js';
import type { Jobs } from './jobs.js';
import type { ModelStore } from './model.js';
import type { State } from './state.js';

/** Dependencies and settings that all operations share. */
export interface Context {
  readonly state: State;
  readonly store: ObjectStore;
  readonly region: string;
  /** Minimum duration of TRAINING_IN_PROGRESS in milliseconds, measured by `now`. */
  readonly trainingMs: number;
  /** Duration of starting, stopping, deleting and updating in milliseconds, measured by `now`. */
  readonly transitionMs: number;
  /** The emulator's clock, in milliseconds since 1970. */
  readonly now: () => number;
  readonly fit: FitAndTest;
  readonly chaos: Chaos;
  readonly jobs: Jobs;
  readonly entries: EntryStore;
  readonly models: ModelStore;
  readonly log: (message: string) => void;
}

/** Takes the JSON value of a request and returns the JSON value of its response. */
export type Operation = (request: unknown) => unknown;
export type Operations = Readonly<Record<string, Operation>>;
