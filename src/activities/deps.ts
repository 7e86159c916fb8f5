import type { IntakeDefaults } from '../intake/intake.js';
import type { ModelRunner } from '../models/model-runner.js';
import type { Inspect } from '../pipeline/inspect.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { Clock } from '../training/await-training.js';
import type { Trainer } from '../training/trainer.js';
import type { BatchPool } from './batches/pool.js';
import type { CrossValidating } from './cross-validating/cross-validating.js';
import type { Curating } from './curating/curating.js';
import type { Metrics } from './metrics/metrics.js';

/** The services that activities use. The worker's entry point creates them; tests pass their own. */
export interface ActivityDeps {
  readonly store: ObjectStore;
  readonly trainer: Trainer;
  /** Inspects archives; workers do so in a process of its own, so that no archive can end them. */
  readonly inspect: Inspect;
  /** Preprocesses batches in processes of their own. Without it they are preprocessed in this process. */
  readonly batches?: BatchPool;
  /** Curates and validates dataset versions in processes of their own. */
  readonly curating: Pick<Curating, 'convert' | 'validate'>;
  /** Cross-validates dataset versions in processes of their own. */
  readonly crossValidating: Pick<CrossValidating, 'run'>;
  /** Settings for unannounced uploads that the sweep finds. */
  readonly intake: IntakeDefaults;
  readonly models: ModelRunner;
  /** The clock of training polls: the real one, or in time-skipping tests one that does not use the test server. */
  readonly clock: Clock;
  /** What the worker measures. */
  readonly metrics: Metrics;
  /**
   * Aborts when the worker begins to shut down. Temporal cancels running activities only at the end of the grace
   * period (sdk-typescript#1739), which would delay the next worker's attempt.
   */
  readonly shutdown: AbortSignal;
}
