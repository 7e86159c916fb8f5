/** Messages between a worker and the process that curates a dataset version. */
import type { AwsAccess } from '../../lib/aws-access.js';
import type { HeartbeatCounts } from '../heartbeat.js';
import type { PackedError } from '../packed-error.js';
import type { ConvertInput } from './convert-version.js';
import type { ValidateInput } from './validate-version.js';

/** A step of curating. */
export type Step =
  | { readonly name: 'convert'; readonly input: ConvertInput }
  | { readonly name: 'validate'; readonly input: ValidateInput };

/** Starts a step, the only one of the process. */
export interface ToChild {
  readonly aws: AwsAccess;
  readonly step: Step;
}

export type FromChild<Result> =
  | { readonly type: 'progress'; readonly counts: HeartbeatCounts }
  | { readonly type: 'done'; readonly result: Result }
  | { readonly type: 'failed'; readonly error: PackedError };
