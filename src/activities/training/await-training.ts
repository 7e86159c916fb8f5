import { heartbeat } from '@temporalio/activity';
import type { TrainingHeartbeat } from '../../contracts/training-heartbeat.js';
import type { TrainingResult } from '../../contracts/workflow-io.js';
import { awaitTraining } from '../../training/await-training.js';
import { trainingResult } from '../../training/result.js';
import { stopSignal } from '../boundary.js';
import type { ActivityDeps } from '../deps.js';
import { whileHeartbeating } from '../heartbeat.js';
import type { TrainingActivities } from '../interface.js';

export function createAwaitTraining({
  trainer,
  clock,
  metrics,
  shutdown,
}: Pick<ActivityDeps, 'trainer' | 'clock' | 'metrics' | 'shutdown'>): TrainingActivities['awaitTraining'] {
  return async ({ projectVersionArn, timeoutSecs, ...model }) =>
    // A call that the service does not answer takes longer than the heartbeat timeout.
    await whileHeartbeating<TrainingResult, TrainingHeartbeat>(async (report) => {
      const kind = await trainer.kind();
      const version = await metrics.trainings.whilePolling(timeoutSecs, (onPoll) =>
        awaitTraining({
          projectVersionArn,
          describe: () => trainer.describeVersion({ projectVersionArn }),
          clock,
          heartbeat: (details) => {
            report(details);
            heartbeat(details);
            onPoll(details);
          },
          timeoutSecs,
          signal: stopSignal(shutdown),
        }),
      );
      return trainingResult(version, { ...model, projectVersionArn }, kind);
    });
}
