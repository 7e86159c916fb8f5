import { readEvaluation } from '../../training/evaluation.js';
import type { ActivityDeps } from '../deps.js';
import { whileHeartbeating } from '../heartbeat.js';
import type { TrainingActivities } from '../interface.js';

export function createCollectEvaluation({
  store,
  trainer,
}: ActivityDeps): TrainingActivities['collectEvaluation'] {
  return (model) =>
    whileHeartbeating(async () => readEvaluation(store, await trainer.describeVersion(model)));
}
