import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  isCancellation,
} from '@temporalio/workflow';
import type { FailureType, Outcome } from '../contracts.js';
import { REFUSAL_TYPES } from '../dataset/errors.js';

const REFUSALS: ReadonlySet<string> = new Set(REFUSAL_TYPES);

/** The error that an activity or a child workflow threw, under the wrappers that it arrived in. */
function rootCause(error: unknown): unknown {
  let current = error;
  while ((current instanceof ActivityFailure || current instanceof ChildWorkflowFailure) && current.cause) {
    current = current.cause;
  }
  return current;
}

/** How a run that threw has ended, and what to tell people about it. */
export function outcomeOf(error: unknown): { outcome: Outcome; message: string; type: string } {
  const cause = rootCause(error);
  const message = cause instanceof Error ? cause.message : String(cause);
  const type = cause instanceof ApplicationFailure && cause.type ? cause.type : 'Error';
  if (isCancellation(error)) return { outcome: 'cancelled', message, type: 'Cancelled' };
  return { outcome: REFUSALS.has(type) ? 'refused' : 'failed', message, type };
}

/** A failure that no retry of a workflow task can mend, so that the workflow fails instead of hanging. */
export function failure(type: FailureType, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, type);
}
