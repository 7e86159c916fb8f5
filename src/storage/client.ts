import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

/** Sockets to the server: four image pipelines of each of several batches, two PUTs each. */
const MAX_SOCKETS = 64;

/**
 * The S3 client of this environment. AWS_ENDPOINT_URL_S3, region and credentials are read by the SDK's own
 * chain; the rest is what a pipeline needs.
 */
export function createS3Client(
  env: NodeJS.ProcessEnv = process.env,
  overrides: Pick<S3ClientConfig, 'requestChecksumCalculation'> = {},
): S3Client {
  const endpoint = env.AWS_ENDPOINT_URL_S3;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  return new S3Client({
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    ...(env.AWS_REGION ? { region: env.AWS_REGION } : {}),
    ...(env !== process.env && accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey } }
      : {}),
    ...overrides,
    maxAttempts: 5,
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 60_000,
      // Without it the timeout only warns.
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets: MAX_SOCKETS, keepAlive: true },
      httpsAgent: { maxSockets: MAX_SOCKETS, keepAlive: true },
    },
  });
}
