import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';

/**
 * What a failed call to AWS needs before it can succeed. `temporary`: the same call again, later. `login`: a person who
 * renews the credentials or allows the action. `quota`: fewer resources in use, or a higher quota. `refused`: another
 * request.
 */
export type AwsErrorKind = 'temporary' | 'login' | 'quota' | 'refused';

/** The SDK's own classification counts the first of them as throttling, but it also limits trainings at a time. */
const QUOTA_CODES = new Set(['LimitExceededException', 'ServiceQuotaExceededException']);

const LOGIN_CODES = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'InvalidToken',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'TokenRefreshRequired',
  'UnrecognizedClientException',
]);

/** Differences between the clocks. Other services than S3 have the code of a wrong secret for them, and this text. */
const CLOCK_CODES = new Set(['RequestExpired', 'RequestInTheFuture', 'RequestTimeTooSkewed']);
const CLOCK_TEXT = /^Signature (?:expired|not yet current)/;

/**
 * Classifies an error of an AWS SDK client. The SDK decides what is temporary: throttling, HTTP 5xx, network errors,
 * corrected clocks and errors that the service's model marks as retryable. Unknown errors are `refused`.
 */
export function awsErrorKind(error: unknown): AwsErrorKind {
  if (!isSdkError(error)) return 'refused';
  if (QUOTA_CODES.has(error.name)) return 'quota';
  if (isClockError(error)) return 'temporary';
  if (isTransientError(error) || isThrottlingError(error) || isServerError(error)) return 'temporary';
  // Responses to HEAD have no body, so they have no code.
  const isForbidden = error.$metadata?.httpStatusCode === 401 || error.$metadata?.httpStatusCode === 403;
  return LOGIN_CODES.has(error.name) || isForbidden ? 'login' : 'refused';
}

/**
 * Whether a call was refused because the clock of this machine was wrong when it was signed. A later call succeeds: the
 * SDK has learned the difference from the response, or the clock was set.
 */
export function isClockError(error: unknown): boolean {
  return isSdkError(error) && (CLOCK_CODES.has(error.name) || CLOCK_TEXT.test(error.message));
}

function isSdkError(error: unknown): error is Parameters<typeof isTransientError>[0] {
  return error instanceof Error;
}
