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

/** The configuration that every AWS client gets: region, credentials and the endpoint of its service. */
export function awsClientConfig(
  { region, credentials }: AwsAccess,
  endpoint: string | undefined,
): { region?: string; endpoint?: string; credentials?: ReturnType<typeof withoutUndefined> } {
  return {
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials: withoutUndefined(credentials) }),
  };
}

function withoutUndefined({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentials) {
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
