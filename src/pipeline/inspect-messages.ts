/** Messages between a process and its child that inspects an archive. */
import type { DatasetError } from '../dataset/model/errors.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { PlanBatch } from '../dataset/model/types.js';
import type { Plan } from './files.js';

export type ToChild =
  /** Starts the inspection of an archive of `bytes` bytes, which may take `cpuMs` of CPU time. */
  | {
      readonly type: 'inspect';
      readonly bytes: number;
      readonly settings: DatasetSettings;
      readonly cpuMs: number;
    }
  /** The answer to `read`. */
  | { readonly type: 'bytes'; readonly id: number; readonly bytes: Uint8Array };

export type FromChild =
  /** Asks for the bytes of the archive from `start` to `end`. */
  | { readonly type: 'read'; readonly id: number; readonly start: number; readonly end: number }
  /** One batch of the plan, in order. */
  | { readonly type: 'batch'; readonly batch: PlanBatch }
  /** The end of an inspection, after all batches. */
  | { readonly type: 'end'; readonly plan: Plan; readonly labels: readonly string[] }
  /** The archive is refused. */
  | {
      readonly type: 'refused';
      readonly refusal: DatasetError['type'];
      readonly message: string;
      readonly details: DatasetError['details'];
      readonly rejected: DatasetError['rejected'];
    }
  /** Any other error. */
  | { readonly type: 'failed'; readonly message: string };
