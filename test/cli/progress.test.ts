import { PassThrough } from 'node:stream';
import { expect, it } from '@jest/globals';
import { ProgressDisplay, waitingLine } from '../../src/cli/output/progress.js';

it('says once per reason why a step is repeated', () => {
  const stream = new PassThrough();
  const display = new ProgressDisplay(stream as unknown as NodeJS.WriteStream);
  const reason = 'Rekognition could not list projects: ThrottlingException.';
  display.waiting({ reason, nextAttempt: '2026-01-05T09:00:01Z' });
  display.waiting({ reason, nextAttempt: '2026-01-05T09:00:03Z' });
  display.waiting(undefined);
  display.waiting({ reason: 'See TRAINING_TIMEOUT.', nextAttempt: null });
  expect(String(stream.read())).toBe(
    `Retrying: ${reason} Next attempt: 2026-01-05T09:00:01Z\nRetrying: See --training-timeout. Next attempt: now\n`,
  );
});

it('says the number of attempts and the time of the next one', () => {
  const waiting = { reason: 'The training is queued.', attempts: 3, nextAttempt: '2026-01-05T09:00:01Z' };
  expect(waitingLine(waiting)).toBe(
    'Retrying: The training is queued. 3 attempts so far. Next attempt: 2026-01-05T09:00:01Z',
  );
});
