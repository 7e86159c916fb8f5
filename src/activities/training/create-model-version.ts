import { trainingOutputPrefix } from '../../dataset/model/layout.js';
import { stopSignal } from '../boundary.js';
import type { ActivityDeps } from '../deps.js';
import { whileHeartbeating } from '../heartbeat.js';
import type { TrainingActivities } from '../interface.js';

export function createCreateModelVersion({
  trainer,
  shutdown,
}: ActivityDeps): TrainingActivities['createModelVersion'] {
  return async (model) => {
    const outputPrefix = trainingOutputPrefix(model.dataset, model.modelVersion);
    const signal = stopSignal(shutdown);
    return await whileHeartbeating(async () => ({
      projectVersionArn: await trainer.createModelVersion({ ...model, outputPrefix }, signal),
    }));
  };
}
