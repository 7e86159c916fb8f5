import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import { noopMetricMeter } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { atBoundary } from '../../src/activities/boundary.js';
import { whileCountingLostWorkers } from '../../src/activities/lost-workers.js';
import { ErrorMetrics } from '../../src/activities/metrics/error-metrics.js';
import { ProcessLost } from '../../src/lib/process-lost.js';

const NO_ERRORS = new ErrorMetrics(noopMetricMeter);
const NEVER = new AbortController().signal;

/** An attempt of an activity: its last heartbeat, which the next attempt gets, and how it ended. */
async function attempt(heartbeatDetails: unknown, work: () => Promise<string>) {
  const env = new MockActivityEnvironment({ heartbeatDetails });
  let last = heartbeatDetails;
  env.on('heartbeat', (details: unknown) => {
    last = details;
  });
  const { step } = atBoundary({ step: async () => await whileCountingLostWorkers(work) }, NEVER, NO_ERRORS);
  const ended = env.run(step).catch((error: unknown) => error);
  return { ended, last: () => last, cancel: () => env.cancel() };
}

/** An attempt whose worker vanishes: nothing but its heartbeats until then is known. */
async function vanish(details: unknown): Promise<unknown> {
  let release = () => {};
  const released = new Promise<string>((resolve) => {
    release = () => resolve('done');
  });
  const { ended, last, cancel } = await attempt(details, async () => await released);
  const known = last();
  release();
  cancel();
  await ended;
  return known;
}

const fail = (error: Error) => async () => await Promise.reject(error);

describe('a step whose worker vanishes', () => {
  it('is not tried a fourth time', async () => {
    const thrice = await vanish(await vanish(await vanish(undefined)));
    let isTried = false;
    const { ended } = await attempt(thrice, async () => {
      isTried = true;
      return 'done';
    });
    const failure = await ended;
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'WorkerLost', nonRetryable: true });
    expect(failure).toMatchObject({ message: expect.stringMatching(/ended unexpectedly 3 times.*logs/) });
    expect(isTried).toBe(false);
  });

  it('is tried again after one worker vanished', async () => {
    const { ended } = await attempt(await vanish(undefined), async () => 'done');
    expect(await ended).toBe('done');
  });

  it('does not count attempts that fail by themselves', async () => {
    let details: unknown;
    for (let i = 0; i < 5; i++) {
      const { ended, last } = await attempt(details, fail(new Error('S3 does not respond')));
      expect(await ended).toMatchObject({ message: 'S3 does not respond' });
      details = last();
    }
    const { ended } = await attempt(details, async () => 'done');
    expect(await ended).toBe('done');
  });

  it('counts attempts whose child process was killed', async () => {
    const error = new ProcessLost('reads the archive', 'SIGKILL');
    let details: unknown;
    for (let i = 0; i < 2; i++) {
      const { ended, last } = await attempt(details, fail(error));
      await ended;
      details = last();
    }
    expect(await vanish(details)).toMatchObject({ lostWorkers: 2 });
  });
});
