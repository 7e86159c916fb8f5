import { loadConfig, NODE_REGION_CONFIG_FILE_OPTIONS, NODE_REGION_CONFIG_OPTIONS } from '@smithy/core/config';
import { UsageError } from './usage-error.js';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** How AWS, or servers that speak its protocols, are reached. The AWS SDK's own chain decides what is undefined. */
export interface AwsAccess {
  readonly region: string | undefined;
  readonly credentials: AwsCredentials | undefined;
  /** URLs of servers to use instead of AWS. */
  readonly endpoints: {
    readonly s3?: string | undefined;
    /** S3 as senders of uploads reach it, if not at `s3`. */
    readonly publicS3?: string | undefined;
    readonly rekognition?: string | undefined;
    readonly sqs?: string | undefined;
    readonly sts?: string | undefined;
  };
}

interface AwsClientConfig {
  readonly region: () => Promise<string>;
  readonly endpoint?: string;
  readonly credentials?: ReturnType<typeof withoutUndefined>;
}

/**
 * The configuration that every AWS client gets: region, credentials and the endpoint of its service. A client whose
 * region is not known throws a UsageError in each call.
 */
export function awsClientConfig(
  { region, credentials }: AwsAccess,
  endpoint: string | undefined,
): AwsClientConfig {
  return {
    region: region === undefined ? regionOfProfile : async () => region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials: withoutUndefined(credentials) }),
  };
}

/**
 * Checks at the start of a process what each of its calls to AWS needs.
 * @throws UsageError if no region is configured
 */
export async function assertRegion({ region }: AwsAccess): Promise<void> {
  if (region === undefined) await regionOfProfile();
}

/** The region of the profile in AWS's configuration files. The environment was read before, where empty means unset. */
const profileRegion = loadConfig(
  { ...NODE_REGION_CONFIG_OPTIONS, environmentVariableSelector: () => undefined, default: '' },
  NODE_REGION_CONFIG_FILE_OPTIONS,
);

async function regionOfProfile(): Promise<string> {
  const region = await profileRegion();
  if (region) return region;
  throw new UsageError('No AWS region is set. Set AWS_REGION to the region of the bucket.');
}

function withoutUndefined({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentials) {
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
