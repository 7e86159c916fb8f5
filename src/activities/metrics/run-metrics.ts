import type { MetricHistogram, MetricMeter } from '@temporalio/common';
import { OUTCOMES, type Outcome, type Progress } from '../../contracts/workflow-io.js';
import { LabelledCounter } from './labelled-counter.js';

/** Measures ingest runs that have ended. */
export class RunMetrics {
  readonly #runs: LabelledCounter<Outcome>;
  readonly #stage: MetricHistogram;

  constructor(meter: MetricMeter) {
    this.#runs = new LabelledCounter(
      meter,
      'curator_runs',
      'outcome',
      OUTCOMES,
      'Ingest runs that have ended, by outcome.',
    );
    this.#stage = meter.createHistogram(
      'curator_stage',
      'float',
      'seconds',
      'Seconds that a stage of an ended ingest run took, with its waits.',
    );
  }

  ended(outcome: Outcome, stages: Progress['stages']): void {
    this.#runs.add(outcome);
    for (const { stage, from, to } of stages) {
      if (to === null) continue;
      // Clocks may be set back, and the SDK refuses negative values.
      this.#stage.record(Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000), { stage });
    }
  }
}
