import { RekognitionClient } from '@aws-sdk/client-rekognition';
import type { Environment } from '../config/environment.js';
import { type AwsAccess, awsClientConfig } from '../lib/aws-access.js';
import { TrainingError } from './errors.js';

/**
 * A Rekognition client for AWS, or for an emulator if `aws` has an endpoint for it.
 * @throws TrainingError if `trainer` expects the other service
 */
export function createRekognitionClient(aws: AwsAccess, trainer?: Environment['trainer']): RekognitionClient {
  const endpoint = aws.endpoints.rekognition;
  assertTrainer(trainer, endpoint);
  return new RekognitionClient({
    ...awsClientConfig(aws, endpoint),
    // Further attempts are made by the activity, which also survives a crash of the worker.
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
  });
}

/** AWS trainings cost money, so TRAINER can state which service is expected. */
function assertTrainer(trainer: Environment['trainer'], endpoint: string | undefined): void {
  if (trainer === 'rekognition' && endpoint) {
    throw refused(`AWS_ENDPOINT_URL_REKOGNITION is ${endpoint}: unset one of the two variables.`);
  }
  if (trainer === 'emulator' && !endpoint) {
    throw refused(
      'AWS_ENDPOINT_URL_REKOGNITION is not set, so AWS would train and charge for it: set it to the address of the emulator.',
    );
  }

  function refused(why: string): TrainingError {
    return new TrainingError('TrainerRefused', `TRAINER=${trainer}, but ${why}`);
  }
}
