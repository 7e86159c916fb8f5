import type { ActivityDeps } from '../deps.js';
import { whileHeartbeating } from '../heartbeat.js';
import type { TrainingActivities } from '../interface.js';

export function createDescribeTrainer({ trainer }: ActivityDeps): TrainingActivities['describeTrainer'] {
  return ({ images, planned }) => whileHeartbeating(() => trainer.describe(images, planned));
}
