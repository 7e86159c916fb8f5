import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  isCancellation,
} from '@temporalio/workflow';
import type { FailureType, ServiceValidation, TrainingFailureDetails } from '../contracts/workflow-io.js';
import { REFUSAL_TYPES, type RefusalDetails, type RefusalType } from '../dataset/model/errors.js';
import { errorMessage } from '../lib/error-message.js';

interface Refusal {
  readonly type: RefusalType;
  readonly message: string;
  readonly details: RefusalDetails;
}

/** How a run that threw an error ends: a refusal completes it, the others reject it with `failure`. */
export type ErrorEnd =
  | { readonly outcome: 'refused'; readonly message: string; readonly refusal: Refusal }
  | { readonly outcome: 'cancelled'; readonly message: string; readonly failure: CancelledFailure }
  | {
      readonly outcome: 'failed';
      readonly message: string;
      readonly failure: ApplicationFailure;
      /** Set if the service has ended the training. */
      readonly serviceValidation: ServiceValidation | undefined;
    };

/** Curator's own cancellation messages start with this word; they say what continues. */
const CANCELLED_PREFIX = 'Cancelled. ';
const CANCELLED = 'The run was cancelled. Completed steps are kept: ingest the archive again to resume.';

/** Decides how a run ends that threw `error`. */
export function endOfError(error: unknown): ErrorEnd {
  const cause = rootCause(error);
  const causeMessage = errorMessage(cause);
  if (isCancellation(error)) {
    // The SDK's own messages mean nothing to a person.
    const message = causeMessage.startsWith(CANCELLED_PREFIX) ? causeMessage : CANCELLED;
    return { outcome: 'cancelled', message, failure: new CancelledFailure(message) };
  }
  const type = cause instanceof ApplicationFailure && cause.type ? cause.type : 'Error';
  // Activities and the workflow trainModel attach details; other failures have none.
  const [details = {}] = (cause instanceof ApplicationFailure && cause.details) || [];
  const refusalType = REFUSAL_TYPES.find((known) => known === type);
  if (!refusalType) {
    const failure = ApplicationFailure.nonRetryable(causeMessage, type);
    const { serviceValidation } = type === 'TrainingFailed' ? (details as TrainingFailureDetails) : {};
    return { outcome: 'failed', message: causeMessage, failure, serviceValidation };
  }
  const refusal = { type: refusalType, message: causeMessage, details: details as RefusalDetails };
  return { outcome: 'refused', message: causeMessage, refusal };
}

/** A non-retryable failure: it fails the workflow. Any other error would repeat the workflow task forever. */
export function failure(type: FailureType, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, type);
}

/** The error that an activity or a child workflow threw, without the wrappers that the SDK adds. */
export function rootCause(error: unknown): unknown {
  let current = error;
  while ((current instanceof ActivityFailure || current instanceof ChildWorkflowFailure) && current.cause) {
    current = current.cause;
  }
  return current;
}
