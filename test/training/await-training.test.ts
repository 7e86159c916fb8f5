import { hostname } from 'node:os';
import type { ProjectVersionDescription } from '@aws-sdk/client-rekognition';
import { describe, expect, it } from '@jest/globals';
import type { TrainingHeartbeat } from '../../src/contracts/training-heartbeat.js';
import { awaitTraining, type Clock, realClock } from '../../src/training/await-training.js';
import { TrainingError, trainerError } from '../../src/training/errors.js';

const ARN = 'arn:aws:rekognition:us-east-1:000000000000:project/skin/version/v1/1';
const START = Date.parse('2026-01-05T09:00:00Z');
const HOUR = 3_600;
const DAY = 24 * HOUR;

/** A clock that only advances by sleeping; sleeps resolve at once. */
class FakeClock implements Clock {
  readonly sleeps: number[] = [];
  private time = START;

  now = () => this.time;

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.sleeps.push(ms);
    this.time += ms;
    if (this.time > START + 30 * DAY * 1000) throw new Error('The wait did not end within 30 days.');
    return Promise.resolve();
  }
}

interface Setting {
  /** Duration of the training in seconds. */
  readonly takes: number;
  /** Seconds between the start of the training and the start of the wait. */
  readonly before?: number;
  readonly timeoutSecs?: number;
  readonly end?: ProjectVersionDescription;
  /** Error of a call, by its number from 1. */
  readonly failure?: (call: number) => unknown;
  readonly signal?: AbortSignal;
}

async function wait({ takes, before = 0, timeoutSecs = DAY, end, failure, signal }: Setting) {
  const clock = new FakeClock();
  const created = START - before * 1000;
  const beats: (TrainingHeartbeat & { at: number })[] = [];
  let calls = 0;
  const outcome = await awaitTraining({
    projectVersionArn: ARN,
    describe: () => {
      const error = failure?.(++calls);
      if (error) return Promise.reject(error);
      const common = { ProjectVersionArn: ARN, CreationTimestamp: new Date(created) };
      const isOver = clock.now() >= created + takes * 1000;
      return Promise.resolve({
        ...common,
        ...(isOver ? (end ?? { Status: 'TRAINING_COMPLETED' }) : { Status: 'TRAINING_IN_PROGRESS' }),
      });
    },
    clock,
    heartbeat: (details) => beats.push({ ...details, at: clock.now() }),
    timeoutSecs,
    signal: signal ?? new AbortController().signal,
  }).catch((error: unknown) => error);
  return { outcome, beats, clock, elapsed: (clock.now() - START) / 1000 };
}

const throttled = () => new TrainingError('TrainerRefused', 'Rate exceeded', true);
const signedOut = () =>
  trainerError(Object.assign(new Error('expired'), { name: 'ExpiredTokenException' }), 'list models');
const gaps = (beats: readonly { at: number }[]) =>
  beats.slice(1).map(({ at }, i) => (at - (beats[i]?.at ?? 0)) / 1000);

