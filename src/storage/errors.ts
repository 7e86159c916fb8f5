import { S3ServiceException } from '@aws-sdk/client-s3';
import { isClockError } from '../lib/aws-errors.js';
import { connectionProblem } from '../lib/connection-problem.js';
import { errorMessage, sentence } from '../lib/error-message.js';
import { s3Uri } from '../lib/s3-uri.js';
import { UsageError } from '../lib/usage-error.js';
import { StorageError, type StorageErrorKind } from './storage-error.js';

export { StorageError, type StorageErrorKind } from './storage-error.js';

/**
 * A document of the bucket is too large, is not JSON, or does not match its schema. Not retryable.
 * @param problem a whole sentence without the advice
 */
export class MalformedError extends StorageError {
  constructor(problem: string) {
    super('refused', problem);
    this.message = `${problem} Delete the file and start the run again.`;
  }
}

/** The message of an error while a document of the training service was read: its advice is for documents that Curator wrote. */
export function serviceDocumentProblem(error: StorageError): string {
  return error instanceof MalformedError ? error.problem : error.message;
}

/** Problems and what to do about them, by S3's code. */
const REFUSED_CODES: Readonly<Record<string, readonly [problem: string, advice: string]>> = {
  NoSuchBucket: ['the bucket does not exist', 'create it with `curator bucket setup`'],
  InvalidAccessKeyId: ['the access key is unknown', 'check AWS_ACCESS_KEY_ID'],
  SignatureDoesNotMatch: ['the secret does not match the access key', 'check AWS_SECRET_ACCESS_KEY'],
  ExpiredToken: ['the credentials have expired', 'sign in again'],
  TokenRefreshRequired: ['the credentials have expired', 'sign in again'],
  InvalidToken: ['the session token is not valid', 'check AWS_SESSION_TOKEN, or sign in again'],
  RequestTimeTooSkewed: ['the clock of this machine is wrong by more than 15 minutes', 'set it'],
  CredentialsProviderError: [
    'no AWS credentials were found',
    'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE',
  ],
};

/** How S3 says that a bucket is in another region: by code, or by status if the response has no body. */
const OTHER_REGION: ReadonlySet<string | number | undefined> = new Set([
  ...['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'],
  ...[301, 307],
]);

/** Temporary refusals: request timeout, conflicting operation, too many requests. */
const RETRYABLE_STATUS = new Set([408, 409, 429]);

/** Converts an SDK error to a `StorageError` that names the action and the object; an abort is returned unchanged. */
export function storageError(error: unknown, action: string, bucket: string, key?: string): unknown {
  if (error instanceof StorageError || error instanceof UsageError || isAbort(error)) return error;
  const uri = key === undefined ? `s3://${bucket}` : s3Uri({ bucket, key });
  const { kind, reason, advice } = refusalOf(error);
  return new StorageError(kind, `Could not ${action} ${uri}: ${reason}`, { cause: error, advice });
}

interface Refusal {
  readonly kind: StorageErrorKind;
  /** A whole sentence if there is no advice. */
  readonly reason: string;
  readonly advice?: string;
}

function refusalOf(error: unknown): Refusal {
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  const code = error instanceof Error ? error.name : 'Error';
  const known = REFUSED_CODES[code];
  const kind = isClockError(error) ? 'unavailable' : 'refused';
  if (known) return { kind, reason: known[0], advice: known[1] };
  if (OTHER_REGION.has(code) || OTHER_REGION.has(status)) return { kind: 'refused', ...regionAdvice(error) };
  if (status === 404) return { kind: 'missing', reason: 'the object does not exist.' };
  if (status === 412) return { kind: 'changed', reason: 'the object was replaced during the operation.' };
  // The range of a caller comes from the object as it was before.
  if (status === 416) return { kind: 'changed', reason: 'the object has become shorter than it was.' };
  if (status === 401 || status === 403) return { kind: 'refused', reason: `${denial(error)}.` };
  const unreachable = connectionProblem(error, 'AWS_ENDPOINT_URL_S3');
  if (unreachable) return { kind: 'unavailable', reason: unreachable.problem, advice: unreachable.advice };
  const cause = sentence(errorMessage(error));
  const isFinal = status !== undefined && status >= 400 && status < 500 && !RETRYABLE_STATUS.has(status);
  return isFinal ? { kind: 'refused', reason: `${code}: ${cause}` } : { kind: 'unavailable', reason: cause };
}

/** S3 names the region of the bucket in a header, which responses without a body have too. */
function regionAdvice(error: unknown): Pick<Refusal, 'reason' | 'advice'> {
  const headers = error instanceof S3ServiceException ? error.$response?.headers : undefined;
  const region = headers?.['x-amz-bucket-region'];
  if (region === undefined) return { reason: 'the bucket is in another region', advice: 'check AWS_REGION' };
  return { reason: `the bucket is in ${region}`, advice: `set AWS_REGION=${region}` };
}

/**
 * AWS names the denied action, the resource and the kind of policy. Small S3 servers report only that access is denied.
 */
function denial(error: unknown): string {
  const said = errorMessage(error).replace(/\.$/, '');
  if (!/\b(?:s3|kms):[A-Z]/.test(said)) {
    return 'access is denied: check the permissions of the credentials in use';
  }
  return `access is denied: ${said}. Allow the action (docs/aws.md has the policies)`;
}

/** Whether an error is the abort of a request, not a failure. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'WorkerStopping');
}
