import { RekognitionClient } from '@aws-sdk/client-rekognition';
import type { Environment } from '../config/environment.js';
import { type AwsAccess, awsClientConfig } from '../lib/aws-access.js';
import { TrainingError } from './errors.js';

/**
 * A Rekognition client for AWS, or for an emulator where `aws` names an endpoint.
 * @throws TrainingError where `trainer` expects the other one
 */
export function createRekognitionClient(aws: AwsAccess, trainer?: Environment['trainer']): RekognitionClient {
  const endpoint = aws.endpoints.rekognition;
  assertTrainer(trainer, endpoint);
  return new RekognitionClient({
    ...awsClientConfig(aws, endpoint),
    // Attempts beyond these are the activity's: a worker that dies meanwhile doesn't matter to it.
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
  });
}

/** Who trains decides who pays, so a person may say which one is meant. */
function assertTrainer(trainer: Environment['trainer'], endpoint: string | undefined): void {
  if (trainer === 'rekognition' && endpoint) {
    throw refused(`AWS_ENDPOINT_URL_REKOGNITION leads to ${endpoint}: unset one of them.`);
  }
  if (trainer === 'emulator' && !endpoint) {
    throw refused("AWS_ENDPOINT_URL_REKOGNITION isn't set, so that AWS would train, and bill.");
  }

  function refused(why: string): TrainingError {
    return new TrainingError('TrainerRefused', `TRAINER=${trainer}, but ${why}`);
  }
}
