import { getHeapStatistics } from 'node:v8';
import type { MetricMeter } from '@temporalio/common';

/** Returns a function that measures the memory of this process, without the processes that it started. */
export function memoryMetrics(meter: MetricMeter): () => void {
  const resident = meter.createGauge(
    'curator_worker_resident_bytes',
    'int',
    '',
    'Resident memory of the worker process, without its child processes.',
  );
  const used = meter.createGauge(
    'curator_worker_heap_used_bytes',
    'int',
    '',
    'JavaScript heap in use in the worker process.',
  );
  const limit = meter.createGauge(
    'curator_worker_heap_limit_bytes',
    'int',
    '',
    'Maximum JavaScript heap of the worker process, which ends if it needs more.',
  );
  return () => {
    const { used_heap_size, heap_size_limit } = getHeapStatistics();
    resident.set(process.memoryUsage.rss());
    used.set(used_heap_size);
    limit.set(heap_size_limit);
  };
}
