import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure, ChildWorkflowFailure, RetryState } from '@temporalio/common';
import { withoutResults } from '../../src/custom-labels/no-validation.js';
import { endOfError } from '../../src/workflows/failures.js';
import { trainingFailure } from '../../src/workflows/service-validation.js';

const VALIDATION = withoutResults('Access is denied.');
const ofChild = (cause: ApplicationFailure) =>
  new ChildWorkflowFailure(
    'default',
    { workflowId: 'w' },
    'trainModel',
    RetryState.NON_RETRYABLE_FAILURE,
    cause,
  );

describe('the end of a run whose training failed', () => {
  it("has the service's validation of the manifests", () => {
    const failed = ApplicationFailure.nonRetryable('The training failed.', 'TrainingFailed');
    expect(endOfError(ofChild(trainingFailure(failed, VALIDATION)))).toMatchObject({
      outcome: 'failed',
      message: expect.stringMatching(/^The training failed\. The validation results .*Access is denied\.$/),
      failure: { type: 'TrainingFailed' },
      serviceValidation: VALIDATION,
    });
  });

  it('has none if an earlier version ran the training', () => {
    const failed = ApplicationFailure.nonRetryable('The training failed.', 'TrainingFailed');
    expect(endOfError(ofChild(failed))).toMatchObject({ outcome: 'failed', serviceValidation: undefined });
  });
});
