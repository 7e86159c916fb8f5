import type { ActivityDeps } from '../deps.js';
import { whileHeartbeating } from '../heartbeat.js';
import type { TrainingActivities } from '../interface.js';

export function createFindModelVersion({ trainer }: ActivityDeps): TrainingActivities['findModelVersion'] {
  return async (model) => {
    const projectVersionArn = await whileHeartbeating(() => trainer.findModelVersion(model));
    return projectVersionArn === undefined ? null : { projectVersionArn };
  };
}
