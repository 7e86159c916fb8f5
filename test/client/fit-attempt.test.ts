import { expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import { fitAttemptOf } from '../../src/client/waiting.js';

const SCHEDULED = 1;
const STARTED = 2;
const started = new Date('2026-01-01T10:00:00Z');
const after = (seconds: number) => msToTs(started.getTime() + seconds * 1000);
const isoAfter = (seconds: number) => new Date(started.getTime() + seconds * 1000).toISOString();
const LOST = 'The worker of this step has stopped responding.';

/** A cross-validation that began at second 0, and lost its worker after a heartbeat at second 60 with 2 of 9 detectors. */
function repeated(state: number, fitted: number, heartbeat: number, now = 110) {
  const payload = defaultPayloadConverter.toPayload({ fitted, fits: 9 });
  const activity = {
    ...{ state, attempt: 2, scheduledTime: after(95), lastStartedTime: after(100) },
    lastFailure: { message: 'activity Heartbeat timeout', timeoutFailureInfo: {} },
    ...{ lastHeartbeatTime: after(heartbeat), heartbeatDetails: { payloads: payload ? [payload] : [] } },
  };
  const described = { startTime: started, raw: { pendingActivities: [activity] } };
  return fitAttemptOf(described, started.getTime() + now * 1000);
}

it('a repeated cross-validation counts from its own start, and not with what the lost worker had fitted', () => {
  expect(repeated(STARTED, 2, 60)).toMatchObject({ started: isoAfter(100), counts: null, waiting: LOST });
  expect(repeated(SCHEDULED, 2, 60)).toMatchObject({ started: isoAfter(95), counts: null, waiting: LOST });
});

it('a repeated cross-validation says why it is repeated until it has fitted a detector', () => {
  const counts = (fitted: number) => ({ fitted, fits: 9 });
  expect(repeated(STARTED, 0, 105)).toMatchObject({
    started: isoAfter(100),
    counts: counts(0),
    waiting: LOST,
  });
  expect(repeated(STARTED, 1, 130)).toMatchObject({
    started: isoAfter(100),
    counts: counts(1),
    waiting: null,
  });
});

it('a cross-validation without an attempt began when its workflow did', () => {
  expect(fitAttemptOf({ startTime: started, raw: {} })).toMatchObject({
    ...{ started: isoAfter(0), counts: null, waiting: null },
  });
});

it.each([
  ['sent its last heartbeat 16 seconds ago', STARTED, 130, 146, true],
  ['sent its last heartbeat 14 seconds ago', STARTED, 130, 144, false],
  ['has begun 16 seconds ago and sent none', STARTED, 60, 116, true],
  ['has begun 14 seconds ago and sent none', STARTED, 60, 114, false],
  ['does not exist 16 seconds after the attempt was scheduled', SCHEDULED, 60, 111, true],
])(
  'a cross-validation tells whether its worker is silent, which %s',
  (_what, state, heartbeat, now, isSilent) => {
    expect(repeated(state, 2, heartbeat, now)).toMatchObject({ isSilent });
  },
);
