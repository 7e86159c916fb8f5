import { stopSignal } from './boundary.js';
import type { ActivityDeps } from './deps.js';
import type { DatasetActivities } from './interface.js';
import { whileCountingLostWorkers } from './lost-workers.js';

export function createConvertManifest({
  curating,
  metrics,
  shutdown,
}: ActivityDeps): DatasetActivities['convertManifest'] {
  return async (input) =>
    await whileCountingLostWorkers((report) =>
      metrics.datasets.counting('curation', () => curating.convert(input, report, stopSignal(shutdown))),
    );
}
