import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import type { MetricCounter, MetricMeter } from '@temporalio/common';
import { FAILURE_TYPES } from '../../contracts/workflow-io.js';
import { REFUSAL_TYPES } from '../../dataset/model/errors.js';
import { ProcessLost } from '../../lib/process-lost.js';

const PROCESS_LOST = 'ProcessLost';
const UNEXPECTED = 'Unexpected';
const REFUSALS: ReadonlySet<string> = new Set(REFUSAL_TYPES);
const FAILURES: ReadonlySet<string> = new Set([...FAILURE_TYPES, PROCESS_LOST, UNEXPECTED]);

/** Counts the attempts of activities that fail. An attempt counts whether Temporal repeats it or not. */
export class ErrorMetrics {
  readonly #errors: MetricCounter;

  constructor(meter: MetricMeter) {
    this.#errors = meter.createCounter(
      'curator_errors',
      '',
      'Attempts of activities that ended with an error: refusals of a dataset, and failures.',
    );
    for (const error of [...REFUSALS, ...FAILURES]) this.#add(error, 0);
  }

  /** Counts an error as Temporal gets it. Cancelled activities and stopping workers are no errors. */
  count(failure: unknown): void {
    if (failure instanceof CancelledFailure) return;
    const error = classOf(failure);
    if (error !== 'WorkerStopping') this.#add(error, 1);
  }

  #add(error: string, count: number): void {
    this.#errors.add(count, { error, kind: REFUSALS.has(error) ? 'refusal' : 'failure' });
  }
}

/** The class of an error. A class that Curator does not know counts as unexpected, so that their number is limited. */
function classOf(failure: unknown): string {
  if (failure instanceof ProcessLost) return PROCESS_LOST;
  const type = failure instanceof ApplicationFailure ? failure.type : undefined;
  if (type === 'WorkerStopping') return type;
  return type && (REFUSALS.has(type) || FAILURES.has(type)) ? type : UNEXPECTED;
}
