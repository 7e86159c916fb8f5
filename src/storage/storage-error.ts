import { awsErrorKind } from '../lib/aws-errors.js';

/**
 * `missing`: the object does not exist. `changed`: a condition on its ETag failed. `refused`: the request cannot succeed,
 * for example for lack of permission. `unavailable`: the server did not respond or is overloaded.
 */
export type StorageErrorKind = 'missing' | 'changed' | 'refused' | 'unavailable';

/** An S3 operation failed; the message names the object and what to do. */
export class StorageError extends Error {
  override readonly name = 'StorageError';

  constructor(
    readonly kind: StorageErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Whether the same operation may succeed later. */
  get retryable(): boolean {
    return this.kind === 'unavailable';
  }

  /** Whether the operation fails until a person renews the credentials or allows the action. */
  get needsLogin(): boolean {
    return awsErrorKind(this.cause) === 'login';
  }
}
