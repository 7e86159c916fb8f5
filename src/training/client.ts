import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { TrainingError } from './errors.js';

/**
 * The Rekognition client of this environment; AWS_ENDPOINT_URL_REKOGNITION leads it to an emulator.
 * @throws TrainingError where TRAINER says that it should be the other one
 */
export function createRekognitionClient(env: NodeJS.ProcessEnv = process.env): RekognitionClient {
  const endpoint = env.AWS_ENDPOINT_URL_REKOGNITION;
  assertTrainer(env.TRAINER, endpoint);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  return new RekognitionClient({
    ...(endpoint ? { endpoint } : {}),
    ...(env.AWS_REGION ? { region: env.AWS_REGION } : {}),
    ...(env !== process.env && accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey } }
      : {}),
    // Attempts beyond these are the activity's: a worker that dies meanwhile doesn't matter to it.
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
  });
}

/** Who trains decides who pays, so a person may say which one is meant. */
function assertTrainer(trainer: string | undefined, endpoint: string | undefined): void {
  if (!trainer) return;
  if (trainer === 'rekognition' && endpoint) {
    throw refused(`AWS_ENDPOINT_URL_REKOGNITION leads to ${endpoint}: unset one of them.`);
  }
  if (trainer === 'emulator' && !endpoint) {
    throw refused("AWS_ENDPOINT_URL_REKOGNITION isn't set, so that AWS would train, and bill.");
  }
  if (trainer !== 'rekognition' && trainer !== 'emulator') throw refused('it is rekognition or emulator.');

  function refused(why: string): TrainingError {
    return new TrainingError('TrainerRefused', `TRAINER=${trainer}, but ${why}`);
  }
}
