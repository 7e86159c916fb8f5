import type { FailureType } from '../contracts/workflow-io.js';
import { errorMessage } from '../lib/error-message.js';

export type TrainingErrorType = Extract<
  FailureType,
  'TrainerRefused' | 'TrainingNameTaken' | 'TrainingFailed' | 'TrainingTimeout' | 'EvaluationUnreadable'
>;

/** What went wrong with the training service, in words that a person can act on. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';

  constructor(
    readonly type: TrainingErrorType,
    message: string,
    /** Whether the same call may succeed later. */
    readonly retryable = false,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  AccessDeniedException: 'allow the action in the IAM policy of the credentials in use',
  ExpiredTokenException: 'log in again',
  UnrecognizedClientException: 'check AWS_ACCESS_KEY_ID',
  InvalidSignatureException: 'check AWS_SECRET_ACCESS_KEY and the clock of this machine',
  MissingAuthenticationTokenException: 'set AWS credentials',
  CredentialsProviderError: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE',
  InvalidS3ObjectException: 'let the credentials in use read the bucket, in the region of the service',
  LimitExceededException: 'delete projects or models that are not needed, or ask for a higher quota',
  ServiceQuotaExceededException: 'wait for running trainings, or ask for a higher quota',
  InvalidParameterException: 'check the names of dataset and bucket',
};

/** The TrainingError that an SDK error means. Throttling, 5xx and the network are retryable; refusals are not. */
export function trainerError(error: unknown, action: string): unknown {
  if (error instanceof TrainingError || isAbort(error)) return error;
  const name = error instanceof Error ? error.name : 'Error';
  const message = errorMessage(error);
  const advice = ADVICE[name];
  const text = `Rekognition could not ${action}: ${name}: ${message}`;
  return new TrainingError(
    'TrainerRefused',
    advice ? `${text} To mend it, ${advice}.` : text,
    advice === undefined,
    {
      cause: error,
    },
  );
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
