import { ApplicationFailure, CancellationScope, isCancellation, patched } from '@temporalio/workflow';
import type { ModelVersionRef } from '../activities/interface.js';
import type { TrainInput, TrainingResult, TrainResult } from '../contracts/workflow-io.js';
import { qualityFields } from '../dataset/model/quality.js';
import { errorMessage } from '../lib/error-message.js';
import { paidTraining, poller, trainer } from './activities.js';
import { failure, rootCause } from './failures.js';
import { trainingEnded, trainingStarted } from './messages.js';
import { signalParentIfOpen } from './parent.js';
import { QuotaWait } from './quota-wait.js';
import { collectValidation, trainingFailure } from './service-validation.js';

/**
 * Trains one model version, reads its evaluation and writes its card. While a quota of the account is used up, it waits.
 *
 * Cancelling takes effect until the service has accepted the training. After that no API call can stop the training, so
 * the workflow continues to the model card.
 */
export async function trainModel(input: TrainInput): Promise<TrainResult> {
  const model: ModelVersionRef = {
    bucket: input.bucket,
    dataset: input.dataset,
    modelVersion: input.modelVersion,
    trainManifestKey: input.trainManifestKey,
    valManifestKey: input.valManifestKey,
  };
  const quota = new QuotaWait();
  const { projectVersionArn } = input.joinOnly
    ? await joinTraining(model)
    : await startTraining(model, quota);
  return await CancellationScope.nonCancellable(async () => {
    await signalParentIfOpen(trainingStarted, { projectVersionArn, modelVersion: input.modelVersion });
    const training = await awaitTraining(input, model, projectVersionArn);
    await signalParentIfOpen(trainingEnded);
    const { evaluation, evaluationProblem } = await collectEvaluation(model, projectVersionArn);
    const serviceValidation = await collectValidation(input, model, projectVersionArn);
    const found = serviceValidation ? { serviceValidation } : {};
    const modelCardKey = await paidTraining('Write the model card').writeModelCard({
      model,
      version: input.version,
      card: input.card,
      training,
      evaluation,
      evaluationProblem,
      ...found,
    });
    return {
      ...{ training, evaluation, evaluationProblem, ...found, modelCardKey },
      ...qualityFields(input.card),
    };
  });
}

/** Waits for the end of the training. The failure of a failed training says which images the service rejected. */
async function awaitTraining(
  input: TrainInput,
  model: ModelVersionRef,
  projectVersionArn: string,
): Promise<TrainingResult> {
  try {
    return await poller('Poll the training until it ends').awaitTraining({
      ...model,
      projectVersionArn,
      timeoutSecs: input.timeoutSecs,
    });
  } catch (error) {
    const cause = rootCause(error);
    if (!(cause instanceof ApplicationFailure) || cause.type !== 'TrainingFailed') throw error;
    const serviceValidation = await collectValidation(input, model, projectVersionArn);
    throw serviceValidation ? trainingFailure(cause, serviceValidation) : error;
  }
}

/** The training is paid by now, so an evaluation that cannot be read is reported with the model. */
async function collectEvaluation(
  model: ModelVersionRef,
  projectVersionArn: string,
): Promise<Pick<TrainResult, 'evaluation'> & { evaluationProblem: string | null }> {
  try {
    const evaluation = await paidTraining('Read the evaluation').collectEvaluation({
      ...model,
      projectVersionArn,
    });
    return { evaluation, evaluationProblem: null };
  } catch (error) {
    // Runs of earlier versions failed here, so their histories have no model card after the failure.
    if (!patched('evaluation-unreadable')) throw error;
    return { evaluation: null, evaluationProblem: errorMessage(rootCause(error)) };
  }
}

/** Finds a training that an earlier workflow has started. */
async function joinTraining(model: ModelVersionRef): Promise<{ projectVersionArn: string }> {
  const found = await paidTraining('Find the training to join').findModelVersion(model);
  if (found) return found;
  throw failure(
    'TrainingFailed',
    `Rekognition has no model version ${model.modelVersion} of ${model.dataset}: its training was never started, or it was deleted. To train it, ingest the archive again.`,
  );
}

/** A cancellation may arrive during the call; the service then knows whether it accepted the training. */
async function startTraining(
  model: ModelVersionRef,
  quota: QuotaWait,
): Promise<{ projectVersionArn: string }> {
  try {
    return await quota.untilAccepted(() => trainer('Start or adopt the training').createModelVersion(model));
  } catch (error) {
    if (!isCancellation(error)) throw error;
    const found = await CancellationScope.nonCancellable(() =>
      paidTraining('Check whether the training was started').findModelVersion(model),
    );
    if (!found) throw error;
    return found;
  }
}
