import { setMaxListeners } from 'node:events';
import { ApplicationFailure, CancelledFailure, cancellationSignal } from '@temporalio/activity';
import type { FailureType } from '../contracts/workflow-io.js';
import { DatasetError } from '../dataset/model/errors.js';
import { StorageError } from '../storage/errors.js';
import { TrainingError } from '../training/errors.js';

const STORAGE_FAILURES = {
  missing: 'UploadMissing',
  changed: 'UploadChanged',
  refused: 'StorageRefused',
  unavailable: 'StorageRefused',
} as const satisfies Record<StorageError['kind'], FailureType>;

/** More than an activity has under way. */
const MAX_REQUESTS = 64;

/** Wraps every activity: the rooms below throw errors of their own, and here alone they become Temporal's. */
export function atBoundary<T extends object>(activities: T, shutdown: AbortSignal): T {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await activity(...args);
      } catch (error) {
        throw toFailure(error, shutdown);
      }
    },
  ]);
  return Object.fromEntries(wrapped);
}

/** The signal that every activity obeys: its own cancellation, or its worker's stop. */
export function stopSignal(shutdown: AbortSignal): AbortSignal {
  const signal = AbortSignal.any([cancellationSignal(), shutdown]);
  // Each request under way listens to it: a dozen are no leak, which Node would warn of from eleven on.
  setMaxListeners(MAX_REQUESTS, signal);
  return signal;
}

function toFailure(error: unknown, shutdown: AbortSignal): unknown {
  if (cancellationSignal().aborted) return new CancelledFailure('Cancelled.', [], asError(error));
  if (shutdown.aborted) {
    return ApplicationFailure.retryable('The worker is stopping; another takes this up.', 'WorkerStopping');
  }
  if (error instanceof DatasetError) {
    return nonRetryable(error.type, error.message, error.details);
  }
  if (error instanceof StorageError) {
    const type = STORAGE_FAILURES[error.kind];
    return error.retryable
      ? ApplicationFailure.create({ message: error.message, type, cause: error })
      : nonRetryable(type, error.message);
  }
  if (error instanceof TrainingError) {
    return error.retryable
      ? ApplicationFailure.create({ message: error.message, type: error.type, cause: error })
      : nonRetryable(error.type, error.message);
  }
  return error;
}

function nonRetryable(type: FailureType, message: string, details?: unknown): ApplicationFailure {
  return ApplicationFailure.create({
    message,
    type,
    nonRetryable: true,
    ...(details === undefined ? {} : { details: [details] }),
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
