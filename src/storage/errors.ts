import { S3ServiceException } from '@aws-sdk/client-s3';
import { errorMessage } from '../lib/error-message.js';
import { s3Uri } from '../lib/s3-uri.js';
import { StorageError } from './storage-error.js';

export { StorageError, type StorageErrorKind } from './storage-error.js';

/** A JSON object written by Curator does not match its schema. Not retryable. */
export class MalformedError extends StorageError {
  constructor(message: string) {
    super('refused', message);
  }
}

const REFUSED_CODES: Readonly<Record<string, string>> = {
  NoSuchBucket: 'the bucket does not exist: create it with `curator bucket setup`',
  InvalidAccessKeyId: 'the access key is unknown: check AWS_ACCESS_KEY_ID',
  SignatureDoesNotMatch: 'the secret does not match the access key: check AWS_SECRET_ACCESS_KEY',
  ExpiredToken: 'the credentials have expired: log in again',
  PermanentRedirect: 'the bucket is in another region: check AWS_REGION',
  AuthorizationHeaderMalformed: 'the bucket is in another region: check AWS_REGION',
  AccessDenied: 'access is denied: check the permissions of the credentials in use',
};

/** Temporary refusals: request timeout, conflicting operation, too many requests. */
const RETRYABLE_STATUS = new Set([408, 409, 429]);

/** Converts an SDK error to a `StorageError` that names the action and the object; an abort is returned unchanged. */
export function storageError(error: unknown, action: string, bucket: string, key?: string): unknown {
  if (error instanceof StorageError || isAbort(error)) return error;
  const uri = key === undefined ? `s3://${bucket}` : s3Uri({ bucket, key });
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  const code = error instanceof Error ? error.name : 'Error';
  const options = { cause: error };
  const refused = REFUSED_CODES[code];
  if (refused) return new StorageError('refused', `Could not ${action} ${uri}: ${refused}.`, options);
  if (code === 'CredentialsProviderError') {
    return new StorageError(
      'refused',
      `Could not ${action} ${uri}: no AWS credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.`,
      options,
    );
  }
  if (status === 404) {
    return new StorageError('missing', `Could not ${action} ${uri}: the object does not exist.`, options);
  }
  if (status === 412) {
    return new StorageError(
      'changed',
      `Could not ${action} ${uri}: the object was replaced during the operation.`,
      options,
    );
  }
  if (status === 401 || status === 403) {
    return new StorageError('refused', `Could not ${action} ${uri}: ${REFUSED_CODES.AccessDenied}.`, options);
  }
  const cause = errorMessage(error);
  if (status !== undefined && status >= 400 && status < 500 && !RETRYABLE_STATUS.has(status)) {
    return new StorageError('refused', `Could not ${action} ${uri}: ${code}: ${cause}`, options);
  }
  return new StorageError('unavailable', `Could not ${action} ${uri}: ${cause}`, options);
}

/** Whether an error is the abort of a request, not a failure. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'WorkerStopping');
}
