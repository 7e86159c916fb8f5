/** Messages between a worker and its processes that preprocess batches. */
import type { AwsAccess } from '../../lib/aws-access.js';
import type { ProcessedBatch } from '../../pipeline/process-batch.js';
import type { PackedError } from '../packed-error.js';
import type { BatchJob } from './store-batch.js';

export type ToChild =
  /** Starts a batch. The next one is sent after the end of this one. */
  | { readonly type: 'process'; readonly aws: AwsAccess; readonly job: BatchJob }
  /** The answer to `acquire`. */
  | { readonly type: 'granted'; readonly id: number };

export type FromChild =
  /** An image of the batch is done. */
  | { readonly type: 'image' }
  /** Asks for the memory of a decoder that holds a whole picture. */
  | { readonly type: 'acquire'; readonly id: number; readonly bytes: number }
  /** The decoder has ended. */
  | { readonly type: 'release'; readonly id: number }
  /** The end of the batch. */
  | { readonly type: 'done'; readonly processed: ProcessedBatch }
  /** The error that ended the batch. */
  | { readonly type: 'failed'; readonly error: PackedError };
