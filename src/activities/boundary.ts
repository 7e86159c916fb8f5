import { setMaxListeners } from 'node:events';
import { ApplicationFailure, CancelledFailure, cancellationSignal } from '@temporalio/activity';
import type { FailureType } from '../contracts/workflow-io.js';
import { DatasetError } from '../dataset/model/errors.js';
import { StorageError } from '../storage/errors.js';
import { TrainingError } from '../training/errors.js';
import type { LedgerActivities, TrainingActivities } from './interface.js';
import { WorkerLost } from './lost-workers.js';
import type { ErrorMetrics } from './metrics/error-metrics.js';

const STORAGE_FAILURES = {
  missing: 'UploadMissing',
  changed: 'UploadChanged',
  refused: 'StorageRefused',
  unavailable: 'StorageRefused',
} as const satisfies Record<StorageError['kind'], FailureType>;

/**
 * Activities that wait for a training that the service has accepted. The training continues and is billed while they
 * fail, so they wait for new credentials instead of ending the run.
 */
const AFTER_PAYMENT: ReadonlySet<string> = new Set<keyof TrainingActivities>([
  'findModelVersion',
  'awaitTraining',
  'collectEvaluation',
  'collectValidation',
  'writeModelCard',
]);

/** Whether an activity follows a paid training. The activity that ends a run does so if the run has a paid training. */
function followsTraining(name: string, [input]: readonly unknown[]): boolean {
  if (name !== 'closeRun') return AFTER_PAYMENT.has(name);
  const { progress } = input as Parameters<LedgerActivities['closeRun']>[0];
  return progress.training !== null;
}

/** Above the number of requests that one activity has in flight. */
const MAX_REQUESTS = 64;

/**
 * Wraps every activity so that errors of lower rooms become Temporal failures. This is the only place for that:
 * `DatasetError` and other errors that a retry cannot fix become non-retryable, with their type. Missing or expired
 * credentials are such an error, except after a training was accepted.
 * @param errors counts the failures
 */
export function atBoundary<T extends object>(activities: T, shutdown: AbortSignal, errors: ErrorMetrics): T {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await activity(...args);
      } catch (error) {
        const failure = toFailure(error, shutdown, followsTraining(name, args));
        errors.count(failure);
        throw failure;
      }
    },
  ]);
  return Object.fromEntries(wrapped);
}

/** The signal that every activity passes on: it aborts on the activity's cancellation and on the worker's shutdown. */
export function stopSignal(shutdown: AbortSignal): AbortSignal {
  const signal = AbortSignal.any([cancellationSignal(), shutdown]);
  // Every request in flight listens to the signal. Node warns of a leak above ten listeners by default.
  setMaxListeners(MAX_REQUESTS, signal);
  return signal;
}

function toFailure(error: unknown, shutdown: AbortSignal, waitsForLogin: boolean): unknown {
  if (cancellationSignal().aborted) return new CancelledFailure('Cancelled.', [], asError(error));
  if (shutdown.aborted) {
    return ApplicationFailure.retryable(
      'The worker is stopping; another worker will retry this activity.',
      'WorkerStopping',
    );
  }
  if (error instanceof DatasetError) {
    return nonRetryable(error.type, error.message, error.details);
  }
  if (error instanceof WorkerLost) return nonRetryable('WorkerLost', error.message);
  if (error instanceof StorageError) {
    const type = STORAGE_FAILURES[error.kind];
    return error.retryable || (waitsForLogin && error.needsLogin)
      ? retryable(type, error.message)
      : nonRetryable(type, error.message);
  }
  if (error instanceof TrainingError) {
    return error.retryable || (waitsForLogin && error.needsLogin)
      ? retryable(error.type, error.message)
      : nonRetryable(error.type, error.message);
  }
  return error;
}

/**
 * Without the cause, whose stacks would exceed the 4 KB that the server keeps of the failure of an activity that it
 * repeats: it then shows "Failure exceeds size limit" in place of the message.
 */
function retryable(type: FailureType, message: string): ApplicationFailure {
  return ApplicationFailure.create({ message, type });
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
