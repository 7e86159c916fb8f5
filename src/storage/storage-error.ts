import { awsErrorKind } from '../lib/aws-errors.js';

/**
 * `missing`: the object does not exist. `changed`: a condition on its ETag failed. `refused`: the request cannot succeed,
 * for example for lack of permission. `unavailable`: the server did not respond or is overloaded.
 */
export type StorageErrorKind = 'missing' | 'changed' | 'refused' | 'unavailable';

/**
 * S3's codes for requests that are wrong, whoever sends them: values of the client, not permissions or credentials.
 * The response to a HEAD has no code, so its refusal never counts.
 */
const INVALID_REQUEST: ReadonlySet<string> = new Set([
  'EntityTooLarge',
  'EntityTooSmall',
  'InvalidArgument',
  'InvalidPart',
  'InvalidPartOrder',
  'InvalidURI',
  'KeyTooLongError',
  'MalformedXML',
]);

/** An S3 operation failed; the message names the object and what to do. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  /** What to do, without the problem; undefined if the message is one text. */
  readonly advice: string | undefined;

  constructor(
    readonly kind: StorageErrorKind,
    /** The message without the advice. */
    readonly problem: string,
    { advice, ...options }: ErrorOptions & { readonly advice?: string | undefined } = {},
  ) {
    super(advice === undefined ? problem : `${problem}: ${advice}.`, options);
    this.advice = advice;
  }

  /** Whether the same operation may succeed later. */
  get retryable(): boolean {
    return this.kind === 'unavailable';
  }

  /** Whether S3 refused a value that the client of Curator sent, such as the ETag of a part. */
  get invalidRequest(): boolean {
    return this.cause instanceof Error && INVALID_REQUEST.has(this.cause.name);
  }

  /** Whether the operation fails until a person renews the credentials or allows the action. */
  get needsLogin(): boolean {
    return awsErrorKind(this.cause) === 'login';
  }

  /** Whether neither time nor a person with credentials makes the same operation succeed. */
  get isFinal(): boolean {
    return !this.retryable && !this.needsLogin;
  }
}
