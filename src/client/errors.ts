/** The request is not possible in the current state; the message says what is. Repeating it does not help. Exit code 1. */
export class RefusedError extends Error {
  override readonly name: string = 'RefusedError';
}

/** The announced upload does not exist. */
export class NoUploadError extends RefusedError {
  override readonly name = 'NoUploadError';
}

/** Neither Temporal nor the bucket has a run of the dataset. */
export class NoRunError extends RefusedError {
  override readonly name = 'NoRunError';
}

/** A worker or a server does not respond; the same request may succeed later. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}
