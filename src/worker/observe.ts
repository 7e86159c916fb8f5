import type { Client } from '@temporalio/client';
import type { MetricMeter } from '@temporalio/common';
import { Runtime } from '@temporalio/worker';
import { errorMessage } from '../lib/error-message.js';
import { memoryMetrics } from './memory-metrics.js';
import { OPEN_RUNS, openRunMetrics } from './open-run-metrics.js';

const MEMORY_INTERVAL_MS = 10_000;
const RUNS_INTERVAL_MS = 60_000;

/**
 * Measures the worker's memory and the open runs, at once and then at intervals.
 * @returns a function that ends it
 */
export function observe(meter: MetricMeter, temporal: Client): () => void {
  const { logger } = Runtime.instance();
  const measureMemory = memoryMetrics(meter);
  const measureRuns = openRunMetrics(meter, () => temporal.workflow.list({ query: OPEN_RUNS }));
  let hasEnded = false;
  const measureOpenRuns = () => {
    measureRuns().catch((error: unknown) => {
      // The connection is closed at the end.
      if (!hasEnded) logger.warn(`Could not count open runs for the metrics: ${errorMessage(error)}`);
    });
  };
  measureMemory();
  measureOpenRuns();
  const timers = [
    setInterval(measureMemory, MEMORY_INTERVAL_MS),
    setInterval(measureOpenRuns, RUNS_INTERVAL_MS),
  ];
  return () => {
    hasEnded = true;
    for (const timer of timers) clearInterval(timer);
  };
}
