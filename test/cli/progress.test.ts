import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ProgressDisplay, waitingLine } from '../../src/cli/output/progress.js';

/** What a terminal would show, one text per redrawn line. */
function linesOf(stream: PassThrough): string[] {
  const redrawn = String(stream.read()).split('\u001b[1G');
  return redrawn.flatMap((text) => stripVTControlCharacters(text).split('\n')).filter((line) => line !== '');
}

describe('progress', () => {
  let stream: PassThrough;
  const displayOn = (isTTY: boolean) =>
    new ProgressDisplay(Object.assign(stream, { isTTY, columns: 80 }) as unknown as NodeJS.WriteStream);
  beforeEach(() => {
    jest.useFakeTimers({ now: Date.parse('2026-01-05T09:00:00Z') });
    stream = new PassThrough();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('on a terminal fits 80 columns and shows rate and time left', () => {
    const display = displayOn(true);
    display.counted('preprocessing', 0, 250_000, 'images');
    jest.advanceTimersByTime(100_000);
    display.counted('preprocessing', 10_000, 250_000, 'images');
    display.counted('uploading', 0, 9.99e9, 'bytes');
    jest.advanceTimersByTime(100_000);
    display.counted('uploading', 1.25e9, 9.99e9, 'bytes');
    display.end();
    const lines = linesOf(stream);
    expect(lines.at(-1)).toMatch(
      /^uploading \[.*\] 12% {2}1\.25 GB of 9\.99 GB {2}12\.5 MB\/s {2}12 min left$/,
    );
    expect(lines).toContainEqual(
      expect.stringMatching(/^preprocessing .* 4% {2}10000 of 250000 {2}100\/s {2}40 min left$/),
    );
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('of a run that was watched from its middle counts the rate from there', () => {
    const display = displayOn(false);
    display.counted('preprocessing', 9_000, 10_000, 'images');
    jest.advanceTimersByTime(10_000);
    display.counted('preprocessing', 9_100, 10_000, 'images');
    expect(linesOf(stream)).toEqual([
      'preprocessing: 9000 of 10000',
      'preprocessing: 9100 of 10000, 10/s, 90 s left',
    ]);
  });

  it('of a training has a clock on a terminal, which continues after a message', () => {
    const display = displayOn(true);
    display.step('training 0123456789abcdef-r1', 3 * 3600 + 125);
    jest.advanceTimersByTime(2_000);
    display.say('Retrying: Temporal does not respond.');
    display.step('training 0123456789abcdef-r1', 3 * 3600 + 127);
    display.end();
    const lines = linesOf(stream);
    expect(lines).toContain('training 0123456789abcdef-r1 …  3:02:05');
    expect(lines.at(-1)).toBe('training 0123456789abcdef-r1 …  3:02:07');
  });

  it('of a training in a log is one line per tenth of an hour', () => {
    const display = displayOn(false);
    for (const seconds of [0, 100, 400, 500, 800]) display.step('training r1', seconds);
    expect(linesOf(stream)).toEqual([
      'training r1 …',
      'training r1, 0.1 h so far …',
      'training r1, 0.2 h so far …',
    ]);
  });

  it('says once per reason why a step is repeated', () => {
    const display = displayOn(false);
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
});
