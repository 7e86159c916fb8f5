import type { MetricCounter, MetricMeter } from '@temporalio/common';

/** A counter with one label. Each value of the label starts at 0, because Prometheus cannot see an increase from nothing. */
export class LabelledCounter<Value extends string> {
  readonly #counter: MetricCounter;

  /** @param values all values of the label */
  constructor(
    meter: MetricMeter,
    name: string,
    private readonly label: string,
    values: readonly Value[],
    description: string,
  ) {
    this.#counter = meter.createCounter(name, '', description);
    for (const value of values) this.add(value, 0);
  }

  add(value: Value, count = 1): void {
    this.#counter.add(count, { [this.label]: value });
  }
}