describe('awaitTraining', () => {
  it.each([2.8, 23])(
    'returns within two minutes after a training of %s hours and heartbeats throughout',
    async (hours) => {
      const { outcome, beats, elapsed } = await wait({ takes: hours * HOUR });
      expect(outcome).toMatchObject({ Status: 'TRAINING_COMPLETED' });
      expect(elapsed).toBeGreaterThanOrEqual(hours * HOUR);
      expect(elapsed).toBeLessThan(hours * HOUR + 120);
      expect(Math.max(...gaps(beats))).toBeLessThanOrEqual(30);
      expect(beats[0]).toMatchObject({
        projectVersionArn: ARN,
        status: 'TRAINING_IN_PROGRESS',
        elapsedSecs: 0,
      });
      expect(beats.at(-1)).toMatchObject({ status: 'TRAINING_COMPLETED', elapsedSecs: Math.round(elapsed) });
    },
  );

  it('returns within seconds after an emulated training', async () => {
    expect((await wait({ takes: 0 })).elapsed).toBe(0);
    expect((await wait({ takes: 5 })).elapsed).toBeLessThan(15);
  });

  it('polls a long training about once per minute', async () => {
    let calls = 0;
    await wait({ takes: 10 * HOUR, failure: () => void calls++ });
    expect(calls).toBeGreaterThan(480);
    expect(calls).toBeLessThan(780);
  });

  it('fails at the timeout, measured from the start of the training', async () => {
    const { outcome, elapsed } = await wait({ takes: 30 * HOUR, before: 20 * HOUR, timeoutSecs: DAY });
    expect(outcome).toMatchObject({ name: 'TrainingError', type: 'TrainingTimeout', retryable: false });
    expect(String(outcome)).toContain(ARN);
    expect(String(outcome)).toContain('24.0 h');
    expect(elapsed).toBeGreaterThan(4 * HOUR);
    expect(elapsed).toBeLessThan(4 * HOUR + 120);
  });

  it('returns a training that ended long before the wait', async () => {
    const { outcome } = await wait({ takes: HOUR, before: 3 * DAY });
    expect(outcome).toMatchObject({ Status: 'TRAINING_COMPLETED' });
  });

  it("fails with the service's message and its code", async () => {
    const { outcome } = await wait({
      takes: HOUR,
      end: { Status: 'TRAINING_FAILED', StatusMessage: 'The manifest file has too few labels.' },
    });
    expect(outcome).toMatchObject({ type: 'TrainingFailed', retryable: false });
    expect(String(outcome)).toContain(
      'The manifest file has too few labels. (ERROR_MANIFEST_TOO_FEW_LABELS.) To train again',
    );
  });

  it('keeps polling and heartbeating through throttling, also from the start', async () => {
    const { outcome, beats, elapsed } = await wait({
      takes: 2.8 * HOUR,
      failure: (call) => (call <= 20 || call % 3 !== 0 ? throttled() : undefined),
    });
    expect(outcome).toMatchObject({ Status: 'TRAINING_COMPLETED' });
    expect(elapsed).toBeLessThan(2.8 * HOUR + 300);
    expect(beats[0]?.at).toBe(START);
    expect(Math.max(...gaps(beats))).toBeLessThanOrEqual(30);
  });

  it('fails at the timeout if the service stops responding', async () => {
    const { outcome, elapsed } = await wait({
      takes: HOUR,
      before: 20 * HOUR,
      failure: (call) => (call === 1 ? undefined : throttled()),
      end: { Status: 'TRAINING_IN_PROGRESS' },
    });
    expect(outcome).toMatchObject({ type: 'TrainingTimeout' });
    expect(elapsed).toBeLessThan(4 * HOUR + 120);
  });

  it('fails at once on an error that is not retryable', async () => {
    const { outcome, elapsed } = await wait({
      takes: HOUR,
      failure: (call) => (call === 2 ? new TrainingError('TrainerRefused', 'access denied') : undefined),
    });
    expect(String(outcome)).toContain('access denied');
    expect(elapsed).toBeLessThan(5);
  });

  it('waits for expired credentials, and tells whose login is needed', async () => {
    const { outcome, beats, elapsed } = await wait({
      takes: 2.8 * HOUR,
      failure: (call) => (call > 60 && call < 120 ? signedOut() : undefined),
    });
    expect(outcome).toMatchObject({ Status: 'TRAINING_COMPLETED' });
    expect(elapsed).toBeLessThan(2.8 * HOUR + 120);
    const { problem, at } = beats.find((beat) => beat.problem) ?? { at: 0 };
    expect(problem?.reason).toMatch(/ExpiredTokenException: .* The training continues and is billed\./);
    expect(problem?.reason).toContain('account 000000000000 in us-east-1');
    expect(problem?.reason).toContain(hostname());
    const next = Date.parse(problem?.nextAttempt ?? '') - at;
    expect(next).toBeGreaterThan(0);
    expect(next).toBeLessThanOrEqual(72_000);
    expect(beats.at(-1)).not.toHaveProperty('problem');
  });

  it('fails at the timeout with the reason if nobody renews expired credentials', async () => {
    const { outcome, elapsed } = await wait({
      takes: 2.8 * HOUR,
      timeoutSecs: HOUR,
      failure: (call) => (call > 5 ? signedOut() : undefined),
    });
    expect(outcome).toMatchObject({ type: 'TrainingTimeout' });
    expect(String(outcome)).toContain('The last poll failed: Rekognition could not list models: Expired');
    expect(elapsed).toBeLessThan(HOUR + 120);
  });

  it('stops when its signal aborts', async () => {
    const controller = new AbortController();
    const { outcome } = await wait({
      takes: HOUR,
      signal: controller.signal,
      failure: (call) => void (call === 5 && controller.abort()),
    });
    expect(outcome).toMatchObject({ name: 'AbortError' });
  });

  it('aborts a sleep of the real clock', async () => {
    const controller = new AbortController();
    const sleep = realClock.sleep(DAY * 1000, controller.signal);
    controller.abort();
    await expect(sleep).rejects.toMatchObject({ name: 'AbortError' });
  });
});
