import type { FailureType } from '../contracts/workflow-io.js';
import { awsErrorKind } from '../lib/aws-errors.js';
import { connectionProblem } from '../lib/connection-problem.js';
import { errorMessage, sentence } from '../lib/error-message.js';
import { UsageError } from '../lib/usage-error.js';

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
  /** What to do, without the problem; undefined if the message is one text. */
  readonly advice: string | undefined;

  constructor(
    readonly type: TrainingErrorType,
    /** The message without the advice. */
    readonly problem: string,
    /** Whether the same call may succeed when it is repeated. */
    readonly retryable = false,
    { advice, ...options }: ErrorOptions & { readonly advice?: string | undefined } = {},
  ) {
    super(advice === undefined ? problem : `${problem} To fix this, ${advice}.`, options);
    this.advice = advice;
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
  InvalidParameterException: 'check the names of the dataset and the bucket',
};

/**
 * Converts an error of the AWS SDK to a TrainingError with AWS's own text, of type `TrainerQuota` if a quota is used up,
 * else `TrainerRefused`. Only errors that `awsErrorKind` calls temporary are retryable. TrainingErrors and aborts are
 * returned unchanged.
 * @param action completes "Rekognition could not …", such as "list projects"
 */
export function trainerError(error: unknown, action: string): unknown {
  if (error instanceof TrainingError || error instanceof UsageError || isAbort(error)) return error;
  const name = error instanceof Error ? error.name : 'Error';
  const unreachable = connectionProblem(error, 'AWS_ENDPOINT_URL_REKOGNITION');
  const reason = unreachable?.problem ?? `${name}: ${errorMessage(error)}`;
  const kind = awsErrorKind(error);
  return new TrainingError(
    kind === 'quota' ? 'TrainerQuota' : 'TrainerRefused',
    `Rekognition could not ${action}: ${sentence(reason)}`,
    kind === 'temporary',
    { cause: error, advice: unreachable?.advice ?? ADVICE[name] },
  );
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
