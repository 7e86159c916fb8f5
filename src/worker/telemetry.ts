import type { MetricMeter } from '@temporalio/common';
import { Runtime, type TelemetryOptions } from '@temporalio/worker';
import type { TelemetryEnvironment } from '../config/environment.js';
import { errorMessage } from '../lib/error-message.js';
import { UsageError } from '../lib/usage-error.js';
import { jsonLogger } from './json-logger.js';

/** Bounds for waits in a task queue. The SDK's own leave out everything between 10 and 100 seconds. */
const WAITS = [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];
/** Upper bounds in seconds of the buckets of histograms, by name without prefix and unit. */
const BUCKETS: Record<string, number[]> = {
  activity_schedule_to_start_latency: WAITS,
  workflow_task_schedule_to_start_latency: WAITS,
  curator_batch: [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800],
  curator_stage: [1, 5, 15, 60, 300, 900, 3600, 14_400, 43_200, 86_400, 259_200],
};

/**
 * Configures logs and metrics of the process, before the first connection to Temporal. Temporal's native part logs to
 * stdout by default, where scripts read whether the worker is ready, so its lines are forwarded to stderr.
 * @returns the meter of Curator's own metrics, which drops them if METRICS_ADDRESS is not set
 * @throws UsageError if nothing can listen on METRICS_ADDRESS
 */
export function installTelemetry({ metricsAddress, logFormat }: TelemetryEnvironment): MetricMeter {
  const logs = {
    ...(logFormat === 'json' ? { logger: jsonLogger() } : {}),
    telemetryOptions: { logging: { forward: {} } },
  };
  if (metricsAddress === undefined) return Runtime.install(logs).metricMeter;
  const telemetryOptions = { ...logs.telemetryOptions, metrics: prometheusOn(metricsAddress) };
  try {
    return Runtime.install({ ...logs, telemetryOptions }).metricMeter;
  } catch (error) {
    throw new UsageError(
      `Metrics cannot be served on ${metricsAddress} (--metrics or METRICS_ADDRESS): ${reasonOf(error)}. Choose another address, or stop the process that listens there.`,
    );
  }
}

/** The operating system's reason, such as "Address already in use", without its number. */
function reasonOf(error: unknown): string {
  const message = errorMessage(error);
  return /exporter: (.+?)(?: \(os error \d+\))?$/.exec(message)?.[1] ?? message;
}

/** Names and units as Prometheus recommends them: seconds, and the suffix `_total` of counters. */
function prometheusOn(bindAddress: string): NonNullable<TelemetryOptions['metrics']> {
  return {
    prometheus: {
      bindAddress,
      countersTotalSuffix: true,
      unitSuffix: true,
      useSecondsForDurations: true,
      histogramBucketOverrides: BUCKETS,
    },
  };
}
