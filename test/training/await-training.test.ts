import type { ProjectVersionDescription } from '@aws-sdk/client-rekognition';
import { describe, expect, it } from '@jest/globals';
import type { TrainingHeartbeat } from '../../src/contracts/training-heartbeat.js';
import { awaitTraining, type Clock, realClock } from '../../src/training/await-training.js';
import { TrainingError } from '../../src/training/errors.js';

const ARN = 'arn:aws:rekognition:us-east-1:000000000000:project/skin/version/v1/1';
const START = Date.parse('2026-01-05T09:00:00Z');
const HOUR = 3_600;
const DAY = 24 * HOUR;

/** Time passes by sleeping alone, and no sleep is real. */
class FakeClock implements Clock {
  readonly sleeps: number[] = [];
  private time = START;

  now = () => this.time;

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.sleeps.push(ms);
    this.time += ms;
    if (this.time > START + 30 * DAY * 1000) throw new Error('This wait has no end.');
    return Promise.resolve();
  }
}

interface Setting {
  /** Seconds that the training takes. */
  readonly takes: number;
  /** Seconds that it had run when the wait began. */
  readonly before?: number;
  readonly timeoutSecs?: number;
  readonly end?: ProjectVersionDescription;
  /** What a call answers instead, by its place. */
  readonly trouble?: (call: number) => Error | undefined;
  readonly signal?: AbortSignal;
}

async function wait({ takes, before = 0, timeoutSecs = DAY, end, trouble, signal }: Setting) {
  const clock = new FakeClock();
  const created = START - before * 1000;
  const beats: (TrainingHeartbeat & { at: number })[] = [];
  let calls = 0;
  const outcome = await awaitTraining({
    projectVersionArn: ARN,
    describe: () => {
      const error = trouble?.(++calls);
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
const gaps = (beats: readonly { at: number }[]) =>
  beats.slice(1).map(({ at }, i) => (at - (beats[i]?.at ?? 0)) / 1000);

describe('waiting for a training', () => {
  it.each([2.8, 23])('of %s hours ends within two minutes of it, heartbeating all the way', async (hours) => {
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
  });

  it('sees the end of an emulated one within seconds', async () => {
    expect((await wait({ takes: 0 })).elapsed).toBe(0);
    expect((await wait({ takes: 5 })).elapsed).toBeLessThan(15);
  });

  it('asks about once a minute of a long one', async () => {
    let calls = 0;
    await wait({ takes: 10 * HOUR, trouble: () => void calls++ });
    expect(calls).toBeGreaterThan(480);
    expect(calls).toBeLessThan(780);
  });

  it('ends at the deadline, counted from when the service began and not from when this wait did', async () => {
    const { outcome, elapsed } = await wait({ takes: 30 * HOUR, before: 20 * HOUR, timeoutSecs: DAY });
    expect(outcome).toMatchObject({ name: 'TrainingError', type: 'TrainingTimeout', retryable: false });
    expect(String(outcome)).toContain(ARN);
    expect(String(outcome)).toContain('24.0 h');
    expect(elapsed).toBeGreaterThan(4 * HOUR);
    expect(elapsed).toBeLessThan(4 * HOUR + 120);
  });

  it('takes a training that has ended, however late it is asked for', async () => {
    const { outcome } = await wait({ takes: HOUR, before: 3 * DAY });
    expect(outcome).toMatchObject({ Status: 'TRAINING_COMPLETED' });
  });

  it("fails with the service's own words", async () => {
    const { outcome } = await wait({
      takes: HOUR,
      end: { Status: 'TRAINING_FAILED', StatusMessage: 'The manifest file has too few labels.' },
    });
    expect(outcome).toMatchObject({ type: 'TrainingFailed', retryable: false });
    expect(String(outcome)).toContain('The manifest file has too few labels.');
  });

  it('outlasts throttling, at the start too, and heartbeats through it', async () => {
    const { outcome, beats, elapsed } = await wait({
      takes: 2.8 * HOUR,
      trouble: (call) => (call <= 20 || call % 3 !== 0 ? throttled() : undefined),
    });
    expect(outcome).toMatchObject({ Status: 'TRAINING_COMPLETED' });
    expect(elapsed).toBeLessThan(2.8 * HOUR + 300);
    expect(beats[0]?.at).toBe(START);
    expect(Math.max(...gaps(beats))).toBeLessThanOrEqual(30);
  });

  it('ends at the deadline though the service never answers again', async () => {
    const { outcome, elapsed } = await wait({
      takes: HOUR,
      before: 20 * HOUR,
      trouble: (call) => (call === 1 ? undefined : throttled()),
      end: { Status: 'TRAINING_IN_PROGRESS' },
    });
    expect(outcome).toMatchObject({ type: 'TrainingTimeout' });
    expect(elapsed).toBeLessThan(4 * HOUR + 120);
  });

  it('ends at once where asking again is no use', async () => {
    const { outcome, elapsed } = await wait({
      takes: HOUR,
      trouble: (call) => (call === 2 ? new TrainingError('TrainerRefused', 'access denied') : undefined),
    });
    expect(String(outcome)).toContain('access denied');
    expect(elapsed).toBeLessThan(5);
  });

  it('ends when it is told to', async () => {
    const controller = new AbortController();
    const { outcome } = await wait({
      takes: HOUR,
      signal: controller.signal,
      trouble: (call) => void (call === 5 && controller.abort()),
    });
    expect(outcome).toMatchObject({ name: 'AbortError' });
  });

  it('sleeps with a clock that can be woken', async () => {
    const controller = new AbortController();
    const sleep = realClock.sleep(DAY * 1000, controller.signal);
    controller.abort();
    await expect(sleep).rejects.toMatchObject({ name: 'AbortError' });
  });
});
