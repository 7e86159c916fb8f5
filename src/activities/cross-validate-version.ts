import type { FitCounts } from '../contracts/cross-validation.js';
import { stopSignal } from './boundary.js';
import type { ActivityDeps } from './deps.js';
import { whileHeartbeating } from './heartbeat.js';
import type { CrossValidationActivities } from './interface.js';

export function createCrossValidateVersion({
  crossValidating,
  shutdown,
}: ActivityDeps): CrossValidationActivities['crossValidateVersion'] {
  return async (input) =>
    await whileHeartbeating<void, FitCounts>((report) =>
      crossValidating.run(input, report, stopSignal(shutdown)),
    );
}
