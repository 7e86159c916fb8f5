export type StorageErrorKind = 'missing' | 'changed' | 'refused' | 'unavailable';

/** What went wrong with an object, in words that a person can act on. Only `unavailable` is worth a retry. */
export class StorageError extends Error {
  override readonly name = 'StorageError';

  constructor(
    readonly kind: StorageErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  get retryable(): boolean {
    return this.kind === 'unavailable';
  }
}
