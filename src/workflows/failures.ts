import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  isCancellation,
} from '@temporalio/workflow';
import type { FailureType, Outcome } from '../contracts/workflow-io.js';
import { REFUSAL_TYPES, type RefusalDetails, type RefusalType } from '../dataset/model/errors.js';
import { errorMessage } from '../lib/error-message.js';

/** The error that an activity or a child workflow threw, under the wrappers that it arrived in. */
export function rootCause(error: unknown): unknown {
  let current = error;
  while ((current instanceof ActivityFailure || current instanceof ChildWorkflowFailure) && current.cause) {
    current = current.cause;
  }
  return current;
}

interface Refusal {
  readonly type: RefusalType;
  readonly message: string;
  readonly details: RefusalDetails;
}

const CANCELLED = 'The run was cancelled. What it had done is kept: ingest the archive again to go on.';

/** How a run that threw has ended, and what to tell people about it. */
export function outcomeOf(error: unknown): {
  outcome: Outcome;
  message: string;
  type: string;
  refusal: Refusal | null;
} {
  const cause = rootCause(error);
  const message = errorMessage(cause);
  const type = cause instanceof ApplicationFailure && cause.type ? cause.type : 'Error';
  if (isCancellation(error)) {
    // Ours say what goes on nonetheless; the SDK's own say nothing to a person.
    const told = message.startsWith('Cancelled. ') ? message : CANCELLED;
    return { outcome: 'cancelled', message: told, type: 'Cancelled', refusal: null };
  }
  const refusalType = REFUSAL_TYPES.find((known) => known === type);
  if (!refusalType) return { outcome: 'failed', message, type, refusal: null };
  // Our own activities put them there; where the workflow itself refuses, there are none.
  const [details = {}] = (cause instanceof ApplicationFailure && cause.details) || [];
  const refusal = { type: refusalType, message, details: details as RefusalDetails };
  return { outcome: 'refused', message, type, refusal };
}

/** A failure that no retry of a workflow task can mend, so that the workflow fails instead of hanging. */
export function failure(type: FailureType, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, type);
}
