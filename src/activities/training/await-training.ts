import { heartbeat } from '@temporalio/activity';
import { awaitTraining } from '../../training/await-training.js';
import { trainingResult } from '../../training/result.js';
import { stopSignal } from '../boundary.js';
import type { ActivityDeps } from '../deps.js';
import type { TrainingActivities } from '../interface.js';

export function createAwaitTraining({
  trainer,
  clock,
  shutdown,
}: ActivityDeps): TrainingActivities['awaitTraining'] {
  return async ({ projectVersionArn, timeoutSecs, ...model }) => {
    const kind = await trainer.kind();
    const version = await awaitTraining({
      projectVersionArn,
      describe: () => trainer.describeVersion({ projectVersionArn }),
      clock,
      heartbeat,
      timeoutSecs,
      signal: stopSignal(shutdown),
    });
    return trainingResult(version, { ...model, projectVersionArn }, kind);
  };
}
