/** Messages between a worker and the process that cross-validates a dataset version. */
import type { FitCounts } from '../../contracts/cross-validation.js';
import type { CrossValidateInput } from '../../contracts/workflow-io.js';
import type { AwsAccess } from '../../lib/aws-access.js';
import type { PackedError } from '../packed-error.js';

/** Starts the only task of the process. */
export interface ToChild {
  readonly aws: AwsAccess;
  readonly input: CrossValidateInput;
}

export type FromChild =
  | { readonly type: 'progress'; readonly counts: FitCounts }
  | { readonly type: 'done' }
  | { readonly type: 'failed'; readonly error: PackedError };
