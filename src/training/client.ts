import { RekognitionClient } from '@aws-sdk/client-rekognition';

/** The Rekognition client of this environment; AWS_ENDPOINT_URL_REKOGNITION leads it to an emulator. */
export function createRekognitionClient(env: NodeJS.ProcessEnv = process.env): RekognitionClient {
  const endpoint = env.AWS_ENDPOINT_URL_REKOGNITION;
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
