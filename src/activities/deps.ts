import type { IntakeDefaults } from '../intake/intake.js';
import type { ModelRunner } from '../models/model-runner.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { Clock } from '../training/await-training.js';
import type { Trainer } from '../training/trainer.js';

/** What activities connect; made by the worker's entry point, and by tests. */
export interface ActivityDeps {
  readonly store: ObjectStore;
  readonly trainer: Trainer;
  /** What uploads that nobody told of are ingested with. */
  readonly intake: IntakeDefaults;
  readonly models: ModelRunner;
  /** Where training's hours come from: the real clock, or in time-skipping tests one that never touches the server. */
  readonly clock: Clock;
  /**
   * Aborts when the worker is told to stop. Temporal cancels running activities only at the end of the grace
   * period (sdk-typescript#1739), too late for a batch or a poll to make room for the next worker at once.
   */
  readonly shutdown: AbortSignal;
}
