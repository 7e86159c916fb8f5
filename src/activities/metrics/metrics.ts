import type { MetricMeter } from '@temporalio/common';
import { DatasetMetrics } from './dataset-metrics.js';
import { ErrorMetrics } from './error-metrics.js';
import { ImageMetrics } from './image-metrics.js';
import { RunMetrics } from './run-metrics.js';
import { TrainingMetrics } from './training-metrics.js';

/** What activities measure, one class per concern. No label names a dataset, so the number of series is limited. */
export interface Metrics {
  readonly images: ImageMetrics;
  readonly datasets: DatasetMetrics;
  readonly trainings: TrainingMetrics;
  readonly runs: RunMetrics;
  readonly errors: ErrorMetrics;
}

/** Creates the metrics of a worker's activities. */
export function createMetrics(meter: MetricMeter): Metrics {
  return {
    images: new ImageMetrics(meter),
    datasets: new DatasetMetrics(meter),
    trainings: new TrainingMetrics(meter),
    runs: new RunMetrics(meter),
    errors: new ErrorMetrics(meter),
  };
}
