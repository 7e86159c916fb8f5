import type { FailureType } from '../contracts/workflow-io.js';
import { awsErrorKind, awsErrorMessage, isRegionMissing } from '../lib/aws-errors.js';

export type TrainingErrorType = Extract<
  FailureType,
  | 'TrainerRefused'
  | 'TrainerQuota'
  | 'TrainingNameTaken'
  | 'TrainingFailed'
  | 'TrainingTimeout'
  | 'EvaluationUnreadable'
>;

/** An error of the training service; the message says what to do about it. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';

  constructor(
    readonly type: TrainingErrorType,
    message: string,
    /** Whether the same call may succeed when it is repeated. */
    readonly retryable = false,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Whether the call fails until a person renews the credentials or allows the action. */
  get needsLogin(): boolean {
    return awsErrorKind(this.cause) === 'login';
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  AccessDeniedException: 'allow the action in the IAM policy of the credentials in use',
  ExpiredTokenException: 'sign in again to renew the credentials',
  UnrecognizedClientException: 'check AWS_ACCESS_KEY_ID',
  InvalidSignatureException: 'check AWS_SECRET_ACCESS_KEY and the clock of this machine',
  MissingAuthenticationTokenException: 'set AWS credentials',
  CredentialsProviderError: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE',
  InvalidS3ObjectException:
    'use a bucket in the region of the service and allow the credentials in use to read it',
  LimitExceededException: 'delete projects or models that are not needed, or request a higher quota',
  ServiceQuotaExceededException: 'wait until running trainings have ended, or request a higher quota',
  ENOTFOUND: 'check AWS_REGION, whether Rekognition Custom Labels is available there, and the network',
  InvalidParameterException: 'check the names of the dataset and the bucket',
};

/**
 * Converts an error of the AWS SDK to a TrainingError with AWS's own text, of type `TrainerQuota` if a quota is used up,
 * else `TrainerRefused`. Only errors that `awsErrorKind` calls temporary are retryable. TrainingErrors and aborts are
 * returned unchanged.
 * @param action completes "Rekognition could not …", such as "list projects"
 */
export function trainerError(error: unknown, action: string): unknown {
  if (error instanceof TrainingError || isAbort(error)) return error;
  const name = error instanceof Error ? error.name : 'Error';
  const message = awsErrorMessage(error);
  const advice = ADVICE[codeOf(error)] ?? ADVICE[name];
  const text = `Rekognition could not ${action}: ${isRegionMissing(error) ? '' : `${name}: `}${message}`;
  const kind = awsErrorKind(error);
  return new TrainingError(
    kind === 'quota' ? 'TrainerQuota' : 'TrainerRefused',
    advice ? `${text} To fix this, ${advice}.` : text,
    kind === 'temporary',
    { cause: error },
  );
}

/** The code of a network error; empty for other errors. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
