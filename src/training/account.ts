import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type AwsAccess, awsClientConfig } from '../lib/aws-access.js';

/** An approval waits for this call, and the account is only displayed. */
const TIMEOUT_MS = 5_000;

/**
 * Returns the number of the AWS account of the credentials, from STS. Null if STS cannot be reached. The call needs no
 * permission (AWS STS API reference, GetCallerIdentity).
 */
export async function callerAccount(aws: AwsAccess): Promise<string | null> {
  const client = new STSClient({
    ...awsClientConfig(aws, aws.endpoints.sts),
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: TIMEOUT_MS,
      requestTimeout: TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Account ?? null;
  } catch {
    return null;
  } finally {
    client.destroy();
  }
}
