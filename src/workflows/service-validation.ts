import { ApplicationFailure, patched } from '@temporalio/workflow';
import type { ModelVersionRef } from '../activities/interface.js';
import type { ServiceValidation, TrainInput, TrainingFailureDetails } from '../contracts/workflow-io.js';
import { withoutResults } from '../custom-labels/no-validation.js';
import { validationText } from '../custom-labels/validation-text.js';
import { errorMessage } from '../lib/error-message.js';
import { validation } from './activities.js';
import { rootCause } from './failures.js';

/**
 * Reads what the service found out about the manifests of an ended training. An error becomes part of the result,
 * because it must not fail a paid training. Undefined if the model version was deleted, and in runs that an earlier
 * version started.
 */
export async function collectValidation(
  input: TrainInput,
  model: ModelVersionRef,
  projectVersionArn: string,
): Promise<ServiceValidation | undefined> {
  // Histories of earlier versions do not have this activity.
  if (!patched('service-validation')) return undefined;
  try {
    return await validation("Read the service's validation of the manifests").collectValidation({
      ...model,
      projectVersionArn,
      version: input.version,
      settings: input.card.settings,
    });
  } catch (error) {
    const cause = rootCause(error);
    // The model version was deleted. The failure of the training already says so.
    if (cause instanceof ApplicationFailure && cause.type === 'TrainingFailed') return undefined;
    return withoutResults(errorMessage(cause));
  }
}

/** The failure of a training, with the images that the service reported in its message and in its details. */
export function trainingFailure(
  cause: ApplicationFailure,
  serviceValidation: ServiceValidation,
): ApplicationFailure {
  const details: TrainingFailureDetails = { serviceValidation };
  const reported = validationText(serviceValidation);
  const message = reported === null ? cause.message : `${cause.message} ${reported}`;
  return ApplicationFailure.nonRetryable(message, cause.type, details);
}
