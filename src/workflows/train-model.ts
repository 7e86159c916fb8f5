import {
  CancellationScope,
  getExternalWorkflowHandle,
  isCancellation,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import type { ModelVersionRef } from '../activities/interface.js';
import type { TrainInput, TrainResult } from '../contracts/workflow-io.js';
import { errorMessage } from '../lib/error-message.js';
import { poller, trainer } from './activities.js';
import { rootCause } from './failures.js';
import { trainingEnded, trainingStarted } from './messages.js';

/**
 * Trains one model version and writes its card. Cancelling stops it until the service has accepted the
 * training; from then on nothing can stop the training, so the workflow sees it through to the card.
 */
export async function trainModel(input: TrainInput): Promise<TrainResult> {
  const model: ModelVersionRef = {
    bucket: input.bucket,
    dataset: input.dataset,
    modelVersion: input.modelVersion,
    trainManifestKey: input.trainManifestKey,
    valManifestKey: input.valManifestKey,
  };
  const { projectVersionArn } = await startTraining(model);
  return await CancellationScope.nonCancellable(async () => {
    await tellParent((parent) =>
      parent.signal(trainingStarted, { projectVersionArn, modelVersion: input.modelVersion }),
    );
    const training = await poller('polls until the training has ended').awaitTraining({
      ...model,
      projectVersionArn,
      timeoutSecs: input.timeoutSecs,
    });
    await tellParent((parent) => parent.signal(trainingEnded));
    const { evaluation, evaluationProblem } = await collectEvaluation(model, projectVersionArn);
    const modelCardKey = await trainer('writes the model card').writeModelCard({
      model,
      version: input.version,
      card: input.card,
      training,
      evaluation,
      evaluationProblem,
    });
    return { training, evaluation, evaluationProblem, modelCardKey };
  });
}

/** The training is paid by now: an evaluation that cannot be read is reported beside the model and fails nothing. */
async function collectEvaluation(
  model: ModelVersionRef,
  projectVersionArn: string,
): Promise<Pick<TrainResult, 'evaluation'> & { evaluationProblem: string | null }> {
  try {
    const evaluation = await trainer('reads the evaluation').collectEvaluation({
      ...model,
      projectVersionArn,
    });
    return { evaluation, evaluationProblem: null };
  } catch (error) {
    // Runs of earlier versions failed here; their histories have no card after the failure.
    if (!patched('evaluation-unreadable')) throw error;
    return { evaluation: null, evaluationProblem: errorMessage(rootCause(error)) };
  }
}

/** A cancellation may come while the call is under way: then the service is asked whether it took effect. */
async function startTraining(model: ModelVersionRef): Promise<{ projectVersionArn: string }> {
  try {
    return await trainer('starts the training, or adopts it').createModelVersion(model);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    const found = await CancellationScope.nonCancellable(() =>
      trainer('looks whether the training was started').findModelVersion(model),
    );
    if (!found) throw error;
    return found;
  }
}

type ParentHandle = ReturnType<typeof getExternalWorkflowHandle>;

/** The parent may be gone, cancelled while the training went on; that mustn't keep the card from being written. */
async function tellParent(send: (parent: ParentHandle) => Promise<void>): Promise<void> {
  const { parent } = workflowInfo();
  if (!parent) return;
  try {
    await send(getExternalWorkflowHandle(parent.workflowId, parent.runId));
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}
