import type { MetricMeter, MetricTags } from '@temporalio/common';

/**
 * A meter that keeps what is recorded. Counters and histograms are sums; a gauge has its last value. Like the SDK's, it throws
 * if a value is negative.
 */
export function recordingMeter() {
  const values = new Map<string, number>();
  const exported: string[] = [];
  const keyOf = (name: string, tags: MetricTags = {}) => `${name} ${JSON.stringify(tags)}`;
  const add = (name: string) => (value: number, tags?: MetricTags) => {
    refuseNegative(value);
    const key = keyOf(name, tags);
    values.set(key, (values.get(key) ?? 0) + value);
  };
  const set = (name: string) => (value: number, tags?: MetricTags) => {
    refuseNegative(value);
    values.set(keyOf(name, tags), value);
  };
  const withTags = (): never => {
    throw new Error('Tags of all values are not recorded.');
  };
  const meter: MetricMeter = {
    createCounter: (name) => {
      exported.push(`${name}_total`);
      return { name, kind: 'counter', valueType: 'int', add: add(name), withTags };
    },
    createHistogram: (name, _type, unit) => {
      exported.push(`${name}_${unit}`);
      return { name, kind: 'histogram', valueType: 'float', record: add(name), withTags };
    },
    createGauge: (name) => {
      exported.push(name);
      return { name, kind: 'gauge', valueType: 'float', set: set(name), withTags };
    },
    withTags,
  };
  return {
    meter,
    /** The names of the metrics as a worker exports them to Prometheus. */
    exported,
    /** The value of a metric with exactly these labels, in their order; undefined if none was recorded. */
    recorded: (name: string, tags?: MetricTags) => values.get(keyOf(name, tags)),
    /** The sum over all labels. */
    sumOf: (name: string) =>
      [...values].reduce((sum, [key, value]) => (key.startsWith(`${name} `) ? sum + value : sum), 0),
  };
}

function refuseNegative(value: number): void {
  if (value < 0) throw new Error(`Value must be non-negative (got ${value})`);
}
