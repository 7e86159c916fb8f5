import { ApplicationFailure, getClient, heartbeat } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import type { TrainingResult, TrainResult } from '../contracts/workflow-io.js';
import { modelCardKey, trainingOutputPrefix } from '../dataset/model/layout.js';
import { awaitTraining } from '../training/await-training.js';
import { readEvaluation } from '../training/evaluation.js';
import { modelCard } from '../training/model-card.js';
import { trainingResult } from '../training/result.js';
import { stopSignal } from './boundary.js';
import type { ActivityDeps } from './deps.js';
import { whileHeartbeating } from './heartbeat.js';
import type { TrainingActivities } from './interface.js';

/** Every call heartbeats: a killed worker's call is taken up again within seconds, and a cancelled one hears of it. */
export function createTrainingActivities(deps: ActivityDeps): TrainingActivities {
  const { store, trainer, models, clock, shutdown } = deps;
  return {
    describeTrainer: ({ images }) => whileHeartbeating(() => trainer.describe(images)),

    async createModelVersion(model) {
      const outputPrefix = trainingOutputPrefix(model.dataset, model.modelVersion);
      const signal = stopSignal(shutdown);
      return await whileHeartbeating(async () => ({
        projectVersionArn: await trainer.createModelVersion({ ...model, outputPrefix }, signal),
      }));
    },

    async findModelVersion(model) {
      const projectVersionArn = await whileHeartbeating(() => trainer.findModelVersion(model));
      return projectVersionArn === undefined ? null : { projectVersionArn };
    },

    async awaitTraining({ projectVersionArn, timeoutSecs, ...model }): Promise<TrainingResult> {
      const kind = await trainer.kind();
      const version = await awaitTraining({
        projectVersionArn,
        describe: () => trainer.describeVersion(model),
        clock,
        heartbeat,
        timeoutSecs,
        signal: stopSignal(shutdown),
      });
      return trainingResult(version, { ...model, projectVersionArn }, kind);
    },

    async collectEvaluation(model) {
      return await whileHeartbeating(async () => readEvaluation(store, await trainer.describeVersion(model)));
    },

    async writeModelCard({ model, version, card, training, evaluation, evaluationProblem = null }) {
      const key = modelCardKey(model.dataset, model.modelVersion);
      const document = modelCard({
        dataset: model.dataset,
        version,
        trainManifest: `s3://${model.bucket}/${model.trainManifestKey}`,
        valManifest: `s3://${model.bucket}/${model.valManifestKey}`,
        card,
        training,
        evaluation,
        evaluationProblem,
      });
      await whileHeartbeating(() =>
        store.put(model.bucket, key, `${JSON.stringify(document, null, 2)}\n`, {
          contentType: 'application/json',
        }),
      );
      return key;
    },

    async stopModelVersion(model) {
      await whileHeartbeating(() => models.stop(model, stopSignal(shutdown)));
    },

    async joinTraining(workflowId): Promise<TrainResult> {
      const signal = stopSignal(shutdown);
      const stopped = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
      const result: Promise<TrainResult> = getClient().workflow.getHandle(workflowId).result();
      return await whileHeartbeating(() => Promise.race([result, stopped])).catch((error: unknown) => {
        throw error instanceof WorkflowFailedError ? failureOf(workflowId, error) : error;
      });
    },
  };
}

/** How the joined training ended is how this run ends: asking again would get the same answer. */
function failureOf(workflowId: string, error: WorkflowFailedError): ApplicationFailure {
  let cause: Error = error;
  while (cause.cause instanceof Error) cause = cause.cause;
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  return ApplicationFailure.nonRetryable(`${workflowId}: ${cause.message}`, type ?? 'TrainingFailed');
}
