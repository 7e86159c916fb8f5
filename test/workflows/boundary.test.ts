import { describe, expect, it } from '@jest/globals';
import { DefaultFailureConverter, defaultPayloadConverter, noopMetricMeter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { atBoundary } from '../../src/activities/boundary.js';
import { ErrorMetrics } from '../../src/activities/metrics/error-metrics.js';
import { storageError } from '../../src/storage/errors.js';
import { trainerError } from '../../src/training/errors.js';

/** The server replaces larger failures of repeated activities (`limit.mutableStateActivityFailureSize.error`). */
const MAX_BYTES = 4096;

const expired = () => {
  const message = `The security token included in the request is expired. ${'x'.repeat(500)}`;
  return Object.assign(new Error(message), { name: 'ExpiredTokenException' });
};

describe('the failure of an activity that is repeated', () => {
  it.each([
    ['Rekognition', () => trainerError(expired(), 'describe the model version 0123456789abcdef-r1')],
    ['S3', () => storageError(expired(), 'write', 'bucket', 'datasets/skin/models/0123456789abcdef-r1.json')],
  ])('is small enough for the server to keep its message: %s', async (_, error) => {
    const { writeModelCard } = atBoundary(
      {
        writeModelCard: async () => {
          throw error();
        },
      },
      new AbortController().signal,
      new ErrorMetrics(noopMetricMeter),
    );
    const thrown = await new MockActivityEnvironment()
      .run(writeModelCard)
      .catch((failure: unknown) => failure);
    const failure = new DefaultFailureConverter().errorToFailure(thrown, defaultPayloadConverter);
    expect(failure.message).toContain('is expired');
    expect(failure.applicationFailureInfo?.nonRetryable).toBeFalsy();
    expect(temporal.api.failure.v1.Failure.encode(failure).finish().length).toBeLessThan(MAX_BYTES);
  });
});
