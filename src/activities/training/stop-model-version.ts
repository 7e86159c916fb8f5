import { stopSignal } from '../boundary.js';
import type { ActivityDeps } from '../deps.js';
import { whileHeartbeating } from '../heartbeat.js';
import type { TrainingActivities } from '../interface.js';

export function createStopModelVersion({
  models,
  shutdown,
}: ActivityDeps): TrainingActivities['stopModelVersion'] {
  return (model) => whileHeartbeating(() => models.stop(model, stopSignal(shutdown)));
}
