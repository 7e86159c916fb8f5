/** A request that makes no sense now, with what would. Exit code 1. */
export class RefusedError extends Error {
  override readonly name: string = 'RefusedError';
}

/** What was announced isn't there. */
export class NoUploadError extends RefusedError {
  override readonly name = 'NoUploadError';
}

/** The dataset has no run that anybody knows of. */
export class NoRunError extends RefusedError {
  override readonly name = 'NoRunError';
}

/** Nobody answers now, neither worker nor server perhaps; the same request may succeed later. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}
