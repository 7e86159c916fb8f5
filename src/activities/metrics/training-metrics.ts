import type { MetricGauge, MetricMeter } from '@temporalio/common';
import type { TrainingHeartbeat } from '../../contracts/training-heartbeat.js';
import { TrainingError } from '../../training/errors.js';
import { LabelledCounter } from './labelled-counter.js';

/** A training that this worker polls, as of its last poll. */
interface Polled {
  readonly timeoutSecs: number;
  elapsedSecs: number;
  isUnreachable: boolean;
}

/** Measures the trainings that this worker polls. Sums and maxima: a gauge of each training would stay after its end. */
export class TrainingMetrics {
  readonly #polled = new Set<Polled>();
  readonly #trainings: MetricGauge;
  readonly #age: MetricGauge;
  readonly #timeoutRatio: MetricGauge;
  readonly #ended: LabelledCounter<'completed' | 'failed' | 'timed-out'>;

  constructor(meter: MetricMeter) {
    this.#trainings = meter.createGauge(
      'curator_trainings',
      'int',
      '',
      'Trainings that this worker polls, by whether the last poll succeeded.',
    );
    this.#age = meter.createGauge(
      'curator_training_age_seconds',
      'float',
      '',
      'Age of the oldest training that this worker polls; 0 if there is none.',
    );
    this.#timeoutRatio = meter.createGauge(
      'curator_training_timeout_ratio',
      'float',
      '',
      'Age divided by TRAINING_TIMEOUT of its run, for the training nearest to it; 0 if there is none.',
    );
    this.#ended = new LabelledCounter(
      meter,
      'curator_trainings_ended',
      'outcome',
      ['completed', 'failed', 'timed-out'],
      'Trainings that have ended, or that their run no longer waits for.',
    );
    this.#show();
  }

  /**
   * Measures a training while `poll` polls it.
   * @param timeoutSecs the training timeout of its run, in seconds
   */
  async whilePolling<T>(
    timeoutSecs: number,
    poll: (onPoll: (heartbeat: TrainingHeartbeat) => void) => Promise<T>,
  ): Promise<T> {
    const training: Polled = { timeoutSecs, elapsedSecs: 0, isUnreachable: false };
    this.#polled.add(training);
    this.#show();
    try {
      const result = await poll(({ elapsedSecs, problem }) => {
        training.elapsedSecs = elapsedSecs;
        training.isUnreachable = problem !== undefined;
        this.#show();
      });
      this.#ended.add('completed');
      return result;
    } catch (error) {
      const type = error instanceof TrainingError ? error.type : undefined;
      if (type === 'TrainingFailed') this.#ended.add('failed');
      if (type === 'TrainingTimeout') this.#ended.add('timed-out');
      throw error;
    } finally {
      this.#polled.delete(training);
      this.#show();
    }
  }

  #show(): void {
    const polled = [...this.#polled];
    const unreachable = polled.filter(({ isUnreachable }) => isUnreachable).length;
    this.#trainings.set(polled.length - unreachable, { state: 'in-progress' });
    this.#trainings.set(unreachable, { state: 'unreachable' });
    this.#age.set(Math.max(0, ...polled.map(({ elapsedSecs }) => elapsedSecs)));
    const ratios = polled.map(({ elapsedSecs, timeoutSecs }) => elapsedSecs / timeoutSecs);
    this.#timeoutRatio.set(Math.max(0, ...ratios));
  }
}
