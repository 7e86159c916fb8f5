import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { type AwsAccess, awsClientConfig } from '../lib/aws-access.js';

/** Maximum sockets: several batches at once, with four image pipelines each and two PUTs per pipeline. */
const MAX_SOCKETS = 64;

/** An S3 client with the timeouts, retries and sockets that the pipeline needs. */
export function createS3Client(
  aws: AwsAccess,
  overrides: Pick<S3ClientConfig, 'requestChecksumCalculation'> = {},
): S3Client {
  const endpoint = aws.endpoints.s3;
  return new S3Client({
    ...awsClientConfig(aws, endpoint),
    forcePathStyle: endpoint !== undefined,
    ...overrides,
    maxAttempts: 5,
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 60_000,
      // Without this option the timeout only logs a warning.
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets: MAX_SOCKETS, keepAlive: true },
      httpsAgent: { maxSockets: MAX_SOCKETS, keepAlive: true },
    },
  });
}
