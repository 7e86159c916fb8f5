import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { whileRunning } from '../../src/cli/detect/while-running.js';
import type { ModelGuard } from '../../src/client/model-guard.js';
import type { ModelRunner } from '../../src/models/model-runner.js';

const MINUTE_MS = 60_000;
const MODEL = { projectVersionArn: 'arn', dataset: 'skin', modelVersion: 'v-r1' };

describe('a model that is kept running', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('keeps a model for the requested time counted from when it runs, not from its start', async () => {
    let until = 0;
    let runs = () => {};
    const running = new Promise<void>((resolve) => {
      runs = resolve;
    });
    const later = async (_: unknown, time: number) => {
      until = Math.max(until, time);
      return true;
    };
    const guard = { keepUntil: later, extend: later } as unknown as ModelGuard;
    const runner = {
      status: async () => ({ status: 'STOPPED', message: '' }),
      start: async () => true,
      untilRunning: () => running,
    } as unknown as ModelRunner;
    const said: string[] = [];
    const work = whileRunning({
      ...{ model: MODEL, runner, guard, stopAfterSecs: 600, cost: '' },
      say: (text) => said.push(text),
      work: async () => 'found',
    });
    for (let minute = 0; minute < 30; minute += 1) {
      await jest.advanceTimersByTimeAsync(MINUTE_MS);
      expect(until).toBeGreaterThan(Date.now());
    }
    runs();
    expect(await work).toBe('found');
    expect(until).toBe(Date.now() + 10 * MINUTE_MS);
    expect(said.at(-1)).toContain(`The model runs until ${new Date(until).toISOString()}`);
  });
});
