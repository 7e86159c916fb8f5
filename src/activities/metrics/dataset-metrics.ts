import type { MetricCounter, MetricMeter } from '@temporalio/common';
import { DatasetError } from '../../dataset/model/errors.js';

/** The activities that read a whole dataset and may refuse it. */
const PASSES = ['inspection', 'curation', 'validation'] as const;
type Pass = (typeof PASSES)[number];

/** Counts inspections, curations and validations of datasets. */
export class DatasetMetrics {
  readonly #passes: MetricCounter;

  constructor(meter: MetricMeter) {
    this.#passes = meter.createCounter(
      'curator_dataset_passes',
      '',
      'Inspections, curations and validations of datasets, by result. Failed attempts are in curator_errors_total.',
    );
    for (const pass of PASSES) {
      for (const result of ['done', 'refused']) this.#passes.add(0, { pass, result });
    }
  }

  /**
   * Runs a pass and counts its result: done, or refused by a DatasetError.
   * @param isRefusal whether a result without an error refuses the dataset
   */
  async counting<T>(
    pass: Pass,
    work: () => Promise<T>,
    isRefusal: (result: T) => boolean = () => false,
  ): Promise<T> {
    try {
      const result = await work();
      this.#passes.add(1, { pass, result: isRefusal(result) ? 'refused' : 'done' });
      return result;
    } catch (error) {
      if (error instanceof DatasetError) this.#passes.add(1, { pass, result: 'refused' });
      throw error;
    }
  }
}
