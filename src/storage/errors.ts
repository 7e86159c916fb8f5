import { S3ServiceException } from '@aws-sdk/client-s3';
import { errorMessage } from '../lib/error-message.js';
import { StorageError } from './storage-error.js';

export { StorageError, type StorageErrorKind } from './storage-error.js';

/** An object of ours that doesn't have the form it should. */
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

/** Refusals that pass: request timeout, conflicting operation, too many requests. */
const RETRYABLE_STATUS = new Set([408, 409, 429]);

/** The StorageError that an SDK error means; an abort stays what it is. */
export function storageError(error: unknown, action: string, bucket: string, key?: string): unknown {
  if (error instanceof StorageError || isAbort(error)) return error;
  const place = key === undefined ? `s3://${bucket}` : `s3://${bucket}/${key}`;
  const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
  const code = error instanceof Error ? error.name : 'Error';
  const options = { cause: error };
  const refused = REFUSED_CODES[code];
  if (refused) return new StorageError('refused', `Could not ${action} ${place}: ${refused}.`, options);
  if (code === 'CredentialsProviderError') {
    return new StorageError(
      'refused',
      `Could not ${action} ${place}: no AWS credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.`,
      options,
    );
  }
  if (status === 404) {
    return new StorageError('missing', `Could not ${action} ${place}: there is no such object.`, options);
  }
  if (status === 412) {
    return new StorageError(
      'changed',
      `Could not ${action} ${place}: the object was replaced meanwhile.`,
      options,
    );
  }
  if (status === 401 || status === 403) {
    return new StorageError(
      'refused',
      `Could not ${action} ${place}: ${REFUSED_CODES.AccessDenied}.`,
      options,
    );
  }
  const cause = errorMessage(error);
  if (status !== undefined && status >= 400 && status < 500 && !RETRYABLE_STATUS.has(status)) {
    return new StorageError('refused', `Could not ${action} ${place}: ${code}: ${cause}`, options);
  }
  return new StorageError('unavailable', `Could not ${action} ${place}: ${cause}`, options);
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'WorkerStopping');
}
