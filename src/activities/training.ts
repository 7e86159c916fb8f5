import { activityInfo, getClient, heartbeat, sleep } from '@temporalio/activity';
import type { TrainingResult, TrainResult } from '../contracts.js';
import { modelCardKey, trainingOutputPrefix } from '../dataset/layout.js';
import { awaitTraining } from '../training/await-training.js';
import { modelCard } from '../training/model-card.js';
import { stopSignal } from './boundary.js';
import type { ActivityDeps } from './deps.js';
import type { ModelVersionRef, TrainingActivities } from './interface.js';

export function createTrainingActivities(deps: ActivityDeps): TrainingActivities {
  const { store, trainer, clock, shutdown } = deps;
  return {
    describeTrainer: () => trainer.describe(),

    async createModelVersion(model) {
      const projectArn = await trainer.ensureProject(model.dataset);
      const { projectVersionArn } = await trainer.createModelVersion({
        projectArn,
        versionName: model.modelVersion,
        bucket: model.bucket,
        trainManifestKey: model.trainManifestKey,
        valManifestKey: model.valManifestKey,
        outputPrefix: trainingOutputPrefix(model.dataset, model.modelVersion),
      });
      return { projectVersionArn };
    },

    async findModelVersion(model) {
      return await trainer.findModelVersion(model);
    },

    async awaitTraining({ projectVersionArn, timeoutSecs, ...model }): Promise<TrainingResult> {
      const { kind } = await trainer.describe();
      const ended = await awaitTraining({
        describe: () => trainer.describeVersion(model),
        clock,
        heartbeat,
        timeoutSecs,
        signal: stopSignal(shutdown),
      });
    },

    async joinTraining(workflowId): Promise<TrainResult> {
      const result = getClient().workflow.getHandle(workflowId).result();
    },
  };
}
