import { stopSignal } from './boundary.js';
import type { ActivityDeps } from './deps.js';
import type { DatasetActivities } from './interface.js';
import { whileCountingLostWorkers } from './lost-workers.js';

export function createValidateDataset({
  curating,
  metrics,
  shutdown,
}: ActivityDeps): DatasetActivities['validateDataset'] {
  return async (input) =>
    await whileCountingLostWorkers(() =>
      metrics.datasets.counting(
        'validation',
        () => curating.validate(input, stopSignal(shutdown)),
        ({ refusal }) => refusal !== null,
      ),
    );
}
