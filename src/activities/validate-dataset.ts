import { stopSignal } from './boundary.js';
import type { ActivityDeps } from './deps.js';
import type { DatasetActivities } from './interface.js';
import { whileCountingLostWorkers } from './lost-workers.js';

export function createValidateDataset({
  curating,
  shutdown,
}: ActivityDeps): DatasetActivities['validateDataset'] {
  return async (input) =>
    await whileCountingLostWorkers(() => curating.validate(input, stopSignal(shutdown)));
}
